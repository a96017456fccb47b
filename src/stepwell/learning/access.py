"""Gates of learning: who may read what of a course."""

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from stepwell.accounts.models import User
from stepwell.core.prepared import prepared
from stepwell.courses.access import can_teach
from stepwell.courses.addresses import find_lesson
from stepwell.courses.models import Attachment, Course, Lesson, Page
from stepwell.courses.queries import get_attachment, has_visible_lesson_with
from stepwell.learning.errors import LessonNotVisible, NotEnrolled, closed
from stepwell.learning.models import Enrollment

# What a lesson's page needs of it; the rest is read when somebody asks for it.
LESSON_PAGE = (
    *("key", "slug", "title", "video", "captions", "poster", "minutes", "status", "html"),
)
COURSE_OF_LESSON = ("key", "slug", "title", "language", "status", "archived_at", "outline_version")


@prepared
def _memberships(user: int, course: int) -> QuerySet[Enrollment, int]:
    mine = Enrollment.objects.active().filter(user=user, course=course)
    return mine.values_list("pk", flat=True)


def is_enrolled(user: User, course: Course) -> bool:
    """Tell whether the person is a member of the course now."""
    return bool(_memberships(user=user.pk, course=course.pk))


def get_known_course(user: User | None, slug: str, key: str = "") -> Course:
    """Return a published course, or a closed or archived one that the person is enrolled in.

    A `key` is asked instead of the slug. Raises `Http404`.
    """
    course = _find_course(slug, key)
    if course is None or not (course.is_published or (user and is_enrolled(user, course))):
        raise Http404
    return course


def get_course_to_leave(user: User, slug: str, key: str = "") -> Course:
    """Return what `get_known_course` returns, or a course that the person has left already.

    So a second wish to leave a closed or archived course finds it, too. Raises `Http404`.
    """
    course = _find_course(slug, key)
    if course is None or not (course.is_published or _was_enrolled(user, course)):
        raise Http404
    return course


@prepared
def _courses_by_slug(slug: str) -> QuerySet[Course]:
    return Course.objects.filter(slug=slug).defer("description")


@prepared
def _courses_by_key(key: str) -> QuerySet[Course]:
    return Course.objects.filter(key=key).defer("description")


def _find_course(slug: str, key: str) -> Course | None:
    return _courses_by_key.first(key=key) if key else _courses_by_slug.first(slug=slug)


def _was_enrolled(user: User, course: Course) -> bool:
    return Enrollment.objects.filter(user=user, course=course).exists()


def get_open_course(user: User | None, slug: str) -> Course:
    """Return a course whose page the person may see.

    Raises `CourseNotOpen` for a closed course that they are enrolled in, `CourseWithdrawn` for an
    archived one, else `Http404`.
    """
    course = get_known_course(user, slug)
    if not course.is_published:
        raise closed(course)
    return course


def get_joined_course(user: User, slug: str) -> Course:
    """Return an open course that the person is enrolled in.

    Raises `NotEnrolled`, and what `get_open_course` raises.
    """
    course = get_open_course(user, slug)
    if not is_enrolled(user, course):
        raise NotEnrolled(course=course)
    return course


def get_class_course(user: User, slug: str) -> Course:
    """Return a course whose class the person belongs to: as a member while it is open, or teaching.

    Raises `Http404`.
    """
    course = _courses_by_slug.first(slug=slug)
    if course is None or course.archived_at is not None:
        raise Http404
    if (course.is_published and is_enrolled(user, course)) or can_teach(user, course):
        return course
    raise Http404


def _lessons_of_member(user: int) -> QuerySet[Lesson]:
    """Select visible lessons of courses that the user is a member of, each with its course."""
    membership = Enrollment.objects.active().filter(course=OuterRef("course"), user=user)
    return (
        Lesson.objects.visible()
        .filter(Exists(membership))
        .select_related("course", "module")
        .only(
            *LESSON_PAGE,
            *(f"course__{name}" for name in COURSE_OF_LESSON),
            "module__key",
            "module__title",
        )
    )


