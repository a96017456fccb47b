"""Authoring: courses, modules and lessons, for those who teach them."""

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router, Status

from stepwell.accounts.models import User
from stepwell.api.authoring_schemas import (
    Arrangement,
    CourseChanges,
    LessonBody,
    LessonChanges,
    LessonMove,
    ModuleChanges,
    Move,
    NewCourse,
    NewLesson,
    NewModule,
    OpenedCourse,
    OpenedLesson,
    OpenedOutline,
    Publication,
    StatusChange,
    TaughtCourse,
    TaughtCourseList,
    TaughtLesson,
    TaughtModule,
    TaughtOutline,
)
from stepwell.api.callers import current_user
from stepwell.api.courses import router as catalog  # one router holds all methods of a path
from stepwell.api.errors import Error, error_answer
from stepwell.api.lists import Window
from stepwell.api.schemas import Key, Slug
from stepwell.core.slow_views import slow_view
from stepwell.courses.access import get_taught_course, get_taught_lesson, get_taught_module
from stepwell.courses.actions import (
    archive_course,
    archive_lesson,
    archive_module,
    arrange_outline,
    create_course,
    create_lesson,
    create_module,
    duplicate_course,
    move_lesson,
    move_module,
    publish_course,
    publish_lesson,
    publish_lessons,
    restore_course,
    restore_lesson,
    restore_module,
    set_instructors,
    unpublish_course,
    unpublish_lesson,
    update_course,
    update_lesson,
    update_module,
)
from stepwell.courses.errors import LessonChanged, OutlineChanged
from stepwell.courses.models import Course, Lesson
from stepwell.courses.queries import get_empty_lessons, is_empty
from stepwell.learning.queries import TaughtCourses

router = Router(tags=["authoring"])
taught = Router(tags=["authoring"])
REFUSALS = frozenset({401, 404, 409, 422})


def author(request: HttpRequest) -> User:
    """Return a caller who may teach. Raises `Http404`."""
    if not current_user(request).is_instructor:
        raise Http404
    return current_user(request)


@taught.get("/taught-courses", response={200: TaughtCourseList, frozenset({401, 404, 422}): Error})
def list_taught_courses(request: HttpRequest, window: Query[Window]) -> TaughtCourseList:
    """The courses that the caller teaches, drafts too, by title."""
    rows, count = window.cut(TaughtCourses(author(request)))  # type: ignore[arg-type]  # a list of the same kind
    return TaughtCourseList(items=[TaughtCourse.of(row.course) for row in rows], count=count)


@catalog.post("", tags=["authoring"], response={201: TaughtCourse, REFUSALS: Error})
@slow_view
def create_taught_course(request: HttpRequest, sent: NewCourse) -> Status[TaughtCourse]:
    """Create a draft course, which the caller teaches; a free address replaces a taken one."""
    person = author(request)
    course = create_course(**sent.model_dump())
    set_instructors(course=course, instructors=[person])
    return Status(201, TaughtCourse.of(course))


@catalog.patch("/{slug}", tags=["authoring"], response={200: TaughtCourse, REFUSALS: Error})
@slow_view
def change_course(request: HttpRequest, slug: Slug, sent: CourseChanges) -> TaughtCourse:
    """Set what the body names; the same again changes nothing."""
    course = get_taught_course(current_user(request), slug)
    return TaughtCourse.of(update_course(course=course, **sent.model_dump(exclude_unset=True)))


@router.put("/{slug}/status", response={200: OpenedCourse, REFUSALS: Error})
@slow_view
def set_course_status(request: HttpRequest, slug: Slug, sent: StatusChange) -> OpenedCourse:
    """Publish or unpublish a course; `lessons` publishes its drafts, too.

    The answer names the published lessons that have nothing to show.
    """
    course = get_taught_course(current_user(request), slug)
    if sent.status == "draft":
        return OpenedCourse.of(unpublish_course(course=course))
    publish_course(course=course, with_lessons=sent.lessons, with_empty=sent.empty)
    opened = OpenedCourse.of(course)
    empty = get_empty_lessons(course, with_drafts=False)
    opened.empty_lessons = [lesson.key for lesson in empty]
    return opened


