"""Addresses of courses and lessons: free ones, and what former ones lead to."""

from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from stepwell.core.slugs import free_slug
from stepwell.courses.actions.outline import touch_outline
from stepwell.courses.errors import AddressTaken
from stepwell.courses.models import Course, FormerAddress, Lesson


def wait_for_addresses() -> None:
    """Let courses take their addresses one after the other, until the transaction ends.

    On PostgreSQL they wait at a row that is always there; on SQLite the transaction is the lock.
    """
    ContentType.objects.select_for_update().get(app_label="courses", model="course")


def is_course_address_taken(slug: str, *, by_others_than: Course | None = None) -> bool:
    """Tell whether a course has the address, or had it, so that links to it go on to hold.

    Archived courses don't count: they give their addresses to others.
    """
    former = FormerAddress.objects.filter(slug=slug, lesson=None)
    courses = Course.objects.filter(Q(slug=slug) | Q(pk__in=former.values("course")))
    own = by_others_than.pk if by_others_than else 0
    return courses.filter(archived_at=None).exclude(pk=own).exists()


def vacate_course_address(slug: str) -> None:
    """Move the archived course that has the address, if any, to a free one.

    The address leads there again once no living course has it. The caller waits for addresses.
    """
    holder = Course.objects.exclude(archived_at=None).filter(slug=slug).first()
    if holder is not None:
        holder.slug = free_slug(slug, is_taken=_was_ever_taken, fallback=holder.key)
        touch_outline(holder)
        holder.save(update_fields=["slug"])
        FormerAddress.objects.filter(slug=slug, lesson=None).delete()
        FormerAddress.objects.create(slug=slug, course=holder)


def _was_ever_taken(slug: str) -> bool:
    former = FormerAddress.objects.filter(slug=slug, lesson=None)
    return Course.objects.filter(slug=slug).exists() or former.exists()


def leave_course_address(course: Course, new: str) -> None:
    """Have the course's address of now lead to it under its new one.

    Raises `AddressTaken`.
    """
    wait_for_addresses()
    if is_course_address_taken(new, by_others_than=course):
        raise AddressTaken(slug=new)
    vacate_course_address(new)
    old = Course.objects.values_list("slug", flat=True).get(pk=course.pk)
    former = FormerAddress.objects.filter(lesson=None)
    # The old address may have been an archived course's before.
    former.filter(Q(slug=old) | Q(slug=new, course=course)).delete()
    former.create(slug=old, course=course)


@dataclass(frozen=True)
class LessonAddresses:
    """The addresses of a course's lessons: of those in its outline now and before, and the rest.

    The rest are those of archived lessons, which give them to others.
    """

    taken: set[str]
    former: set[str]
    archived: set[str]


def get_lesson_addresses(course: Course) -> LessonAddresses:
    """Return the addresses of the course's lessons. Two queries."""
    rows = course.lessons.values_list("slug", "archived_at", "module__archived_at")
    lessons = [(slug, archived is None and away is None) for slug, archived, away in rows]
    active = Lesson.objects.active().filter(course=course)
    former = FormerAddress.objects.filter(course=course, lesson__in=active)
    return LessonAddresses(
        taken={slug for slug, is_active in lessons if is_active},
        former=set(former.values_list("slug", flat=True)),
        archived={slug for slug, is_active in lessons if not is_active},
    )


def vacate_lesson_address(holder: Lesson, *, wanted: Collection[str] = ()) -> None:
    """Move an archived lesson to a free address. The caller has locked the outline.

    The one that it had leads there again once no lesson of the outline has it. `wanted` are the
    addresses of lessons that are yet to be saved.
    """
    former = FormerAddress.objects.filter(course=holder.course_id, lesson__isnull=False)
    known = set(Lesson.objects.filter(course=holder.course_id).values_list("slug", flat=True))
    known |= {*former.values_list("slug", flat=True), *wanted}
    left, holder.slug = (
        holder.slug,
        free_slug(holder.slug, is_taken=known.__contains__, fallback=holder.key),
    )
    holder.save(update_fields=["slug"])
    former.filter(slug=left).delete()
    FormerAddress.objects.create(course_id=holder.course_id, lesson=holder, slug=left)


def leave_lesson_address(lesson: Lesson, new: str) -> None:
    """Keep the lesson's present address as a former one. The caller has locked the outline.

    Raises `AddressTaken`.
    """
    others = Lesson.objects.filter(course=lesson.course_id).exclude(pk=lesson.pk)
    holder = others.filter(slug=new).select_related("module").first()
    if holder is not None and holder.is_active:
        raise AddressTaken(slug=new)
    old = Lesson.objects.values_list("slug", flat=True).get(pk=lesson.pk)
    former = FormerAddress.objects.filter(course=lesson.course_id, lesson__isnull=False)
    former.filter(slug__in=[old, new]).delete()
    if holder is not None:
        vacate_lesson_address(holder)
    if old != lesson.key:  # which an import gives it while others exchange theirs
        FormerAddress.objects.create(course_id=lesson.course_id, lesson=lesson, slug=old)
