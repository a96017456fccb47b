"""Points on pages: shown where there are some, and nowhere a trace of them when turned off."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoCaptureOnCommitCallbacks

from stepwell.accounts.models import Role, User
from stepwell.courses.actions import (
    archive_course,
    archive_lesson,
    create_lesson,
    publish_lesson,
    unpublish_course,
)
from stepwell.courses.models import Course
from stepwell.gamification.actions import show_on_leaderboard
from stepwell.gamification.calendar import year_until
from stepwell.gamification.models import Badge, PointEntry
from stepwell.learning.actions import complete_lesson, unenroll_from_course
from stepwell.learning.models import Origin
from stepwell.web.rewards import month_marks
from tests.factories import enroll, lessons_of, make_course, make_user
from tests.gamification.switch import switch_off

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def course() -> Course:
    return make_course((2, 1))


@pytest.fixture
def learner(client: Client, course: Course) -> User:
    person = make_user("Lara Learner")
    client.force_login(person)
    enroll(course, person)
    return person


@pytest.fixture
def complete(client: Client) -> Any:
    """Return a function that completes a lesson on its page and returns the answer's text."""

    def complete(slug: str, state: str = "completed", **options: Any) -> str:
        answer = client.post(
            f"/courses/course/lessons/{slug}/completion/", {"state": state}, **options
        )
        return str(answer.content.decode())

    return complete


