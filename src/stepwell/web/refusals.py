"""How pages answer a `DomainError`."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from stepwell.core.errors import DomainError
from stepwell.learning.errors import CourseNotOpen, LessonNotVisible, NotEnrolled
from stepwell.learning.queries import get_course_state
from stepwell.web.requests import current_user, redirect_full_page


def answer_refusal(request: HttpRequest, error: DomainError) -> HttpResponse | None:
    """Say what the error says, with a way on; return `None` if the view should have caught it."""
    if isinstance(error, LessonNotVisible):
        return _lesson_gone(request, error)
    if isinstance(error, CourseNotOpen):
        way = redirect("my-learning")
    elif isinstance(error, NotEnrolled):
        way = redirect(error.data["course"])
    elif slug := _studio_course(request):
        way = redirect("studio-outline", slug)
    else:
        return None
    messages.warning(request, str(error))
    return redirect_full_page(request, way)


def _lesson_gone(request: HttpRequest, error: LessonNotVisible) -> HttpResponse:
    """Say that the lesson is no longer part of the course: to htmx in the page that is open."""
    course = error.data["course"]
    state = get_course_state(current_user(request), course)
    context = {"error": error, "course": course, "lesson": error.data["lesson"], "state": state}
    if request.headers.get("HX-Request") == "true":
        return render(request, "learn/lesson/gone_update.html", context)
    return render(request, "learn/lesson/gone.html", context, status=410)


def _studio_course(request: HttpRequest) -> str | None:
    """Return the slug of the course whose page of the studio was asked, if it is one."""
    page = request.resolver_match
    is_studio = page is not None and (page.url_name or "").startswith("studio-")
    return page.kwargs.get("slug") if page and is_studio else None
