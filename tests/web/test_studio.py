"""The studio's pages: what they show, to whom, and what they cost; and the file of learners."""

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from stepwell.accounts.models import User
from stepwell.core import clock
from stepwell.courses.actions import set_instructors, unpublish_course, unpublish_lesson
from stepwell.courses.models import Course
from stepwell.learning.actions import complete_lesson, count_progress
from stepwell.learning.models import Enrollment, Origin
from tests.factories import enroll, lessons_of, make_course, make_instructor, make_user

pytestmark = pytest.mark.django_db

SIGNED_IN = 1  # the session with its user
OUTLINES = 4  # courses, lessons, sub-pages and instructors, while they are not in memory yet
COUNTED = 2  # the version, and whose figures don't hold
LEARNERS = "/studio/courses/course/learners/"
CSV = "/studio/courses/course/learners.csv"
LESSONS = "/studio/courses/course/lessons/"
MONDAY = datetime(2024, 1, 1, 9, tzinfo=UTC)


@pytest.fixture
def course() -> Course:
    return make_course((2, 1))


@pytest.fixture
def teacher(client: Client, course: Course) -> User:
    person = make_instructor()
    set_instructors(course=course, instructors=[person])
    client.force_login(person)
    return person


def text_of(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def rows_of(client: Client, address: str = CSV) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(client.get(address).getvalue().decode("utf-8-sig"))))


@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize(
    ("address", "queries"),
    [
        (LEARNERS, 3 + 2 * OUTLINES),  # course; how many learners, a page of them
        (LESSONS, 2 + OUTLINES),
        (CSV, 2 + OUTLINES),
    ],
)
def test_page_costs_as_many_queries_for_any_number_of_learners(
    *,
    client: Client,
    teacher: User,
    course: Course,
    django_assert_num_queries: Any,
    address: str,
    queries: int,
    size: int,
) -> None:
    for number in range(size):
        complete_lesson(
            user=enroll(course).user, lesson=lessons_of(course)[number], origin=Origin.WEB
        )
    count_progress(course=course)
    with django_assert_num_queries(SIGNED_IN + COUNTED + queries):
        answer = client.get(address)
        if answer.streaming:
            answer.getvalue()


@pytest.mark.parametrize("size", [1, 3])
def test_studio_costs_as_many_queries_for_any_number_of_courses(
    client: Client, teacher: User, django_assert_num_queries: Any, size: int
) -> None:
    for _course in range(size):
        set_instructors(course=make_course((1,)), instructors=[teacher])
    with django_assert_num_queries(SIGNED_IN + 3):
        client.get("/studio/")


@pytest.mark.usefixtures("teacher")
@pytest.mark.parametrize("title", ["Tea\x01", "\u200e\x7f", "x" * 201, ""])
def test_new_course_with_a_title_that_cannot_be_kept_says_why(client: Client, title: str) -> None:
    page = client.post("/studio/", {"title": title})

    assert 'class="field-errors"' in page.content.decode()
    assert Course.objects.count() == 1


def test_table_shows_figures_of_now(client: Client, teacher: User, course: Course) -> None:
    learner = enroll(course, make_user("Lara Learner")).user
    assert '1. <bdi lang="en" dir="ltr">Lesson 1.1</bdi>' in text_of(client, LEARNERS)
    complete_lesson(user=learner, lesson=lessons_of(course)[0], origin=Origin.WEB)
    page = text_of(client, LEARNERS)
    assert "1/3" in page
    assert "33%" in page
    assert '2. <bdi lang="en" dir="ltr">Lesson 1.2</bdi>' in page
    unpublish_lesson(lesson=lessons_of(course)[1])
    page = text_of(client, LEARNERS)
    assert "1/2" in page
    assert '2. <bdi lang="en" dir="ltr">Lesson 2.1</bdi>' in page


