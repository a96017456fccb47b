"""The studio's figures: the learners of a course, for those who teach it."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router

from stepwell.api.callers import learner
from stepwell.api.errors import Error
from stepwell.api.lists import LearnersWindow
from stepwell.api.schemas import DropOff, Learner, LearnerList, Slug
from stepwell.learning.queries import get_drop_off
from stepwell.learning.teaching import open_class

router = Router(tags=["studio"])

StuckDays = Annotated[
    int, Query(ge=0, le=36_500, description="Who counts as stuck: days without activity.")
]


@router.get("/{slug}/learners", response={200: LearnerList, frozenset({401, 404, 422}): Error})
def list_learners(request: HttpRequest, slug: Slug, wish: Query[LearnersWindow]) -> LearnerList:
    """The learners of a course that the caller teaches, with their progress."""
    course = open_class(learner(request), slug)
    rows, count = wish.cut(wish.of(course))
    return LearnerList(items=list(map(Learner.of, rows)), count=count)


@router.get("/{slug}/drop-off", response={200: DropOff, frozenset({401, 404, 422}): Error})
def get_lesson_figures(request: HttpRequest, slug: Slug, stuck: StuckDays = 14) -> DropOff:
    """Lesson by lesson, how many learners of a course that the caller teaches completed it."""
    course = open_class(learner(request), slug)
    return DropOff.of(get_drop_off(course, stuck_for=stuck))
