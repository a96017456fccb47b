"""What every request meets on its way to a page: guards of sign-in, and errors made readable."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from stepwell.accounts.queries import has_any_user
from stepwell.core.errors import DomainError
from stepwell.courses.access import can_teach
from stepwell.courses.queries import find_former_course, find_former_lesson
from stepwell.learning.access import is_enrolled
from stepwell.learning.errors import CourseNotOpen, LessonNotVisible, NotEnrolled
from stepwell.web.requests import lead, signed_in


class FreshPagesMiddleware:
    """Have browsers ask for a page anew each time: it is one person's, and changes with them.

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
    show them to whoever comes next.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        page = request.resolver_match
        if page and page.url_name == "account_logout" and request.method == "POST":
            response["Clear-Site-Data"] = '"cache"'
        if hasattr(request, "mail_has_failed") and response.get("Location") in _sent_pages():
            response["Location"] += "?failed=1"
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *_called_with: object
    ) -> HttpResponse | None:
        if not view.__module__.startswith("allauth."):
            return None
        if "\0" in request.path_info:  # part of a name that PostgreSQL refuses to look for
            raise Http404
        if request.user.is_authenticated or has_any_user():
            return None
        return redirect("first-run")


def _sent_pages() -> set[str]:
    """Return the pages to which allauth leads after it has sent a mail."""
    names = ("account_email_verification_sent", "account_reset_password_done")
    return {reverse(name) for name in names}


class FormerAddressMiddleware:
    """Lead from an address that a course or lesson had before to the one that it has now.

    Only where nothing is found, so that no other page pays for it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Http404) or request.method not in {"GET", "HEAD"}:
            return None
        page = request.resolver_match
        place = _place_of_now(request, page.kwargs) if page and "slug" in page.kwargs else None
        if page is None or place is None or place == page.kwargs:
            return None
        query = request.META["QUERY_STRING"]
        address = reverse(page.view_name, kwargs=place)
        return redirect(f"{address}?{query}" if query else address, permanent=False)


def _place_of_now(request: HttpRequest, place: dict[str, Any]) -> dict[str, Any] | None:
    """Return where that place is now, if the person may know of it."""
    if "lesson_slug" in place:
        lesson = find_former_lesson(place["slug"], place["lesson_slug"])
        course = lesson.course if lesson else None
    else:
        lesson, course = None, find_former_course(place["slug"])
    user = signed_in(request)
    if course is None or not (
        course.is_published or (user and (is_enrolled(user, course) or can_teach(user, course)))
    ):
        return None
    return place | {"slug": course.slug} | ({"lesson_slug": lesson.slug} if lesson else {})


def _studio_course(request: HttpRequest) -> str | None:
    """Return the slug of the course whose page of the studio was asked, if it is one."""
    page = request.resolver_match
    is_studio = page is not None and (page.url_name or "").startswith("studio-")
    return page.kwargs.get("slug") if page and is_studio else None


class DomainErrorMiddleware:
    """Lead whom a rule stopped, learner or author, to where they can go on, and say why."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        if isinstance(error, CourseNotOpen):
            way = redirect("my-learning")
        elif isinstance(error, NotEnrolled | LessonNotVisible):
            way = redirect(error.data["course"])
        elif slug := _studio_course(request):
            way = redirect("studio-outline", slug)
        else:
            return None
        messages.warning(request, str(error))
        return lead(request, way)
