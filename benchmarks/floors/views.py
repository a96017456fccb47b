"""Views that do as little as can be."""

from functools import cache

from django.http import HttpRequest, HttpResponse

from benchmarks import sql as recorded


def empty(_request: HttpRequest) -> HttpResponse:
    """Answer."""
    return HttpResponse("ok")


def user(request: HttpRequest) -> HttpResponse:
    """Answer with the id of the person who is signed in."""
    return HttpResponse(f"user {request.user.pk}")


def sql(_request: HttpRequest, page: str, visit: int) -> HttpResponse:
    """Run what the page asked the database at this visit."""
    recorded.replay(_statements(page)[visit])
    return HttpResponse("ok")


_statements = cache(recorded.read)
