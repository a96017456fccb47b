"""Publishing in the studio: empty lessons are named first, and learners' view of a text is said."""

import json
from typing import Any

import pytest
from django.test import Client

from stepwell.accounts.models import User
from stepwell.courses.actions import (
    create_lesson,
    create_page,
    set_instructors,
    unpublish_course,
    unpublish_lesson,
    update_lesson,
)
from stepwell.courses.models import Course, Lesson, Status
from stepwell.courses.queries import get_empty_lessons
from tests.factories import lessons_of, make_course, make_instructor

pytestmark = pytest.mark.django_db

COURSE = "/studio/courses/tea/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def ines() -> User:
    return make_instructor("Ines")


@pytest.fixture
def client(ines: User) -> Client:
    client = Client()
    client.force_login(ines)
    return client


@pytest.fixture
def course(ines: User) -> Course:
    course = make_course([1], title="Tea", is_published=False)
    return set_instructors(course=course, instructors=[ines])


@pytest.fixture
def empty(course: Course) -> Lesson:
    return create_lesson(module=course.modules.get(), title="Kettles")


def published(course: Course) -> list[str]:
    return [each.title for each in lessons_of(course) if each.status == Status.PUBLISHED]


@pytest.mark.parametrize(
    "body",
    [
        "",
        " \n\n",
        "<!-- to do -->",
        "&nbsp;",
        "\u200b",
        "**\u200b**",
        "[](x)",
        "```\n```",
        "<i></i>",
        "---",
        "# ",
        "## What *we* `do`",
        "> [!TIP]\n>",
        "::: exercise Pour it\n- [ ] \n:::",
        "::: solution\n:::",
        "|  |\n| --- |\n|  |",
    ],
)
def test_lesson_without_anything_to_show_is_empty(course: Course, empty: Lesson, body: str) -> None:
    update_lesson(lesson=empty, body=body)

    assert get_empty_lessons(course) == [empty]


@pytest.mark.parametrize(
    "content", ["text", "picture", "formula", "task", "callout", "heading", "video", "page"]
)
def test_lesson_with_anything_to_show_is_not_empty(
    course: Course, empty: Lesson, content: str
) -> None:
    bodies = {"text": "A", "picture": "![](assets/a.png)", "formula": "$$x$$", "task": "- [ ] A"}
    bodies |= {"callout": "> [!TIP]\n> A", "heading": "# A\n\n---\n\nB"}
    if content == "video":
        update_lesson(lesson=empty, video="https://youtu.be/abcdefghijk")
    elif content == "page":
        create_page(lesson=empty, title="Task")
    else:
        update_lesson(lesson=empty, body=bodies[content])

    assert get_empty_lessons(course) == []


@pytest.mark.parametrize(
    ("answer", "titles"),
    [("draft", ["Lesson 1.1"]), ("published", ["Lesson 1.1", "Kettles"])],
)
def test_course_with_empty_lessons_is_published_after_an_answer(
    client: Client, course: Course, empty: Lesson, answer: str, titles: list[str]
) -> None:
    page = client.post(f"{COURSE}status/", {"state": "all"}).content.decode()
    assert "1 lesson is empty" in page
    assert empty.title in page
    course.refresh_from_db()
    assert not course.is_published

    client.post(f"{COURSE}status/", {"state": "all", "empty": answer})

    course.refresh_from_db()
    assert course.is_published
    assert published(course) == titles


def test_course_alone_asks_about_lessons_that_are_published(
    client: Client, course: Course, empty: Lesson
) -> None:
    answer = client.post(f"{COURSE}status/", {"state": "published"})
    assert answer.status_code == 302
    unpublish_course(course=Course.objects.get())
    Lesson.objects.filter(pk=empty.pk).update(status=Status.PUBLISHED)

    page = client.post(f"{COURSE}status/", {"state": "published"}).content.decode()
    assert "1 lesson is empty" in page
    client.post(f"{COURSE}status/", {"state": "published", "empty": "draft"})

    assert published(course) == ["Lesson 1.1"]


