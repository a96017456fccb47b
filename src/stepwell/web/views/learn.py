"""Where learners learn: My learning, lessons, and what they do there."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from stepwell.accounts.models import User
from stepwell.core import clock
from stepwell.courses.models import Lesson
from stepwell.gamification.actions import News, pop_celebrations
from stepwell.gamification.queries import get_figures
from stepwell.gamification.rules import is_on
from stepwell.learning.access import (
    get_course_to_leave,
    get_known_course,
    get_visible_lesson,
    get_visible_page,
)
from stepwell.learning.actions import (
    complete_lesson,
    enroll_in_course,
    reopen_lesson,
    start_course_over,
    unenroll_from_course,
)
from stepwell.learning.models import Origin
from stepwell.learning.queries import (
    get_course_to_join,
    get_enrolled_courses_with_progress,
    get_lesson_state,
)
from stepwell.web.finish import Finish, finish_sentences, get_finish
from stepwell.web.requests import current_user, signed_in
from stepwell.web.rewards import news_sentences
from stepwell.web.ways_back import require_POST


@login_required
def my_learning(request: HttpRequest) -> HttpResponse:
    """Show the learner's courses, the one last touched first."""
    courses = get_enrolled_courses_with_progress(current_user(request))
    finished = [item for item in courses if item.is_finished]
    under_way = [item for item in courses if not item.is_finished]
    # Courses with new lessons come after those that were never finished.
    current = next((item for item in (*under_way, *finished) if item.next_lesson), None)
    context = {
        "current": current,
        "others": [item for item in under_way if item is not current],
        "finished": [item for item in finished if item is not current],
        "suggested": None if current else get_course_to_join(current_user(request)),
        "figures": get_figures(current_user(request)) if is_on() else None,
    }
    return render(request, "learn/dashboard/detail.html", context)


@require_POST
@login_required
def enrollment(request: HttpRequest, slug: str) -> HttpResponse:
    """Make the wanted `state` so: "enrolled" or "unenrolled".

    The form names the course by its key: since the page was opened, another course may have got
    this address.
    """
    wanted = request.POST.get("state")
    find = get_course_to_leave if wanted == "unenrolled" else get_known_course
    course = find(current_user(request), slug, request.POST.get("course", ""))
    if wanted == "enrolled":
        started = clock.now()
        enrolled = enroll_in_course(user=current_user(request), course=course, origin=Origin.WEB)
        messages.success(request, _("You’re enrolled."))
        # Somebody who comes back may have completed all lessons that are left.
        if enrolled.finished_at and enrolled.finished_at >= started:
            news = pop_celebrations(user=current_user(request)) if is_on() else None
            _say_finish(request, get_finish(current_user(request), course), news)
    elif wanted == "unenrolled":
        unenroll_from_course(user=current_user(request), course=course, origin=Origin.WEB)
        messages.success(request, _("You’re no longer enrolled. Your progress is kept."))
    else:
        return HttpResponseBadRequest(_("Say whether you want to be enrolled or unenrolled."))
    return redirect(course if course.is_published else "my-learning")


@require_POST
@login_required
def start_over(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin the course again at its first lesson; the form names it as in `enrollment`."""
    course = get_known_course(current_user(request), slug, request.POST.get("course", ""))
    start_course_over(user=current_user(request), course=course, origin=Origin.WEB)
    messages.success(request, _("You start over. Your earlier attempt stays on record below."))
    return redirect(course)


def lesson(request: HttpRequest, slug: str, lesson_slug: str) -> HttpResponse:
    """Show a lesson amid its outline."""
    found = get_visible_lesson(signed_in(request), course__slug=slug, slug=lesson_slug)
    return render(
        request, "learn/lesson/detail.html", _lesson_context(current_user(request), found)
    )


def lesson_page(request: HttpRequest, slug: str, lesson_slug: str, page_slug: str) -> HttpResponse:
    """Show a sub-page of a lesson amid the course's outline."""
    page = get_visible_page(
        signed_in(request),
        lesson__course__slug=slug,
        lesson__slug=lesson_slug,
        slug=page_slug,
    )
    context = _lesson_context(current_user(request), page.lesson) | {"page": page}
    return render(request, "learn/lesson/page.html", context)


@require_POST
@login_required
def completion(request: HttpRequest, slug: str, lesson_slug: str) -> HttpResponse:
    """Make the wanted `state` of the lesson so: "completed" or "open".

    The form names the lesson by its key: since the page was opened, another lesson may have got
    this address.
    """
    key = request.POST.get("lesson")
    lookup = {"key": key} if key else {"course__slug": slug, "slug": lesson_slug}
    found = get_visible_lesson(current_user(request), **lookup)
    wanted = request.POST.get("state")
    if wanted not in {"completed", "open"}:
        return HttpResponseBadRequest(_("Say whether the lesson is completed or open."))
    action = complete_lesson if wanted == "completed" else reopen_lesson
    action(user=current_user(request), lesson=found, origin=Origin.WEB)
    can_have_news = wanted == "completed" and is_on()
    news = pop_celebrations(user=current_user(request)) if can_have_news else None
    context = _lesson_context(current_user(request), found) | {"is_update": True, "news": news}
    is_last = wanted == "completed" and not context["state"].enrolled.next_lesson
    context["finish"] = get_finish(current_user(request), found.course) if is_last else None
    if request.htmx:  # type: ignore[attr-defined]  # set by HtmxMiddleware
        return render(request, "learn/lesson/completion_update.html", context)
    _say_finish(request, context["finish"], news)
    return redirect(found.get_absolute_url() + "#completion-end")


@login_required
def lesson_permalink(request: HttpRequest, key: str) -> HttpResponse:
    """Lead from a lesson's key to its address of today."""
    return redirect(get_visible_lesson(current_user(request), key=key))


@login_required
def page_permalink(request: HttpRequest, key: str) -> HttpResponse:
    """Lead from a sub-page's key to its address of today."""
    return redirect(get_visible_page(current_user(request), key=key))


def _say_finish(request: HttpRequest, finish: Finish | None, news: News | None) -> None:
    """Say on the next page what was just finished and earned."""
    for sentence in [*finish_sentences(finish), *news_sentences(news)]:
        messages.success(request, sentence)


def _lesson_context(user: User, lesson: Lesson) -> dict[str, Any]:
    state = get_lesson_state(user, lesson.course)
    previous, following = state.outline.neighbors(lesson.pk)
    return {
        "course": state.outline.course,
        "lesson": lesson,
        "state": state,
        "opened": {lesson.module.key},
        "pages": state.outline.lesson(lesson.pk).pages,
        "is_completed": lesson.pk in state.completed_ids,
        "previous": previous,
        "following": following,
    }