def text_of(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_a_badge_is_celebrated_once(client: Client, learner: User, complete: Any) -> None:
    answer = complete("lesson-11", headers=HTMX)
    assert answer.count("New badge: First step.") == 2  # to be seen, and to be heard

    assert "New badge" not in complete("lesson-11", headers=HTMX)
    assert "New badge" not in complete("lesson-12", headers=HTMX)
    assert "New badge" not in text_of(client, "/courses/course/lessons/lesson-12/")


def test_finishing_a_course_is_said_with_points_and_a_way_on(
    client: Client, learner: User, complete: Any
) -> None:
    make_course((), title="A course without lessons")
    left = enroll(make_course((1,), title="B left"), learner)
    unenroll_from_course(user=learner, course=left.course, origin=Origin.WEB)
    make_course((1,), title="C hidden", is_published=False)
    following = make_course((1,), title="D next")
    for slug in ("lesson-11", "lesson-12"):
        assert "You finished" not in complete(slug, headers=HTMX)
    before = PointEntry.objects.exclude(course=None).count()

    answer = complete("lesson-21", headers=HTMX)

    assert answer.count("You finished “Course”.") == 2  # to be seen, and to be heard
    points = sum(PointEntry.objects.filter(course__title="Course").values_list("points", flat=True))
    assert PointEntry.objects.exclude(course=None).count() > before
    assert f"It gave you {points} points." in answer
    assert "New badge: First course." in answer
    assert f'href="{following.get_absolute_url()}">Next course: “D next”</a>' in answer
    enroll(following, learner)
    complete("lesson-21", "open", headers=HTMX)
    again = complete("lesson-21", headers=HTMX)
    assert "You finished “Course”." in again
    assert "Next course" not in again
    assert 'href="/learn/">My learning</a>' in again


def test_coming_back_to_a_completed_course_says_that_it_is_finished(
    client: Client, course: Course, learner: User, complete: Any
) -> None:
    for slug in ("lesson-11", "lesson-12"):
        complete(slug)
    unenroll_from_course(user=learner, course=course, origin=Origin.WEB)
    archive_lesson(lesson=lessons_of(course)[2])

    def enroll_again() -> str:
        answer = client.post("/courses/course/enrollment/", {"state": "enrolled"}, follow=True)
        return str(answer.content.decode())

    came_back = enroll_again()
    assert "You finished “Course”." in came_back
    assert "New badge: First course." in came_back
    assert "You finished" not in enroll_again()


def test_my_learning_offers_the_catalog_when_no_lesson_is_open(
    client: Client, course: Course, learner: User, complete: Any
) -> None:
    other = enroll(make_course((1,), title="Other"), learner).course
    for slug in ("lesson-11", "lesson-12", "lesson-21"):
        complete(slug)
    assert "See the courses" not in text_of(client, "/learn/")

    for withdraw in (unpublish_course, archive_course):
        withdraw(course=other)
        page = text_of(client, "/learn/")
        assert "No lesson is open for you now" in page
        assert "See the courses" in page
        assert "You finished all your courses" not in page

    unenroll_from_course(user=learner, course=other, origin=Origin.WEB)
    assert "You finished all your courses" in text_of(client, "/learn/")


def test_my_learning_goes_on_with_new_lessons_when_all_courses_are_finished(
    client: Client, course: Course, learner: User, complete: Any
) -> None:
    for slug in ("lesson-11", "lesson-12", "lesson-21"):
        complete(slug)
    new = create_lesson(module=course.modules.all()[0], title="Salt")
    publish_lesson(lesson=new)

    page = text_of(client, "/learn/")

    assert "Continue with “Salt”" in page
    assert "You finished all your courses" not in page


@pytest.mark.parametrize("days", range(7))
def test_no_month_of_the_year_is_cut_off(days: int) -> None:
    marks = month_marks(year_until(date(2026, 12, 1) + timedelta(days=days), {}))

    assert [month for _x, month in marks][-2:] == (["Nov", "Dec"] if days > 5 else ["Oct", "Nov"])


def test_my_learning_shows_a_course_to_join_when_no_lesson_is_open(
    client: Client, course: Course, learner: User, complete: Any
) -> None:
    other = make_course((1,), title="Other")
    address = f'href="{other.get_absolute_url()}"'
    assert address not in text_of(client, "/learn/")
    for slug in ("lesson-11", "lesson-12", "lesson-21"):
        complete(slug)
    page = text_of(client, "/learn/")
    assert address in page
    assert "Look for the next one in the catalog." in page

    enroll(other, learner)
    complete_lesson(user=learner, lesson=lessons_of(other)[0], origin=Origin.WEB)
    page = text_of(client, "/learn/")
    assert "You finished all your courses" in page
    assert "See the courses" in page
    assert "Look for the next one" not in page
    assert "The catalog has no new lessons for you at the moment." in page


def test_without_a_script_the_next_page_celebrates(
    client: Client, learner: User, complete: Any
) -> None:
    complete("lesson-11")

    address = "/courses/course/lessons/lesson-11/"
    assert "New badge: First step." in text_of(client, address)
    assert "New badge: First step." not in text_of(client, address)


def test_my_learning_has_one_quiet_line(client: Client, learner: User, complete: Any) -> None:
    for slug in ("lesson-11", "lesson-12", "lesson-21"):
        complete(slug)
    client.post("/learn/goal/", {"unit": "lessons", "amount": "5"})

    page = text_of(client, "/learn/")

    assert "Level 3" in page
    assert "3 of 5 lessons this week" in page


def test_goals_out_of_bounds_are_refused_with_a_sentence(client: Client, learner: User) -> None:
    for unit, amount in (("days", "8"), ("lessons", "0"), ("lessons", "x"), ("hours", "1")):
        answer = client.post("/learn/goal/", {"unit": unit, "amount": amount}, follow=True)
        assert "A weekly goal is 1 to 7 days, or 1 to 100 lessons." in answer.content.decode()


def test_profile_says_what_points_are_for(client: Client, learner: User, complete: Any) -> None:
    complete("lesson-11")
    complete("lesson-12")

    assert "10 points to level 2" in text_of(client, f"/members/{learner.handle}/")
    ledger = text_of(client, f"/members/{learner.handle}/points/")
    assert "Lesson completed: Lesson 1.2" in ledger
    assert "Module finished: Module 1" in ledger


def test_profile_keeps_points_of_who_hides_from_others(
    client: Client, learner: User, complete: Any
) -> None:
    complete("lesson-11")
    show_on_leaderboard(user=learner, is_listed=False)
    address = f"/members/{learner.handle}/"
    assert "First step" in text_of(client, address)

    client.force_login(make_user("Somebody Else"))
    assert "First step" not in text_of(client, address)
    assert "Lara Learner" not in text_of(client, "/leaderboard/?period=all")


def test_owner_corrects_once_however_often_the_form_is_sent(client: Client, learner: User) -> None:
    client.force_login(make_user("Olga Owner", role=Role.OWNER))
    address = f"/members/{learner.handle}/points/"
    form = {"points": "-30", "reason": "A test.", "number": "17"}

    for _time in range(2):
        answer = client.post(address, form, follow=True).content.decode()

    assert "Correction: A test." in answer
    assert [entry.points for entry in PointEntry.objects.all()] == [-30]


@pytest.mark.parametrize("points", ["0", "x", "2000000", ""])
def test_bad_corrections_are_refused(client: Client, learner: User, points: str) -> None:
    client.force_login(make_user("Olga Owner", role=Role.OWNER))
    form = {"points": points, "reason": "A test.", "number": "17"}

    answer = client.post(f"/members/{learner.handle}/points/", form)

    page = answer.content.decode()
    assert ("A correction takes or gives" if points == "0" else "field has-errors") in page
    assert not PointEntry.objects.exists()


def test_learners_correct_nothing(client: Client, learner: User) -> None:
    form = {"points": "30", "reason": "Because.", "number": "17"}

    assert client.post(f"/members/{learner.handle}/points/", form).status_code == 404
    assert not PointEntry.objects.exists()


def test_owner_defines_and_retires_badges(client: Client) -> None:
    client.force_login(make_user("Olga Owner", role=Role.OWNER))
    form = {"name": "Ten lessons", "rule": "lessons", "threshold": "10"}
    assert "Ten lessons" in client.post("/studio/badges/", form, follow=True).content.decode()
    assert "name of its own" in client.post("/studio/badges/", form).content.decode()

    badge = Badge.objects.get(name="Ten lessons")
    client.post(f"/studio/badges/{badge.pk}/offer/", {"state": "retired"})
    badge.refresh_from_db()
    assert badge.retired_at
    client.post(f"/studio/badges/{badge.pk}/offer/", {"state": "offered"})
    badge.refresh_from_db()
    assert badge.retired_at is None


OFF = ["/learn/", "/courses/", "/courses/course/", "/courses/course/lessons/lesson-11/"]


def test_turned_off_no_trace_of_points_remains(
    client: Client,
    learner: User,
    complete: Any,
    settings: Any,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    switch_off(settings)
    words = ("point", "level", "leaderboard", "new badge", 'class="celebration', "streak")

    with CaptureQueriesContext(connection) as queries:
        pages = [text_of(client, each) for each in [*OFF, f"/members/{learner.handle}/"]]
        pages += [complete("lesson-11", headers=HTMX), complete("lesson-11", "open", headers=HTMX)]

    assert not [each["sql"] for each in queries if "gamification_" in each["sql"]]
    bodies = [page.partition("<body")[2] or page for page in pages]
    assert not [word for word in words for body in bodies if word in body.lower()]


@pytest.mark.parametrize("case", [(OFF[0], 7), (OFF[2], 8), (OFF[3], 7)])
def test_turned_off_pages_cost_what_they_cost_without_points(
    client: Client,
    learner: User,
    settings: Any,
    django_assert_num_queries: Any,
    case: tuple[str, int],
) -> None:
    switch_off(settings)
    address, queries = case

    with django_assert_num_queries(queries):
        client.get(address)


def test_turned_off_its_pages_are_gone(client: Client, settings: Any) -> None:
    owner = make_user("Olga Owner", role=Role.OWNER)
    client.force_login(owner)
    switch_off(settings)

    for address in ("/leaderboard/", f"/members/{owner.handle}/points/", "/studio/badges/"):
        assert client.get(address).status_code == 404
    for address in ("/leaderboard/listing/", "/learn/goal/"):
        assert client.post(address).status_code == 404