@pytest.mark.parametrize("part", ["course", "module"])
def test_lesson_that_became_empty_meanwhile_is_asked_about(
    client: Client, course: Course, empty: Lesson, part: str
) -> None:
    address = f"{COURSE}status/"
    if part == "module":
        address = f"{COURSE}modules/{empty.module.key}/publication/"
    sent = {"state": "all", "empty": "published"}
    page = client.post(address, sent | {"named": ""}, follow=True).content.decode()
    assert f'name="named" value="{empty.key}"' in page
    second = create_lesson(module=empty.module, title="Cups")

    page = client.post(address, sent | {"named": empty.key}, follow=True).content.decode()

    assert "2 lessons are empty" in page
    assert published(course) == ["Lesson 1.1"]
    client.post(address, sent | {"named": f"{empty.key} {second.key}"})
    assert published(course) == ["Lesson 1.1", "Kettles", "Cups"]


@pytest.mark.parametrize("part", ["module", "lesson"])
def test_parts_with_empty_lessons_lead_to_the_question(
    client: Client, course: Course, empty: Lesson, part: str
) -> None:
    ends = {
        "module": f"modules/{empty.module.key}/publication/",
        "lesson": f"lessons/{empty.key}/status/",
    }
    address = COURSE + ends[part]

    answer = client.post(address, {"state": "published"}, headers=HTMX)
    assert published(course) == ["Lesson 1.1"]
    page = client.get(answer["HX-Redirect"]).content.decode()
    assert "1 lesson is empty" in page
    client.post(address, {"state": "published", "empty": "draft"})
    assert published(course) == ["Lesson 1.1"]
    client.post(address, {"state": "published", "empty": "published"})

    assert published(course) == ["Lesson 1.1", "Kettles"]


def test_saving_says_whether_learners_see_it(client: Client, course: Course) -> None:
    lesson = lessons_of(course)[0]
    address = f"{COURSE}lessons/{lesson.key}/"

    def said(text: str) -> list[bool]:
        draft: dict[str, Any] = {"title": "T", "markdown": text}
        draft["base"] = Lesson.objects.get(pk=lesson.pk).revision
        saved = client.post(
            f"{address}text/", json.dumps(draft), content_type="application/json"
        ).json()["saved"]
        draft["base"] += 1
        plain = {"base": draft["base"], "title": "T", "body": text}
        page = client.post(address, plain, follow=True).content.decode()
        settings = {"slug": lesson.slug, "minutes": "5", "video": ""}
        after = client.post(f"{address}settings/", settings, follow=True).content.decode()
        version = f"{address}history/{lesson.versions.earliest('pk').pk}/"
        restored = client.post(version, follow=True).content.decode()
        return [
            "Learners see it." in saved,
            *("Saved. Learners see it." in each for each in (page, after)),
            "The text of then is back. Learners see it." in restored,
        ]

    assert said("In a closed course") == [False] * 4
    client.post(f"{COURSE}status/", {"state": "published"})
    assert said("In an open course") == [True] * 4
    unpublish_lesson(lesson=lesson)
    assert said("As a draft") == [False] * 4


def test_lesson_is_moved_to_a_module_by_its_name(client: Client, ines: User) -> None:
    course = set_instructors(course=make_course((2, 1), title="Tea"), instructors=[ines])
    first, second, third = lessons_of(course)
    page = client.get(f"{COURSE}?move={first.key}").content.decode()
    assert f'<option value="{third.module.key}">Module 2</option>' in page

    client.post(f"{COURSE}lessons/{first.key}/move/", {"module": third.module.key})

    assert [each.title for each in lessons_of(course)] == [
        second.title,
        third.title,
        first.title,
    ]


def test_lesson_is_duplicated_from_its_menu(client: Client, course: Course, empty: Lesson) -> None:
    first = lessons_of(course)[0]

    page = client.post(f"{COURSE}lessons/{first.key}/copies/", follow=True).content.decode()

    assert "“Lesson 1.1 (copy)” is a draft below it." in page
    assert [each.title for each in lessons_of(course)] == [
        "Lesson 1.1",
        "Lesson 1.1 (copy)",
        "Kettles",
    ]