def test_heading_sorts_and_turns_round(client: Client, teacher: User, course: Course) -> None:
    for name in ("Bo", "Al"):
        enroll(course, make_user(name))

    def shown(address: str) -> tuple[bool, str]:
        page = text_of(client, address)
        return page.index(">Al<") < page.index(">Bo<"), page

    is_al_first, page = shown(f"{LEARNERS}?sort=name&q=o")
    assert is_al_first
    assert 'aria-sort="ascending"><a id="sort-name" href="?q=o&amp;sort=-name"' in page
    assert '<a id="sort-progress" href="?q=o&amp;sort=-progress"' in page
    is_al_first, page = shown(f"{LEARNERS}?sort=-name")
    assert not is_al_first
    assert 'aria-sort="descending"><a id="sort-name" href="?sort=name"' in page


@pytest.mark.parametrize("query", ["sort=x", "sort=-", "stuck=x", "stuck=-1"])
def test_wish_that_nobody_offers_shows_everyone(
    client: Client, teacher: User, course: Course, query: str
) -> None:
    enroll(course, make_user("Lara Learner"))
    assert "Lara Learner" in text_of(client, f"{LEARNERS}?{query}")


def test_pages_keep_what_was_asked(client: Client, teacher: User, course: Course) -> None:
    for number in range(51):
        enroll(course, make_user(f"Lara {number:02}"))
    page = text_of(client, f"{LEARNERS}?q=lara&sort=name")
    assert "51 learners" in page
    assert "Page 1 of 2" in page
    assert 'href="?page=2&amp;q=lara&amp;sort=name"' in page
    assert "Lara 50" not in page
    assert "Lara 50" in text_of(client, f"{LEARNERS}?q=lara&sort=name&page=2")


def test_who_is_stuck_is_found_by_days_and_by_lesson(
    client: Client, teacher: User, course: Course
) -> None:
    first = lessons_of(course)[0]
    with clock.at(clock.now() - timedelta(days=15)):
        enroll(course, make_user("Stuck Early"))
        complete_lesson(
            user=enroll(course, make_user("Stuck Later")).user, lesson=first, origin=Origin.WEB
        )
    enroll(course, make_user("Lara Learner"))

    page = text_of(client, f"{LEARNERS}?stuck=14")
    assert "2 learners" in page
    assert "15 days ago" in page
    assert "Lara Learner" not in page
    page = text_of(client, f"{LEARNERS}?stuck=14&at={first.key}")
    assert "1 learner<" in page
    assert "Next lesson: “Lesson 1.1”" in page
    assert "Nobody is stuck" in text_of(client, f"{LEARNERS}?stuck=30")
    assert "No learner matches" in text_of(client, f"{LEARNERS}?q=xyz")


def test_lessons_lead_to_those_who_stand_there(
    client: Client, teacher: User, course: Course
) -> None:
    first, second, _third = lessons_of(course)
    for done in ([first], [first], []):
        user = enroll(course).user
        for lesson in done:
            complete_lesson(user=user, lesson=lesson, origin=Origin.WEB)
    page = text_of(client, LESSONS)
    assert "66%" in page
    assert "2/3" in page
    assert f'href="{LEARNERS}?at={second.key}">2<' in page
    assert page.count("Most are here") == 1


def test_empty_class_says_so(client: Client, teacher: User, course: Course) -> None:
    assert "Nobody is enrolled yet" in text_of(client, LEARNERS)
    assert "Nobody is enrolled yet" in text_of(client, LESSONS)
    set_instructors(course=make_course((), title="Blank"), instructors=[teacher])
    assert "No lessons yet" in text_of(client, "/studio/courses/blank/lessons/")
    client.force_login(make_instructor())
    assert "No courses yet" in text_of(client, "/studio/")


def test_closed_course_says_so(client: Client, teacher: User, course: Course) -> None:
    enroll(course, make_user("Lara Learner"))
    closed = "This course is closed: its learners can’t go on until it is published."
    assert closed not in text_of(client, LEARNERS)
    unpublish_course(course=course)
    page = text_of(client, LEARNERS)
    assert closed in page
    assert "Lara Learner" in page


