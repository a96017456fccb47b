"""Lessons: completing them, and taking it back."""

from django.http import HttpRequest
from ninja import Router

from stepwell.accounts.models import User
from stepwell.api.callers import current_user
from stepwell.api.errors import Error
from stepwell.api.schemas import Completion, Key, Progress
from stepwell.courses.models import Lesson
from stepwell.learning.access import get_visible_lesson
from stepwell.learning.actions import complete_lesson, reopen_lesson, toggle_lesson_complete
from stepwell.learning.errors import NotEnrolled
from stepwell.learning.models import LessonProgress, Origin
from stepwell.learning.queries import get_enrolled_course

router = Router(tags=["lessons"])
ANSWERS = {200: Completion, frozenset({401, 403, 404, 409}): Error}


@router.put("/{key}/completion", response=ANSWERS)
def complete(request: HttpRequest, key: Key) -> Completion:
    """Complete the lesson; a second call changes nothing."""
    lesson = get_visible_lesson(current_user(request), key=key)
    row = complete_lesson(user=current_user(request), lesson=lesson, origin=Origin.API)
    return _completion(current_user(request), lesson, row)


@router.delete("/{key}/completion", response=ANSWERS)
def reopen(request: HttpRequest, key: Key) -> Completion:
    """Take the completion back and keep its first date; a second call changes nothing."""
    lesson = get_visible_lesson(current_user(request), key=key)
    row = reopen_lesson(user=current_user(request), lesson=lesson, origin=Origin.API)
    return _completion(current_user(request), lesson, row)


@router.post("/{key}/completion/toggle", response=ANSWERS)
def toggle(request: HttpRequest, key: Key) -> Completion:
    """Complete an open lesson or reopen a completed one; each call changes it once."""
    lesson = get_visible_lesson(current_user(request), key=key)
    origin = Origin.API
    row = toggle_lesson_complete(user=current_user(request), lesson=lesson, origin=origin)
    return _completion(current_user(request), lesson, row)


def _completion(user: User, lesson: Lesson, row: LessonProgress | None) -> Completion:
    enrolled = get_enrolled_course(user, lesson.course)
    if enrolled is None:  # another request has unenrolled the caller meanwhile
        raise NotEnrolled(course=lesson.course)
    return Completion(
        lesson=lesson.key,
        completed=row is not None and row.completed_at is not None,
        completed_at=row and row.completed_at,
        first_completed_at=row and row.first_completed_at,
        progress=Progress.of(enrolled),
    )
