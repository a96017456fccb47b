"""Addresses of courses and lessons: free ones, and what former ones lead to."""

from django.contrib.contenttypes.models import ContentType

from stepwell.courses.errors import AddressTaken
from stepwell.courses.models import Course, FormerAddress, Lesson


def wait_for_addresses() -> None:
    """Let courses take their addresses one after the other, until the transaction ends.

    On PostgreSQL they wait at a row that is always there; on SQLite the transaction is the lock.
    """
    ContentType.objects.select_for_update().get(app_label="courses", model="course")


def is_course_address_taken(slug: str, *, by_others_than: Course | None = None) -> bool:
    """Tell whether a course has the address, or had it, so that links to it go on to hold."""
    own = by_others_than.pk if by_others_than else 0
    courses = Course.objects.filter(slug=slug).exclude(pk=own)
    former = FormerAddress.objects.filter(slug=slug, lesson=None).exclude(course=own)
    return courses.exists() or former.exists()


def leave_course_address(course: Course, new: str) -> None:
    """Have the course's address of now lead to it under its new one.

    Raises `AddressTaken`.
    """
    wait_for_addresses()
    if is_course_address_taken(new, by_others_than=course):
        raise AddressTaken(slug=new)
    old = Course.objects.values_list("slug", flat=True).get(pk=course.pk)
    former = FormerAddress.objects.filter(lesson=None, course=course)
    former.filter(slug=new).delete()
    former.get_or_create(slug=old, lesson=None, course=course)


def leave_lesson_address(lesson: Lesson, new: str) -> None:
    """Have the lesson's address of now lead to it under its new one; the outline is held.

    Raises `AddressTaken`.
    """
    others = Lesson.objects.filter(course=lesson.course_id).exclude(pk=lesson.pk)
    if others.filter(slug=new).exists():
        raise AddressTaken(slug=new)
    old = Lesson.objects.values_list("slug", flat=True).get(pk=lesson.pk)
    former = FormerAddress.objects.filter(course=lesson.course_id, lesson__isnull=False)
    former.filter(slug__in=[old, new]).delete()
    if old != lesson.key:  # which an import gives it while others exchange theirs
        FormerAddress.objects.create(course_id=lesson.course_id, lesson=lesson, slug=old)
