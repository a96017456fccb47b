"""The studio's figures: the learners of a course, for those who teach it."""

from typing import Annotated

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Status

from stepwell.accounts.models import User
from stepwell.api.callers import current_user
from stepwell.api.errors import Error
from stepwell.api.lists import LearnersWindow
from stepwell.api.schemas import (
    DropOff,
    EmailList,
    Handle,
    Learner,
    LearnerList,
    OutcomeItem,
    OutcomeList,
    Slug,
)
from stepwell.core.slow_views import slow_view
from stepwell.courses.access import get_taught_course
from stepwell.learning.actions import count_progress, enroll_by_email, remove_learner
from stepwell.learning.queries import get_drop_off

router = Router(tags=["studio"])

StuckDays = Annotated[
    int, Query(ge=0, le=36_500, description="Who counts as stuck: days without activity.")
]


@router.get("/{slug}/learners", response={200: LearnerList, frozenset({401, 404, 422}): Error})
@slow_view
def list_learners(request: HttpRequest, slug: Slug, wish: Query[LearnersWindow]) -> LearnerList:
    """The learners of a course that the caller teaches, with their progress."""
    course = get_taught_course(current_user(request), slug)
    count_progress(course=course)
    rows, count = wish.cut(wish.of(course))
    return LearnerList(items=list(map(Learner.of, rows)), count=count)


@router.post("/{slug}/learners", response={200: OutcomeList, frozenset({401, 404, 422}): Error})
@slow_view
def enroll_people(request: HttpRequest, slug: Slug, sent: EmailList) -> OutcomeList:
    """Enroll people by email; the same list again changes nothing."""
    course = get_taught_course(current_user(request), slug)
    outcomes = enroll_by_email(course=course, emails=sent.emails, by=current_user(request))
    return OutcomeList(items=[OutcomeItem.model_validate(each) for each in outcomes])


@router.delete("/{slug}/learners/{handle}", response={204: None, frozenset({401, 404}): Error})
def remove_from_course(request: HttpRequest, slug: Slug, handle: Handle) -> Status[None]:
    """End somebody's membership and keep their progress; a second call changes nothing."""
    course = get_taught_course(current_user(request), slug)
    person = get_object_or_404(User, handle=handle, enrollments__course=course)
    remove_learner(course=course, user=person)
    return Status(204, None)


@router.get("/{slug}/drop-off", response={200: DropOff, frozenset({401, 404, 422}): Error})
@slow_view
def get_lesson_figures(request: HttpRequest, slug: Slug, stuck: StuckDays = 14) -> DropOff:
    """Lesson by lesson, how many learners of a course that the caller teaches completed it."""
    course = get_taught_course(current_user(request), slug)
    count_progress(course=course)
    return DropOff.of(get_drop_off(course, stuck_for=stuck))
