"""What pages show, and the fixed number of queries that each costs."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from stepwell.accounts.models import User
from stepwell.core.slugs import slugify
from stepwell.courses.actions import (
    archive_course,
    create_lesson,
    publish_lesson,
    unpublish_course,
    update_lesson,
)
from stepwell.learning.actions import (
    complete_lesson,
    reopen_lesson,
    start_course_over,
    unenroll_from_course,
)
from stepwell.learning.models import Enrollment, Origin
from tests.factories import enroll, lessons_of, make_course, make_user
from tests.web.sign_in import PAGES, SIGN_UP

pytestmark = pytest.mark.django_db

SIZES = pytest.mark.parametrize("size", [1, 3, 50])
SIGNED_IN = 1  # the session with its user
POINTS = 2  # the ledger's sums, and what the learner chose
OUTLINES = 4  # courses, lessons, sub-pages and instructors, while they are not in memory yet


@pytest.fixture
def learner(client: Client) -> Any:
    person = make_user("Lara Learner")
    client.force_login(person)
    return person


def text_of(client: Client, address: str) -> str:
    return client.get(address).content.decode()


@SIZES
def test_catalog_costs_as_many_queries_for_any_number_of_courses(
    client: Client, learner: Any, django_assert_num_queries: Any, size: int
) -> None:
    for number in range(min(size, 30)):
        enroll(make_course(title=f"Course {number}"), learner)
    # How many courses there are, a page of them; enrollments and completions. In memory, the
    # outlines of the page serve those of the enrollments too.
    with django_assert_num_queries(SIGNED_IN + 4 + 2 * OUTLINES):
        client.get("/courses/")


def test_catalog_costs_strangers_two_queries_and_one_for_the_schools_look(
    client: Client, django_assert_num_queries: Any
) -> None:
    make_course()
    with django_assert_num_queries(OUTLINES + 3):
        client.get("/courses/")


@SIZES
def test_course_page_costs_as_many_queries_for_any_number_of_lessons(
    client: Client, learner: Any, django_assert_num_queries: Any, size: int
) -> None:
    course = make_course((size, size))
    enroll(course, learner)
    complete_lesson(user=learner, lesson=lessons_of(course)[0], origin=Origin.WEB)
    # The course, the enrollment, and its completions.
    with django_assert_num_queries(SIGNED_IN + OUTLINES + 3):
        client.get("/courses/course/")


@SIZES
def test_lesson_page_costs_as_many_queries_for_any_number_of_lessons(
    client: Client, learner: Any, django_assert_num_queries: Any, size: int
) -> None:
    course = make_course((size, size))
    enroll(course, learner)
    # The lesson with its course and whether they are a member, and their completions.
    with django_assert_num_queries(SIGNED_IN + OUTLINES + 2):
        client.get("/courses/course/lessons/lesson-11/")


@SIZES
def test_my_learning_costs_as_many_queries_for_any_number_of_courses(
    client: Client, learner: Any, django_assert_num_queries: Any, size: int
) -> None:
    for number in range(min(size, 30)):
        enroll(make_course((1, 2), title=f"Course {number}"), learner)
    # Enrollments, and completions.
    with django_assert_num_queries(SIGNED_IN + OUTLINES + 2 + POINTS):
        client.get("/learn/")


@SIZES
def test_finished_courses_cost_my_learning_the_same(
    client: Client, learner: Any, django_assert_num_queries: Any, size: int
) -> None:
    for number in range(min(size, 10)):
        course = make_course((1,), title=f"Course {number}")
        enroll(course, learner)
        complete_lesson(user=learner, lesson=lessons_of(course)[0], origin=Origin.WEB)
    # No next lesson is asked for; instead, what has come since each was finished. One query more
    # finds the course to join next.
    with django_assert_num_queries(SIGNED_IN + OUTLINES + 3 + POINTS):
        client.get("/learn/")


def test_my_learning_without_courses_shows_the_way_to_the_catalog(
    client: Client, learner: Any
) -> None:
    assert "Nothing here yet" in text_of(client, "/learn/")


def test_my_learning_puts_the_course_last_touched_first(client: Client, learner: Any) -> None:
    first, second = make_course(title="First"), make_course(title="Second")
    enroll(first, learner)
    enroll(second, learner)
    complete_lesson(user=learner, lesson=lessons_of(first)[0], origin=Origin.WEB)
    page = text_of(client, "/learn/")
    assert "Continue with “Lesson 1.2”" in page
    assert page.index("First") < page.index("Second")


def test_my_learning_says_why_a_closed_course_is_unavailable(client: Client, learner: Any) -> None:
    course = make_course((2,))
    enroll(course, learner)
    complete_lesson(user=learner, lesson=lessons_of(course)[0], origin=Origin.WEB)
    unpublish_course(course=course)
    page = text_of(client, "/learn/")
    assert "This course is being edited and is closed for now. Your progress is kept." in page
    assert "1 of 2 lessons completed" in page


def test_finished_learner_sees_new_lessons_and_stays_finished(client: Client, learner: Any) -> None:
    course = make_course((1,))
    enroll(course, learner)
    complete_lesson(user=learner, lesson=lessons_of(course)[0], origin=Origin.WEB)
    module = course.modules.get()
    for title in ("More", "Still more"):
        publish_lesson(lesson=create_lesson(module=module, title=title))
    page = text_of(client, "/courses/course/")
    assert "2 new lessons" in page
    assert "finished" in page
    assert Enrollment.objects.get().finished_at is not None


def test_course_page_tells_who_left_what_is_kept(client: Client, learner: Any) -> None:
    course = make_course((3,))
    enroll(course, learner)
    complete_lesson(user=learner, lesson=lessons_of(course)[0], origin=Origin.WEB)
    kept = "You completed 1 of 3 lessons before. Enroll to go on from there."
    assert kept not in text_of(client, "/courses/course/")
    unenroll_from_course(user=learner, course=course, origin=Origin.WEB)
    assert kept in text_of(client, "/courses/course/")
    client.force_login(make_user())
    assert "You completed" not in text_of(client, "/courses/course/")


@pytest.mark.parametrize("close", [unpublish_course, archive_course])
def test_leaving_a_closed_course_twice_says_the_same_twice(
    client: Client, learner: Any, close: Any
) -> None:
    course = make_course()
    enroll(course, learner)
    close(course=course)
    for _time in range(2):
        answer = client.post("/courses/course/enrollment/", {"state": "unenrolled"}, follow=True)
        assert answer.redirect_chain == [("/learn/", 302)]
        assert "You’re no longer enrolled. Your progress is kept." in answer.content.decode()


def test_course_page_shows_the_earlier_attempt(client: Client, learner: Any) -> None:
    course = make_course((2,))
    enroll(course, learner)
    complete_lesson(user=learner, lesson=lessons_of(course)[0], origin=Origin.WEB)
    start_course_over(user=learner, course=course, origin=Origin.WEB)
    page = text_of(client, "/courses/course/")
    assert "1 earlier attempt" in page
    assert "0 of 2 lessons completed" in page


def test_completion_by_htmx_answers_only_what_changed(client: Client, learner: Any) -> None:
    course = make_course((2,))
    enroll(course, learner)
    answer = client.post(
        "/courses/course/lessons/lesson-11/completion/",
        {"state": "completed"},
        headers={"HX-Request": "true"},
    ).content.decode()
    assert "<html" not in answer
    assert "1 of 2 lessons completed" in answer
    assert "Lesson completed." in answer
    assert answer.count('hx-swap-oob="true"') == 5


def test_refusal_by_htmx_leads_the_whole_page(client: Client, learner: Any) -> None:
    make_course((1,))
    answer = client.post(
        "/courses/course/lessons/lesson-11/completion/",
        {"state": "completed"},
        headers={"HX-Request": "true"},
    )
    assert answer["HX-Redirect"] == "/courses/course/"
    assert "You are not enrolled" in text_of(client, "/courses/course/")


def test_completing_after_the_session_ended_leads_to_sign_in_and_back(client: Client) -> None:
    make_course((1,))
    address = "/courses/course/lessons/lesson-11/"
    sign_in = f"/accounts/login/?next={address}"
    plain = client.post(f"{address}completion/", {"state": "completed"})
    assert plain["Location"] == sign_in
    answer = client.post(
        f"{address}completion/", {"state": "completed"}, headers={"HX-Request": "true"}
    )
    assert (answer.status_code, answer["HX-Redirect"]) == (200, sign_in)
    assert "HX-Redirect" not in plain


def test_empty_site_asks_for_its_owner(client: Client) -> None:
    assert client.get("/")["Location"] == "/welcome/"
    answer = client.post(
        "/welcome/",
        {"name": "Olga", "email": "olga@example.org", "password": "a calm desk by the window"},
    )
    assert answer["Location"] == "/welcome/first-steps/"
    assert client.get("/welcome/")["Location"] == "/"
    assert "Add the sample course" in text_of(client, "/welcome/first-steps/")
    for command in ("import --publish FOLDER", "unpublish git-without-fear"):
        assert f"STEPWELL_DATA={settings.SITE.data} bin/stepwell {command}<" in text_of(
            client, "/welcome/first-steps/"
        )
    assert client.post("/welcome/first-steps/")["Location"] == "/courses/git-without-fear/"
    assert "Olga" in text_of(client, "/courses/git-without-fear/")
    assert client.get("/welcome/first-steps/")["Location"] == "/courses/"


@pytest.mark.parametrize("name", PAGES)
def test_empty_site_lets_nobody_come_before_its_owner(client: Client, name: str) -> None:
    for ask in (client.get, client.post):
        assert ask(PAGES[name], SIGN_UP, follow=True).redirect_chain[-1] == ("/welcome/", 302)
    assert not User.objects.exists()


def test_first_run_offers_no_way_around_it(client: Client) -> None:
    page = text_of(client, "/welcome/")
    assert PAGES["account_login"] not in page
    assert PAGES["account_signup"] not in page


def test_weak_password_of_the_owner_is_refused_and_the_form_kept(client: Client) -> None:
    answer = client.post(
        "/welcome/", {"name": "Olga", "email": "olga@example.org", "password": "password"}
    ).content.decode()
    assert "too common" in answer
    assert 'value="olga@example.org"' in answer


def test_search_finds_every_word_in_title_or_summary(client: Client) -> None:
    make_course(title="Reading the night sky")
    make_course(title="Bread")
    page = text_of(client, "/courses/?q=night+reading")
    assert "Reading the night sky" in page
    assert ">Bread<" not in page
    assert "No course matches" in text_of(client, "/courses/?q=xyz")


def test_profile_shows_progress_to_its_owner_alone(client: Client, learner: Any) -> None:
    enroll(make_course(title="Secret hobby"), learner)
    assert "Secret hobby" in text_of(client, f"/members/{learner.handle}/")
    client.force_login(make_user("Other"))
    assert "Secret hobby" not in text_of(client, f"/members/{learner.handle}/")


def test_token_is_shown_once_and_revoked(client: Client, learner: Any) -> None:
    page = client.post("/accounts/tokens/", {"label": "phone"}).content.decode()
    assert "stw_" in page.split('class="secret"')[1]
    assert 'class="secret"' not in text_of(client, "/accounts/tokens/")
    client.post(f"/accounts/tokens/{learner.api_tokens.get().pk}/")
    assert not learner.api_tokens.exists()


@pytest.mark.parametrize("title", ["ภาษาไทยเบื้องต้น", "हिन्दी भाषा", "தமிழ் மொழி"])
def test_title_of_any_script_gives_an_address(client: Client, learner: Any, title: str) -> None:
    course = make_course(title=title)
    enroll(course, learner)
    lesson = update_lesson(lesson=lessons_of(course)[0], slug=slugify(title))

    assert course.slug == slugify(title)
    assert client.get(f"/courses/{course.slug}/lessons/{lesson.slug}/").status_code == 200


def test_pages_are_asked_for_anew_each_time(client: Client, learner: Any) -> None:
    for address in ("/learn/", "/courses/", "/accounts/settings/", "/nowhere/"):
        assert client.get(address)["Cache-Control"] == "private, no-cache"
    assert "no-store" in Client().get("/accounts/login/")["Cache-Control"]


def test_signing_out_takes_the_pages_out_of_the_browser(client: Client, learner: Any) -> None:
    assert "Clear-Site-Data" not in client.get("/accounts/logout/")
    assert client.post("/accounts/logout/")["Clear-Site-Data"] == '"cache", "prefetchCache"'


def test_answer_to_a_form_is_not_sent_again_by_reloading(client: Client, learner: Any) -> None:
    assert "js/fresh.js" in text_of(client, "/accounts/tokens/")
    assert "js/fresh.js" not in client.post("/accounts/tokens/", {}).content.decode()


def test_more_parameters_than_anyone_reads_are_refused(client: Client) -> None:
    assert client.get("/courses/?" + "&".join(["q=a"] * 1001)).status_code == 400


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [("gzip, deflate, br, zstd", "zstd"), ("gzip, br", "br"), ("gzip", "gzip")],
)
def test_pages_come_compressed(client: Client, accepted: str, sent: str) -> None:
    answer = client.get("/courses/", headers={"Accept-Encoding": accepted})
    assert answer["Content-Encoding"] == sent
    assert "Accept-Encoding" in answer["Vary"]


@pytest.mark.parametrize("name", ["\u202e\u200b", "\u202eLara", "\x07bell", "https://evil.example"])
def test_name_that_others_could_not_read_is_refused(
    client: Client, learner: Any, name: str
) -> None:
    answer = client.post("/accounts/settings/", {"name": name, "time_zone": ""})
    assert "Write a name that others can read" in answer.content.decode()
    learner.refresh_from_db()
    assert learner.name == "Lara Learner"


def test_name_stands_on_one_line(client: Client, learner: Any) -> None:
    client.post("/accounts/settings/", {"name": "x\r\nBcc: v@evil.example", "time_zone": ""})
    learner.refresh_from_db()
    assert learner.name == "x Bcc: v@evil.example"


def test_token_with_a_label_that_nobody_can_read_is_refused(client: Client, learner: Any) -> None:
    answer = client.post("/accounts/tokens/", {"label": "\x07"})
    assert "Write a label that you can read" in answer.content.decode()
    assert not learner.api_tokens.exists()


def test_pages_of_the_catalog_keep_the_search(client: Client) -> None:
    for number in range(25):
        make_course((), title=f"Bread & salt {number:02}")
    page = text_of(client, "/courses/?q=bread+%26")
    assert 'href="?page=2&amp;q=bread+%26"' in page
    assert "Bread &amp; salt 24" in text_of(client, "/courses/?page=2&q=bread+%26")


def test_every_list_says_what_the_course_page_says(client: Client, learner: Any) -> None:
    course = make_course((2,), title="First steps")
    enroll(course, learner)
    lessons = lessons_of(course)
    for lesson in lessons:
        complete_lesson(user=learner, lesson=lesson, origin=Origin.WEB)
    publish_lesson(lesson=create_lesson(module=lessons[0].module, title="New"))
    reopen_lesson(
        user=learner, lesson=lessons[0], origin=Origin.WEB
    )  # so that it is the first card
    for address in (
        "/learn/",
        "/courses/",
        course.get_absolute_url(),
        f"/members/{learner.handle}/",
    ):
        assert "1 new lesson" in text_of(client, address)
    for address in ("/learn/", course.get_absolute_url()):
        assert "finished" in text_of(client, address)


def test_archived_course_is_said_to_be_withdrawn(client: Client, learner: Any) -> None:
    course = make_course((2,))
    enroll(course, learner)
    archive_course(course=course)
    page = text_of(client, "/learn/")
    assert "This course was withdrawn. Your progress is kept." in page
    assert "being edited" not in page
    assert "withdrawn" in text_of(client, f"/members/{learner.handle}/")


def test_head_has_the_length_of_the_page(client: Client, learner: Any) -> None:
    page, head = client.get("/courses/"), client.head("/courses/")

    assert head["Content-Length"] == page["Content-Length"] == str(len(page.content))
