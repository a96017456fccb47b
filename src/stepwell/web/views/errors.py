"""Pages for what went wrong."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  Django passes it
    """Say that the request can't be read. The page needs neither a session nor a known host."""
    return render(request, "errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  Django passes it
    """Say that this is somebody else's."""
    return render(request, "errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  Django passes it
    """Say that there is nothing here, and offer ways on."""
    return render(request, "errors/404.html", status=404)


def method_not_allowed(request: HttpRequest, page: str) -> HttpResponse:
    """Say that this address only takes what a form sends, and lead to the nearest `page`."""
    return render(request, "errors/405.html", {"page": page}, status=405)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """Say that sign-in was asked for too often, and that waiting helps."""
    return render(request, "errors/429.html", status=429)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours; the page asks nothing of the database."""
    vars(request)["is_our_fault"] = True
    return render(request, "errors/500.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  Django passes it
    """Say that the form is too old, and how to send it again."""
    return render(request, "errors/csrf.html", status=403)