@catalog.delete("/{slug}", tags=["authoring"], response={204: None, REFUSALS: Error})
def archive_taught_course(request: HttpRequest, slug: Slug) -> Status[None]:
    """Archive a course, keeping all of it."""
    archive_course(course=get_taught_course(current_user(request), slug))
    return Status(204, None)


@router.post("/{key}/restoration", response={200: TaughtCourse, REFUSALS: Error})
def restore_taught_course(request: HttpRequest, key: Key) -> TaughtCourse:
    """Bring an archived course back as it was."""
    course = Course.objects.taught_by(current_user(request)).filter(key=key).first()
    if course is None:
        raise Http404
    return TaughtCourse.of(restore_course(course=course))


@router.post("/{slug}/copies", response={201: TaughtCourse, REFUSALS: Error})
@slow_view
def copy_course(request: HttpRequest, slug: Slug) -> Status[TaughtCourse]:
    """Make a draft with the same content, without learners."""
    course = get_taught_course(current_user(request), slug)
    return Status(201, TaughtCourse.of(duplicate_course(course=course)))


@router.get("/{slug}/outline", response={200: TaughtOutline, REFUSALS: Error})
def get_outline_to_edit(request: HttpRequest, slug: Slug) -> TaughtOutline:
    """The outline as its authors see it, with drafts."""
    return TaughtOutline.of(get_taught_course(current_user(request), slug))


@router.put("/{slug}/outline", response={200: TaughtOutline, REFUSALS: Error})
@slow_view
def arrange(request: HttpRequest, slug: Slug, sent: Arrangement) -> TaughtOutline:
    """Put all modules and lessons into the given order; each has to be named just once."""
    course = get_taught_course(current_user(request), slug)
    modules = {module.key: module for module in course.modules.filter(archived_at=None)}
    lessons = {lesson.key: lesson for lesson in Lesson.objects.active().filter(course=course)}
    try:
        wanted = [
            (modules[each.key], [lessons[key] for key in each.lessons]) for each in sent.modules
        ]
    except KeyError:
        raise OutlineChanged from None
    arrange_outline(course=course, arrangement=wanted)
    return TaughtOutline.of(course)


@router.post("/{slug}/modules", response={201: TaughtModule, REFUSALS: Error})
def add_module(request: HttpRequest, slug: Slug, sent: NewModule) -> Status[TaughtModule]:
    """Add a module at the end."""
    course = get_taught_course(current_user(request), slug)
    module = create_module(course=course, **sent.model_dump())
    return Status(201, TaughtModule.of(module))


@router.patch("/{slug}/modules/{key}", response={200: TaughtModule, REFUSALS: Error})
def change_module(request: HttpRequest, slug: Slug, key: Key, sent: ModuleChanges) -> TaughtModule:
    """Set what the body names."""
    module = get_taught_module(current_user(request), slug, key)
    return TaughtModule.of(update_module(module=module, **sent.model_dump(exclude_unset=True)))


@router.post("/{slug}/modules/{key}/move", response={200: TaughtOutline, REFUSALS: Error})
def place_module(request: HttpRequest, slug: Slug, key: Key, sent: Move) -> TaughtOutline:
    """Put a module in front of another one, or last."""
    module = get_taught_module(current_user(request), slug, key)
    before = get_taught_module(current_user(request), slug, sent.before) if sent.before else None
    move_module(module=module, before=before)
    return TaughtOutline.of(module.course)


@router.post("/{slug}/modules/{key}/publication", response={200: OpenedOutline, REFUSALS: Error})
def publish_module(
    request: HttpRequest, slug: Slug, key: Key, sent: Publication | None = None
) -> OpenedOutline:
    """Publish all lessons of a module, or all but empty ones.

    The answer names those of it that are published and have nothing to show.
    """
    module = get_taught_module(current_user(request), slug, key)
    publish_lessons(module=module, with_empty=sent is None or sent.empty)
    opened = OpenedOutline.of(module.course)
    empty = get_empty_lessons(module.course, module=module, with_drafts=False)
    opened.empty_lessons = [lesson.key for lesson in empty]
    return opened


@router.delete("/{slug}/modules/{key}", response={204: None, REFUSALS: Error})
def archive_taught_module(request: HttpRequest, slug: Slug, key: Key) -> Status[None]:
    """Archive a module with its lessons, keeping every completion."""
    archive_module(module=get_taught_module(current_user(request), slug, key))
    return Status(204, None)


