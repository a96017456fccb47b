"""Courses: the catalog, and what one course is to the caller."""

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from stepwell.api.callers import current_user, everyone, known_caller
from stepwell.api.errors import Error, error_answer
from stepwell.api.lists import CatalogWindow, Window
from stepwell.api.schemas import (
    CompletedLesson,
    CompletedLessonList,
    CourseDetail,
    CourseList,
    CourseSummary,
    MyCourse,
    NextLesson,
    Slug,
)
from stepwell.courses.queries import Catalog
from stepwell.learning.access import (
    get_course_to_leave,
    get_joined_course,
    get_known_course,
    get_open_course,
)
from stepwell.learning.actions import enroll_in_course, unenroll_from_course
from stepwell.learning.errors import NotEnrolled
from stepwell.learning.models import Origin
from stepwell.learning.queries import (
    get_completed_lessons,
    get_course_state,
    get_enrolled_course,
    get_state_of,
)

router = Router(tags=["courses"])


@router.get(
    "",
    auth=everyone,
    response={200: CourseList, frozenset({401, 422}): Error},
    openapi_extra={"security": [{}]},
)
def list_courses(
    request: HttpRequest,  # noqa: ARG001  ninja passes it
    search: Query[CatalogWindow],
) -> CourseList:
    """The catalog by title; with `q`, the courses whose title or summary holds every word."""
    outlines, count = search.cut(Catalog(search.q))
    return CourseList(items=list(map(CourseSummary.of, outlines)), count=count)


@router.get(
    "/{slug}",
    auth=everyone,
    response={200: CourseDetail, frozenset({401, 404, 409}): Error},
    openapi_extra={"security": [{}]},
)
def get_course(request: HttpRequest, slug: Slug) -> CourseDetail:
    """A course with its outline, and the caller's ticks if they are enrolled."""
    course = get_open_course(known_caller(request), slug)
    return CourseDetail.in_state(course, get_course_state(known_caller(request), course))


@router.get("/{slug}/enrollment", response={200: MyCourse, frozenset({401, 404}): Error})
def get_enrollment(request: HttpRequest, slug: Slug) -> MyCourse | HttpResponse:
    """The caller's enrollment with its progress, in closed and archived courses too.

    404 `not_enrolled` when there is none.
    """
    course = get_known_course(current_user(request), slug)
    enrolled = get_enrolled_course(current_user(request), course)
    if enrolled is None:
        return error_answer(404, NotEnrolled.code, NotEnrolled(course=course))
    return MyCourse.of(enrolled)


@router.put("/{slug}/enrollment", response={200: MyCourse, frozenset({401, 404, 409}): Error})
def enroll(request: HttpRequest, slug: Slug) -> MyCourse:
    """Enroll the caller, who continues where they were; a second call changes nothing."""
    course = get_known_course(current_user(request), slug)
    origin = Origin.API
    enrollment = enroll_in_course(user=current_user(request), course=course, origin=origin)
    return MyCourse.of(get_state_of(enrollment, course))


@router.delete("/{slug}/enrollment", response={204: None, frozenset({401, 404}): Error})
def unenroll(request: HttpRequest, slug: Slug) -> Status[None]:
    """Unenroll the caller and keep their progress; a second call changes nothing."""
    course = get_course_to_leave(current_user(request), slug)
    unenroll_from_course(user=current_user(request), course=course, origin=Origin.API)
    return Status(204, None)


@router.get(
    "/{slug}/completed-lessons",
    response={200: CompletedLessonList, frozenset({401, 403, 404, 409, 422}): Error},
)
def list_completed_lessons(
    request: HttpRequest, slug: Slug, window: Query[Window]
) -> CompletedLessonList:
    """The visible lessons that the caller has completed, in outline order."""
    course = get_joined_course(current_user(request), slug)
    rows, count = window.cut(get_completed_lessons(current_user(request), course))
    return CompletedLessonList(items=list(map(CompletedLesson.of, rows)), count=count)


@router.get(
    "/{slug}/next-lesson", response={200: NextLesson, frozenset({401, 403, 404, 409}): Error}
)
def get_next_lesson(request: HttpRequest, slug: Slug) -> NextLesson:
    """The first visible lesson that the caller has not completed, or null."""
    course = get_open_course(current_user(request), slug)
    enrolled = get_enrolled_course(current_user(request), course)
    if enrolled is None:
        raise NotEnrolled(course=course)
    return NextLesson.model_validate(enrolled)
