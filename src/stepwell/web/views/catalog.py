"""What everyone may see: the home page, the catalog and the course page."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from stepwell.accounts.queries import has_any_user
from stepwell.courses.access import can_teach
from stepwell.courses.outlines import Outline
from stepwell.courses.queries import Catalog
from stepwell.learning.access import get_open_course
from stepwell.learning.queries import (
    CourseState,
    get_catalog_states,
    get_course_state,
    get_earlier_attempts,
    get_kept_progress,
)
from stepwell.web.markup import WHOLE_OUTLINE
from stepwell.web.requests import page_query, signed_in

COURSES_PER_PAGE = 24


def home(request: HttpRequest) -> HttpResponse:
    """Greet strangers, lead learners to their courses and the first visitor to the set-up."""
    if request.user.is_authenticated:
        return redirect("my-learning")
    if not has_any_user():
        return redirect("first-run")
    return render(request, "catalog/home.html", {"outlines": Catalog()[:6]})


def course_list(request: HttpRequest) -> HttpResponse:
    """Show the catalog, a page at a time, with each course's state for this person."""
    search = request.GET.get("q", "").strip()
    catalog: Paginator[Outline] = Paginator(Catalog(search), COURSES_PER_PAGE)  # type: ignore[arg-type]  # reads slices
    page = catalog.get_page(request.GET.get("page"))
    states = get_catalog_states(signed_in(request), (each.course.id for each in page))
    context = {"page": page, "search": search, "rest": page_query(q=search), "states": states}
    return render(request, "catalog/list.html", context)


def course_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a course's outline and the one next step for this person."""
    user = signed_in(request)
    course = get_open_course(user, slug)
    state = get_course_state(user, course)
    attempts = get_earlier_attempts(user, course) if user and state.was_started_over else []
    context = {
        "course": course,
        "state": state,
        "opened": _opened(state, request.GET.get("module", "")),
        "is_long": len(state.outline.lessons) > WHOLE_OUTLINE,
        "attempts": attempts,
        "teaches": user is not None and can_teach(user, course),
        "kept": get_kept_progress(user, course) if user and not state.enrolled else None,
    }
    return render(request, "catalog/course/detail.html", context)


def _opened(state: CourseState, wanted: str) -> set[str]:
    """Return the keys of the modules to show whole: the wanted one, and that of the next lesson."""
    following = state.enrolled.next_lesson if state.enrolled else None
    modules = state.outline.modules
    current = [each.key for each in modules if following and following.id in each.lesson_ids]
    return {wanted, *(current or [each.key for each in modules[:1]])}
