"""Courses and lessons as learners would see them, drafts too, without an enrollment or a trace."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from stepwell.core.slow_views import slow_view
from stepwell.courses.access import get_taught_course, get_taught_lesson
from stepwell.courses.models import Course
from stepwell.courses.outlines import read_preview
from stepwell.learning.queries import preview_state
from stepwell.web.requests import current_user


@slow_view
@login_required
def course_preview(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the page of a course."""
    course = get_taught_course(current_user(request), slug)
    context = _context(course) | {"course": course, "teaches": False, "kept": None}
    return render(request, "catalog/course/detail.html", context)


@slow_view
@login_required
def lesson_preview(
    request: HttpRequest, slug: str, key: str, page_slug: str | None = None
) -> HttpResponse:
    """Show a lesson, or a sub-page of it."""
    lesson = get_taught_lesson(current_user(request), slug, key)
    context = _context(lesson.course)
    outline = context["state"].outline  # type: ignore[attr-defined]  # a CourseState
    if lesson.pk not in outline.lesson_ids:
        raise Http404
    previous, following = outline.neighbors(lesson.pk)
    context |= {
        "course": outline.course,
        "lesson": lesson,
        "pages": outline.lesson(lesson.pk).pages,
        "is_completed": False,
        "previous": previous,
        "following": following,
    }
    if page_slug is None:
        return render(request, "learn/lesson/detail.html", context)
    context["page"] = lesson.pages.filter(slug=page_slug).first()
    if context["page"] is None:
        raise Http404
    return render(request, "learn/lesson/page.html", context)


def _context(course: Course) -> dict[str, object]:
    state = preview_state(read_preview(course))
    keys = {module.key for module in state.outline.modules}
    return {"state": state, "opened": keys, "is_long": False, "is_preview": True, "attempts": []}
