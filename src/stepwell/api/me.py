"""The caller and their courses."""

from django.http import HttpRequest
from ninja import Query, Router

from stepwell.api.callers import current_user
from stepwell.api.errors import Error
from stepwell.api.lists import Window
from stepwell.api.schemas import Me, MyCourse, MyCourseList
from stepwell.learning.queries import get_enrolled_courses_with_progress

router = Router(tags=["me"])


@router.get("", response={200: Me, frozenset({401}): Error})
def get_me(request: HttpRequest) -> Me:
    """The person whose token or session this is."""
    return Me.model_validate(current_user(request))


@router.get("/courses", response={200: MyCourseList, frozenset({401, 422}): Error})
def list_my_courses(request: HttpRequest, window: Query[Window]) -> MyCourseList:
    """The caller's courses with their progress, last activity first, closed ones too."""
    mine, count = window.cut(get_enrolled_courses_with_progress(current_user(request)))
    return MyCourseList(items=list(map(MyCourse.of, mine)), count=count)