def test_way_to_the_learners_is_shown_to_those_who_teach(
    client: Client, teacher: User, course: Course
) -> None:
    assert f'href="{LEARNERS}"' in text_of(client, "/courses/course/")
    assert f'href="{LEARNERS}"' in text_of(client, "/studio/")
    assert 'href="/studio/"' in text_of(client, "/learn/")
    for person in (make_user(), None):
        client.logout()
        if person:
            client.force_login(person)
        assert "/studio/" not in text_of(client, "/courses/course/")


def test_file_holds_every_learner_in_the_order_asked(
    client: Client, teacher: User, course: Course
) -> None:
    first = lessons_of(course)[0]
    with clock.at(MONDAY):
        lara = enroll(course, make_user("Lara, “Lu”")).user
        enroll(course, make_user("Žofie"))
    with clock.at(MONDAY + timedelta(days=1)):
        complete_lesson(user=lara, lesson=first, origin=Origin.WEB)

    with clock.at(MONDAY + timedelta(days=3)):
        rows = rows_of(client, f"{CSV}?sort=name")

    assert [row["name"] for row in rows] == ["Lara, “Lu”", "Žofie"]
    assert rows[0] == {
        "name": "Lara, “Lu”",
        "email": lara.email,
        "handle": lara.handle,
        "completed": "1",
        "total": "3",
        "percent": "33",
        "next_lesson_number": "2",
        "next_lesson": "Lesson 1.2",
        "last_activity_at": "2024-01-02T09:00:00+00:00",
        "idle_days": "2",
        "enrolled_at": "2024-01-01T09:00:00+00:00",
        "finished_at": "",
    }
    assert [row["name"] for row in rows_of(client, f"{CSV}?q=lara")] == ["Lara, “Lu”"]
    assert rows_of(client, f"{CSV}?q=xyz") == []


def test_file_is_a_download_of_its_own_kind(client: Client, teacher: User, course: Course) -> None:
    answer = client.get(CSV)
    assert answer.streaming
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="course-learners.csv"'
    assert answer["Cache-Control"] == "private, no-store"
    assert answer.getvalue().startswith("\ufeffname,email,".encode())


@pytest.mark.parametrize(
    "start",
    ["=", "+", "-", "@", "|", "\t=", "\uff1d", "  =", "\u00a0=", "\u200b=", "\u3000|", "\ufeff@"],
)
def test_file_runs_nobodys_name_as_a_formula(
    client: Client, teacher: User, course: Course, start: str
) -> None:
    name = f'{start}HYPERLINK("https://evil.example","Lara")'
    User.objects.filter(pk=enroll(course).user.pk).update(name=name)
    assert [row["name"] for row in rows_of(client)] == [f"'{name}"]


@pytest.mark.django_db(transaction=True)
def test_file_reads_rows_while_it_is_sent_and_lets_the_database_go(
    client: Client, teacher: User, course: Course
) -> None:
    for _number in range(3):
        enroll(course)
    answer = client.get(CSV)
    pieces = iter(answer.streaming_content)  # type: ignore[attr-defined]  # a streaming answer
    next(pieces)
    User.objects.update(name="Renamed")  # nothing was read yet but the headings
    assert next(pieces).decode().startswith("Renamed,")
    assert connection.connection is not None
    answer.close()  # as the server does, also when the reader is gone
    assert connection.connection is None
    assert not list(pieces)


def test_long_file_is_sent_in_pieces(client: Client, teacher: User, course: Course) -> None:
    enroll_many(course, 600)
    pieces = list(client.get(CSV).streaming_content)  # type: ignore[attr-defined]  # a streaming answer
    assert len(pieces) > 2
    assert max(map(len, pieces)) < 60_000
    assert len(rows_of(client)) == 600


def enroll_many(course: Course, count: int) -> None:
    people = User.objects.bulk_create(
        User(email=f"nia{number}@example.org", handle=f"nia-{number}", name="Nia " + "x" * 100)
        for number in range(count)
    )
    Enrollment.objects.bulk_create(
        Enrollment(user=person, course=course, enrolled_at=MONDAY, last_activity_at=MONDAY)
        for person in people
    )


def test_file_can_only_be_read(client: Client, teacher: User, course: Course) -> None:
    assert client.post(CSV).status_code == 405
