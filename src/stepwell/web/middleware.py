"""What every request meets on its way to a page: guards of sign-in, and errors made readable."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import ResolverMatch, reverse
from django.utils.http import urlencode

from stepwell.accounts.queries import has_any_user
from stepwell.accounts.wanted_page import get_wanted_page
from stepwell.core.errors import DomainError
from stepwell.courses.access import can_teach
from stepwell.courses.addresses import Place, address_of_now
from stepwell.learning.access import is_enrolled
from stepwell.web.refusals import answer_refusal
from stepwell.web.requests import signed_in


class FreshPagesMiddleware:
    """Have browsers ask for a page each time: it is one person's, and changes with them.

    They may still use a page once that they fetched beforehand, such as that of the next lesson.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            response.setdefault("Cache-Control", "private, no-cache")
        return response


class AccountPagesMiddleware:
    """Guard the pages of allauth, whose addresses are not ours to write.

    A site without accounts is waiting for its owner: all of them lead there, so that no learner
    comes first. Signing out takes the person's pages out of the browser, too, where Back would
    show them to the next person.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        page = request.resolver_match
        if page and page.url_name == "account_logout" and request.method == "POST":
            response["Clear-Site-Data"] = '"cache", "prefetchCache"'
        is_reset = page and page.url_name == "account_reset_password"
        if is_reset and response.status_code == 302:  # allauth goes to `next`, which the mail keeps
            response["Location"] = reverse("account_reset_password_done")
        if response.has_header("Location") and response["Location"] in _sent_pages():
            response["Location"] = _with_way_on(request, response["Location"])
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *_called_with: object
    ) -> HttpResponse | None:
        if not view.__module__.startswith("allauth."):
            return None
        if request.user.is_authenticated or has_any_user():
            return None
        return redirect("first-run")


def _with_way_on(request: HttpRequest, sent_page: str) -> str:
    """Add the page that the person wants to reach."""
    wanted = get_wanted_page(request)
    return f"{sent_page}?{urlencode({'next': wanted})}" if wanted else sent_page


def _sent_pages() -> set[str]:
    """Return the pages to which allauth leads after it has sent a mail."""
    names = ("account_email_verification_sent", "account_reset_password_done")
    return {reverse(name) for name in names}


class FormerAddressMiddleware:
    """Serve the addresses that courses and lessons had before.

    Pages redirect to the address of now. What is sent there, such as a completion from a page that
    was opened before the change, is done at the address of now. It looks only where nothing was
    found, so that no other request pays for it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        page = request.resolver_match
        if not isinstance(error, Http404) or page is None or "slug" not in page.kwargs:
            return None
        place = address_of_now(page.kwargs)
        if place is None:
            return None
        if request.method in {"GET", "HEAD"}:
            return _redirect(request, page, place) if _may_know(request, place) else None
        page.kwargs = place.parameters
        try:
            answer: HttpResponse | None = page.func(request, **place.parameters)
        except DomainError as refusal:
            answer = answer_refusal(request, refusal)
            if answer is None:
                raise
        return answer


def _redirect(request: HttpRequest, page: ResolverMatch, place: Place) -> HttpResponse:
    query = request.META["QUERY_STRING"]
    address = reverse(page.view_name, kwargs=place.parameters)
    return redirect(f"{address}?{query}" if query else address, permanent=False)


def _may_know(request: HttpRequest, place: Place) -> bool:
    """Tell whether the person may know what has this address now."""
    user, course, lesson = signed_in(request), place.course, place.lesson
    if course.is_published and (lesson is None or lesson.is_counted):
        return True
    return user is not None and (is_enrolled(user, course) or can_teach(user, course))


class DomainErrorMiddleware:
    """Answer a `DomainError` of any view as `answer_refusal` does."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return answer_refusal(request, error) if isinstance(error, DomainError) else None
