"""How the learners of a course fare."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from stepwell.core.slow_views import slow_view
from stepwell.courses.access import get_taught_course
from stepwell.courses.outlines import get_outline
from stepwell.learning.actions import count_progress
from stepwell.learning.queries import Learner, get_drop_off
from stepwell.web.learner_table import STUCK_FOR, Wish, csv_pieces
from stepwell.web.requests import current_user, page_query

ROWS_PER_PAGE = 50
STUCK_DAYS = 14  # what the outline of lessons calls stuck


@slow_view
@login_required
def learner_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a course's learners: searched, sorted, those who are stuck."""
    course = get_taught_course(current_user(request), slug)
    count_progress(course=course)
    wish = Wish.of(request.GET)
    lessons = {lesson.key: lesson for lesson in get_outline(course).lessons}
    rows: Paginator[Learner] = Paginator(wish.learners(course), ROWS_PER_PAGE)  # type: ignore[arg-type]  # reads slices
    context = {
        "course": course,
        "wish": wish,
        "lesson": lessons.get(wish.at),
        "rest": page_query(**wish.parameters),
        "page": rows.get_page(request.GET.get("page")),
        "stuck_choices": STUCK_FOR,
    }
    return render(request, "studio/learners/list.html", context)


@slow_view
@require_safe
@login_required
def learner_csv(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """Send the same learners as a file, written while it is sent."""
    course = get_taught_course(current_user(request), slug)
    count_progress(course=course)
    pieces = csv_pieces(Wish.of(request.GET).learners(course))
    response = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    name = f"{course.slug}-learners.csv"
    response["Content-Disposition"] = str(content_disposition_header(True, name))
    response["Cache-Control"] = "private, no-store"
    return response


@slow_view
@login_required
def drop_off(request: HttpRequest, slug: str) -> HttpResponse:
    """Show lesson by lesson how many completed it, and for how many it is the next one."""
    course = get_taught_course(current_user(request), slug)
    count_progress(course=course)
    context = {
        "course": course,
        "drop_off": get_drop_off(course, stuck_for=STUCK_DAYS),
        "stuck_days": STUCK_DAYS,
    }
    return render(request, "studio/learners/drop_off.html", context)
