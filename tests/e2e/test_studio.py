"""An instructor looks after a class."""

import csv
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from stepwell.accounts.models import User
from stepwell.core import clock
from stepwell.courses.actions import set_instructors
from stepwell.courses.models import Course
from stepwell.learning.actions import complete_lesson
from tests.e2e.conftest import PHONE
from tests.factories import enroll, lessons_of, make_course, make_instructor, make_user

SIGN_IN = Callable[[BrowserContext, User], None]


@pytest.fixture
def teacher(live_site: str) -> User:
    """Who teaches a course of three lessons and 53 learners, of whom one is stuck."""
    course, teacher = make_course((2, 1), title="Small steps"), make_instructor()
    set_instructors(course=course, instructors=[teacher])
    with clock.at(clock.now() - timedelta(days=20)):
        learn(course, "Sam Stuck", 1)
    learn(course, "Fin Fast", 3)
    for number in range(51):
        learn(course, f"Nia {number:02}", 0)
    return teacher


def learn(course: Course, name: str, completed: int) -> None:
    user = enroll(course, make_user(name)).user
    for lesson in lessons_of(course)[:completed]:
        complete_lesson(user=user, lesson=lesson)


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("size", ["desk", "phone"])
def test_instructor_finds_who_is_stuck(
    *,
    teacher: User,
    open_context: Callable[..., BrowserContext],
    sign_in: SIGN_IN,
    check_accessibility: Callable[[Page], None],
    has_script: bool,
    size: str,
) -> None:
    options = {"viewport": PHONE} if size == "phone" else {}
    context = open_context(java_script_enabled=has_script, **options)
    sign_in(context, teacher)
    page = context.new_page()
    scan = check_accessibility if has_script else (lambda _page: None)
    summary = page.locator("#learners-summary")
    fin = User.objects.get(name="Fin Fast")

    page.goto("/courses/small-steps/")
    page.get_by_role("link", name="Learners of this course").click()
    expect(summary).to_have_text("53 learners")
    scan(page)

    page.locator("#sort-progress").click()
    expect(page).to_have_url("/studio/courses/small-steps/learners/?sort=-progress")
    expect(page.locator("[aria-sort=descending] #sort-progress")).to_have_count(1)
    expect(page.locator("tbody th a").first).to_have_text("Fin Fast")
    page.locator("#sort-progress").click()
    expect(page.locator("[aria-sort=ascending] #sort-progress")).to_have_count(1)
    page.get_by_role("link", name="Next", exact=True).click()
    expect(page.get_by_text("Page 2 of 2")).to_be_visible()
    expect(page.locator("tbody th a").last).to_have_attribute("href", f"mailto:{fin.email}")
    page.go_back()
    expect(page.get_by_text("Page 1 of 2")).to_be_visible()

    page.get_by_role("link", name="Stuck for 14 days").click()
    expect(summary).to_have_text("1 learner")
    expect(page.locator("tbody th a").first).to_have_text("Sam Stuck")
    expect(page.locator("tbody")).to_contain_text("2. Lesson 1.2")
    scan(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download CSV").click()
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert [row["name"] for row in csv.DictReader(lines)] == ["Sam Stuck"]

    page.get_by_role("link", name="Lesson by lesson").click()
    scan(page)
    page.get_by_role("row", name="Lesson 1.2").get_by_role("link").last.click()
    expect(page.get_by_text("Next lesson: “Lesson 1.2”")).to_be_visible()
    expect(summary).to_have_text("1 learner")
    scan(page)


def test_table_is_exchanged_in_place_and_keeps_the_focus(
    teacher: User, page: Page, sign_in: SIGN_IN
) -> None:
    sign_in(page.context, teacher)
    page.goto("/studio/courses/small-steps/learners/")
    page.evaluate("window.isTheSamePage = true")

    page.locator("#sort-name").press("Enter")
    expect(page.locator("[aria-sort=ascending] #sort-name")).to_be_focused()
    page.locator("#search").fill("fin")
    page.locator("#search").press("Enter")
    expect(page.locator("#learners-summary")).to_have_text("1 learner")
    expect(page.locator("#search")).to_be_focused()
    expect(page).to_have_url("/studio/courses/small-steps/learners/?q=fin&sort=name")

    assert page.evaluate("window.isTheSamePage")
    page.reload()
    expect(page.locator("#learners-summary")).to_have_text("1 learner")
