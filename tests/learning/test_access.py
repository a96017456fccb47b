"""Gates of learning: people who may not see something learn nothing about it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.http import Http404
from pytest_django import DjangoAssertNumQueries, Settings

from stepwell.accounts.models import Role, User
from stepwell.courses.actions import (
    archive_course,
    archive_lesson,
    archive_module,
    create_lesson,
    create_page,
    save_attachment,
    set_instructors,
    unpublish_course,
    unpublish_lesson,
    update_course,
    update_lesson,
)
from stepwell.courses.models import Attachment, Course, Lesson, Page
from stepwell.learning.access import (
    get_course_to_leave,
    get_joined_course,
    get_known_course,
    get_open_course,
    get_readable_attachment,
    get_visible_lesson,
    get_visible_page,
    is_enrolled,
)
from stepwell.learning.actions import unenroll_from_course
from stepwell.learning.errors import (
    CourseNotOpen,
    CourseWithdrawn,
    LessonNotVisible,
    NotEnrolled,
)
from stepwell.learning.models import Origin
from tests.factories import enroll, lessons_of, make_course, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def course() -> Course:
    return make_course([2, 1])


@pytest.fixture
def learner(course: Course) -> User:
    user = make_user()
    enroll(course, user)
    return user


@pytest.fixture
def leaver(course: Course) -> User:
    user = make_user()
    enroll(course, user)
    unenroll_from_course(user=user, course=course, origin=Origin.WEB)
    return user


@pytest.fixture
def outsider() -> User:
    """Return somebody who is enrolled, but elsewhere."""
    user = make_user()
    enroll(make_course([1]), user)
    return user


# Courses


def test_enrolled_are_those_who_joined_and_did_not_leave(
    course: Course, learner: User, leaver: User, outsider: User
) -> None:
    assert is_enrolled(learner, course)
    assert not is_enrolled(leaver, course)
    assert not is_enrolled(outsider, course)


def test_open_course_is_known_to_everyone(course: Course, learner: User) -> None:
    for person in (None, make_user(), learner):
        assert get_known_course(person, course.slug) == course
        assert get_open_course(person, course.slug) == course


def test_draft_course_is_absent(outsider: User) -> None:
    course = make_course([1], is_published=False)

    for gate in (get_known_course, get_open_course):
        for person in (None, outsider, make_user(role=Role.OWNER)):
            with pytest.raises(Http404):
                gate(person, course.slug)


def test_closed_course_is_known_to_its_learners_only(
    course: Course, learner: User, leaver: User, outsider: User
) -> None:
    unpublish_course(course=course)

    assert get_known_course(learner, course.slug) == course
    with pytest.raises(CourseNotOpen):
        get_open_course(learner, course.slug)
    for person in (None, outsider, leaver):
        for gate in (get_known_course, get_open_course):
            with pytest.raises(Http404):
                gate(person, course.slug)


def test_archived_course_is_known_to_its_learners_only(
    course: Course, learner: User, leaver: User, outsider: User
) -> None:
    archive_course(course=course)

    assert get_known_course(learner, course.slug) == course
    for gate in (get_open_course, get_joined_course):
        with pytest.raises(CourseWithdrawn):
            gate(learner, course.slug)
    for person in (None, outsider, leaver):
        with pytest.raises(Http404):
            get_known_course(person, course.slug)


@pytest.mark.parametrize("close", [unpublish_course, archive_course])
def test_closed_course_is_left_by_those_who_were_its_learners(
    close: Callable[..., object], course: Course, learner: User, leaver: User, outsider: User
) -> None:
    close(course=course)

    for person in (learner, leaver):
        assert get_course_to_leave(person, course.slug) == course
        assert get_course_to_leave(person, "another", course.key) == course
    with pytest.raises(Http404):
        get_course_to_leave(outsider, course.slug)


def test_joined_course_is_for_its_learners(
    course: Course, learner: User, leaver: User, outsider: User
) -> None:
    assert get_joined_course(learner, course.slug) == course
    for person in (leaver, outsider):
        with pytest.raises(NotEnrolled):
            get_joined_course(person, course.slug)


# Lessons and their sub-pages


@pytest.fixture
def lesson(course: Course) -> Lesson:
    return lessons_of(course)[0]


@pytest.fixture
def page(lesson: Lesson) -> Page:
    return create_page(lesson=lesson, title="Assignment", body="Do it.")


def test_lesson_is_found_by_key_and_by_address(
    course: Course, lesson: Lesson, learner: User
) -> None:
    assert get_visible_lesson(learner, key=lesson.key) == lesson
    assert get_visible_lesson(learner, course__slug=course.slug, slug=lesson.slug) == lesson


def test_lesson_of_the_same_address_elsewhere_is_another(
    course: Course, lesson: Lesson, outsider: User
) -> None:
    elsewhere = outsider.enrollments.get().course

    found = get_visible_lesson(outsider, course__slug=elsewhere.slug, slug=lesson.slug)

    assert found != lesson


def test_lesson_of_an_open_course_asks_strangers_to_enroll(
    course: Course, lesson: Lesson, page: Page, leaver: User, outsider: User
) -> None:
    for person in (None, leaver, outsider):
        with pytest.raises(NotEnrolled) as refusal:
            get_visible_lesson(person, key=lesson.key)
        assert refusal.value.data == {"course": course}
        with pytest.raises(NotEnrolled):
            get_visible_page(person, key=page.key)


Hide = Callable[[Lesson], object]
HIDINGS: list[Hide] = [
    lambda lesson: unpublish_lesson(lesson=lesson),
    lambda lesson: archive_lesson(lesson=lesson),
    lambda lesson: archive_module(module=lesson.module),
    lambda lesson: archive_course(course=lesson.course),
    lambda lesson: unpublish_course(course=lesson.course),
]
BECAME: list[type[Exception]] = [
    *[LessonNotVisible] * 3,
    CourseWithdrawn,
    CourseNotOpen,
]
BY_ID = ["draft", "archived", "module", "course archived", "course closed"]


@pytest.mark.parametrize("case", list(zip(HIDINGS, BECAME, strict=True)), ids=BY_ID)
def test_members_alone_are_told_what_became_of_a_lesson(
    case: tuple[Hide, type[Exception]], page: Page, learner: User, leaver: User, outsider: User
) -> None:
    hide, became = case
    lesson, course = page.lesson, page.lesson.course
    hide(lesson)

    for person in (None, outsider, leaver, learner):
        refusal = became if person == learner else Http404
        with pytest.raises(refusal):
            get_visible_lesson(person, key=lesson.key)
        with pytest.raises(refusal):
            get_visible_lesson(person, course__slug=course.slug, slug=lesson.slug)
        with pytest.raises(refusal):
            get_visible_page(person, key=page.key)


@pytest.mark.parametrize("hide", HIDINGS[1:], ids=BY_ID[1:])
def test_draft_that_was_never_published_is_absent_for_members_too(
    hide: Callable[[Lesson], object], lesson: Lesson, learner: User
) -> None:
    draft = create_lesson(module=lesson.module, title="Secret plan")
    hide(draft)

    with pytest.raises(Http404):
        get_visible_lesson(learner, key=draft.key)
    with pytest.raises(Http404):
        get_visible_lesson(learner, course__slug=draft.course.slug, slug=draft.slug)


def test_lesson_of_a_closed_course_says_so_to_its_learners_only(
    course: Course, page: Page, learner: User, leaver: User, outsider: User
) -> None:
    unpublish_course(course=course)

    with pytest.raises(CourseNotOpen):
        get_visible_lesson(learner, key=page.lesson.key)
    with pytest.raises(CourseNotOpen):
        get_visible_page(learner, key=page.key)
    for person in (None, leaver, outsider):
        with pytest.raises(Http404):
            get_visible_lesson(person, key=page.lesson.key)
        with pytest.raises(Http404):
            get_visible_page(person, key=page.key)


def test_unknown_lesson_and_page_are_absent(learner: User, page: Page) -> None:
    with pytest.raises(Http404):
        get_visible_lesson(learner, key=page.key)
    with pytest.raises(Http404):
        get_visible_page(learner, key=page.lesson.key)


def test_page_is_the_one_of_its_key(lesson: Lesson, page: Page, learner: User) -> None:
    create_page(lesson=lesson, title="Another")

    assert get_visible_page(learner, key=page.key) == page


def test_lesson_takes_one_query(
    lesson: Lesson, learner: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        found = get_visible_lesson(learner, key=lesson.key)
        assert found.course.title
        assert found.module.title


@pytest.mark.parametrize("pages", [1, 3])
def test_page_takes_three_queries_among_any_number(
    pages: int, lesson: Lesson, learner: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    made = [create_page(lesson=lesson, title="Assignment") for _page in range(pages)]

    with django_assert_num_queries(3):
        found = get_visible_page(learner, key=made[-1].key)
        assert found.lesson.course.title


# Files


@pytest.fixture
def attachment(course: Course, settings: Settings, tmp_path: Path) -> Attachment:
    settings.MEDIA_ROOT = tmp_path
    update_lesson(lesson=lessons_of(course)[0], body="![Wiring](assets/img/wiring.png)")
    return save_attachment(course=course, name="img/wiring.png", content=ContentFile(b"png"))


def may_read(person: User | None, attachment: Attachment) -> bool:
    try:
        found = get_readable_attachment(person, attachment.course.key, attachment.name)
    except Http404:
        return False
    return found == attachment


def test_file_is_for_learners_and_those_who_teach(
    attachment: Attachment, course: Course, learner: User, leaver: User, outsider: User
) -> None:
    teacher, other_teacher, owner = (
        make_user(role=role) for role in (Role.INSTRUCTOR, Role.INSTRUCTOR, Role.OWNER)
    )
    set_instructors(course=course, instructors=[teacher])

    readers = [
        person
        for person in (None, outsider, leaver, learner, teacher, other_teacher, owner)
        if may_read(person, attachment)
    ]

    assert readers == [learner, teacher, owner]


def test_file_that_only_drafts_show_is_for_those_who_teach(
    attachment: Attachment, course: Course, learner: User
) -> None:
    unpublish_lesson(lesson=lessons_of(course)[0])
    assert not may_read(learner, attachment)
    assert may_read(make_user(role=Role.OWNER), attachment)


def test_file_of_a_sub_page_is_for_learners(
    attachment: Attachment, course: Course, learner: User
) -> None:
    lesson = lessons_of(course)[0]
    update_lesson(lesson=lesson, body="")
    assert not may_read(learner, attachment)
    create_page(lesson=lesson, title="Wiring", body="[Wiring](assets/img/wiring.png?raw=1#x)")
    assert may_read(learner, attachment)


def test_file_of_a_closed_course_is_for_those_who_teach(
    attachment: Attachment, course: Course, learner: User
) -> None:
    update_course(course=course, description="![Wiring](assets/img/wiring.png)")
    unpublish_course(course=course)

    assert not may_read(None, attachment)
    assert not may_read(learner, attachment)
    assert may_read(make_user(role=Role.OWNER), attachment)


def test_file_of_an_archived_course_is_absent(attachment: Attachment, course: Course) -> None:
    archive_course(course=course)

    assert not may_read(make_user(role=Role.OWNER), attachment)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("img/wiring.png", "assets/img/wiring.png"),
        ("a plan.pdf", "assets/a%20plan.pdf#page=2"),
        ("plan (1) & 100%.png", "<assets/plan (1) & 100%25.png>"),
        ("größe's.png", "assets/größe's.png?raw=true"),
    ],
)
def test_file_on_the_course_page_is_for_everyone(
    name: str, written: str, attachment: Attachment, course: Course
) -> None:
    shown = save_attachment(course=course, name=name, content=ContentFile(b"shown"))
    hidden = save_attachment(course=course, name=f"{name}.bak", content=ContentFile(b"hidden"))
    update_course(course=course, description=f"See ![it]({written}).")

    assert may_read(None, shown)
    assert not may_read(None, hidden)


def test_file_named_on_another_courses_page_stays_closed(
    attachment: Attachment, course: Course
) -> None:
    other = make_course([1])
    twin = save_attachment(course=other, name=attachment.name, content=ContentFile(b"png"))
    update_course(course=course, description=f"![Wiring](assets/{attachment.name})")

    assert may_read(None, attachment)
    assert not may_read(None, twin)