@router.post("/{slug}/modules/{key}/restoration", response={200: TaughtModule, REFUSALS: Error})
def restore_taught_module(request: HttpRequest, slug: Slug, key: Key) -> TaughtModule:
    """Bring an archived module back, last."""
    module = get_taught_module(current_user(request), slug, key)
    return TaughtModule.of(restore_module(module=module))


@router.post("/{slug}/modules/{key}/lessons", response={201: TaughtLesson, REFUSALS: Error})
@slow_view
def add_lesson(request: HttpRequest, slug: Slug, key: Key, sent: NewLesson) -> Status[TaughtLesson]:
    """Add a draft lesson at the end of a module."""
    module = get_taught_module(current_user(request), slug, key)
    return Status(201, TaughtLesson.of(create_lesson(module=module, **sent.model_dump())))


@router.get("/{slug}/lessons/{key}", response={200: LessonBody, REFUSALS: Error})
def get_lesson_to_edit(request: HttpRequest, slug: Slug, key: Key) -> LessonBody:
    """A lesson with its Markdown and revision, a draft too."""
    return LessonBody.of(get_taught_lesson(current_user(request), slug, key))


@router.patch("/{slug}/lessons/{key}", response={200: LessonBody, REFUSALS: Error})
@slow_view
def change_lesson(
    request: HttpRequest, slug: Slug, key: Key, sent: LessonChanges
) -> LessonBody | HttpResponse:
    """Set what the body names; with `revision`, only if nobody has saved since."""
    lesson = get_taught_lesson(current_user(request), slug, key)
    changes = sent.model_dump(exclude_unset=True)
    base = changes.pop("revision", None)
    try:
        update_lesson(lesson=lesson, author=current_user(request), base=base, **changes)
    except LessonChanged as error:
        answer = error_answer(409, error.code, error)
        # The client reads the current text and sees by this number whether it has changed.
        now = get_taught_lesson(current_user(request), slug, key)
        answer["X-Lesson-Revision"] = str(now.revision)
        return answer
    return LessonBody.of(lesson)


@router.put("/{slug}/lessons/{key}/status", response={200: OpenedLesson, REFUSALS: Error})
def set_lesson_status(
    request: HttpRequest, slug: Slug, key: Key, sent: StatusChange
) -> OpenedLesson:
    """Publish a lesson, or make it a draft; its completions are kept.

    The answer names it if learners find nothing in it; without `empty` such a draft stays one.
    """
    lesson = get_taught_lesson(current_user(request), slug, key)
    if sent.status == "draft":
        return OpenedLesson.of(unpublish_lesson(lesson=lesson))
    has_nothing = is_empty(lesson)
    if sent.empty or not has_nothing:
        publish_lesson(lesson=lesson)
    opened = OpenedLesson.of(lesson)
    opened.empty_lessons = [lesson.key] if has_nothing and opened.status == "published" else []
    return opened


@router.post("/{slug}/lessons/{key}/move", response={200: TaughtOutline, REFUSALS: Error})
def place_lesson(request: HttpRequest, slug: Slug, key: Key, sent: LessonMove) -> TaughtOutline:
    """Put a lesson into a module, in front of another one or last."""
    lesson = get_taught_lesson(current_user(request), slug, key)
    module = get_taught_module(current_user(request), slug, sent.module)
    before = get_taught_lesson(current_user(request), slug, sent.before) if sent.before else None
    move_lesson(lesson=lesson, module=module, before=before)
    return TaughtOutline.of(lesson.course)


@router.delete("/{slug}/lessons/{key}", response={204: None, REFUSALS: Error})
def archive_taught_lesson(request: HttpRequest, slug: Slug, key: Key) -> Status[None]:
    """Archive a lesson, keeping its completions."""
    archive_lesson(lesson=get_taught_lesson(current_user(request), slug, key))
    return Status(204, None)


@router.post("/{slug}/lessons/{key}/restoration", response={200: TaughtLesson, REFUSALS: Error})
def restore_taught_lesson(request: HttpRequest, slug: Slug, key: Key) -> TaughtLesson:
    """Bring an archived lesson back, to the end of its module."""
    lesson = get_taught_lesson(current_user(request), slug, key)
    return TaughtLesson.of(restore_lesson(lesson=lesson))