@prepared
def _lessons_by_key(user: int, key: str) -> QuerySet[Lesson]:
    return _lessons_of_member(user).filter(key=key)


@prepared
def _lessons_by_address(user: int, course: str, slug: str) -> QuerySet[Lesson]:
    return _lessons_of_member(user).filter(course__slug=course, slug=slug)


def get_visible_lesson(user: User | None, **lookup: str) -> Lesson:
    """Return a visible lesson, with its course, of a course that the learner is enrolled in.

    `lookup` is `key`, or `course__slug` and `slug`. Raises `NotEnrolled` for a lesson in an outline
    that is open to everyone. Members of the course are told what became of a lesson that they could
    open before: raises `CourseNotOpen`, `CourseWithdrawn`, or `LessonNotVisible` for one that was
    hidden or archived. Everything else is absent: raises `Http404`.
    """
    reader = user.pk if user else 0
    if "key" in lookup:
        lesson = _lessons_by_key.first(user=reader, key=lookup["key"])
    else:
        slug, course = lookup["slug"], lookup["course__slug"]
        lesson = _lessons_by_address.first(user=reader, course=course, slug=slug)
    if lesson is None:
        raise _refusal(user, lookup)
    return lesson


def _refusal(user: User | None, lookup: dict[str, str]) -> Exception:
    """Return why a person may not read a lesson. Nobody is told of drafts never published."""
    if "key" in lookup:
        lesson = Lesson.objects.select_related("course", "module").filter(**lookup).first()
    else:
        lesson = find_lesson(lookup["course__slug"], lookup["slug"])
    if lesson is None or lesson.published_at is None:
        return Http404()
    address = {"course__slug": lesson.course.slug, "slug": lesson.slug, "key": lesson.key}
    has_moved = not lookup.items() <= address.items()
    if user is None or not is_enrolled(user, lesson.course):
        is_open = lesson.is_counted and lesson.course.is_published and not has_moved
        return NotEnrolled(course=lesson.course) if is_open else Http404()
    if not lesson.course.is_published:
        return closed(lesson.course)
    return Http404() if lesson.is_counted else LessonNotVisible(course=lesson.course, lesson=lesson)


def get_visible_page(user: User | None, **lookup: str) -> Page:
    """Return a sub-page of a visible lesson. Raises as `get_visible_lesson` does."""
    page = Page.objects.filter(**lookup).values_list("pk", "lesson__key").first()
    if page is None:
        raise Http404
    lesson = get_visible_lesson(user, key=page[1])
    return next(item for item in lesson.pages.all() if item.pk == page[0])


def can_see_cover(user: User | None, course_key: str, name: str) -> bool:
    """Tell whether a person may see a course's cover: as they may the course in a list of theirs.

    That is everyone while it is open, and always its members and those who teach it.
    """
    course = Course.objects.filter(key=course_key, cover=name).first()
    if course is None:
        return False
    if course.is_published:
        return True
    return user is not None and (is_enrolled(user, course) or can_teach(user, course))


def get_readable_attachment(user: User | None, course_key: str, name: str) -> Attachment:
    """Return a file of a course for those who may see a page that shows or links it.

    That is everyone for the course page, members for visible lessons, and for the rest, such as the
    files of drafts, those who teach the course. Raises `Http404`.
    """
    attachment = get_attachment(course_key, name)
    if attachment is None:
        raise Http404
    course = attachment.course
    if course.is_published:
        address = attachment.get_absolute_url().replace("&", "&amp;")  # as HTML escapes it
        links = [f'"{address}{end}' for end in '"?#']
        if any(link in course.description_html for link in links):
            return attachment
        if (
            user
            and is_enrolled(user, course)
            and has_visible_lesson_with(course, links, f"assets/{attachment.name}")
        ):
            return attachment
    if user and can_teach(user, course):
        return attachment
    raise Http404
