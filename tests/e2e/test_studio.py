"""An instructor looks after a class."""

import csv
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from stepwell.accounts.models import User
from stepwell.core import clock
from stepwell.courses.actions import (
    set_instructors,
    update_course,
    update_lesson,
    update_module,
)
from stepwell.courses.models import Course
from stepwell.learning.actions import complete_lesson
from stepwell.learning.models import Origin
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
        complete_lesson(user=user, lesson=lesson, origin=Origin.WEB)


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


STARTS = """titles => titles.map((title) => {
  const words = document.evaluate(`//main//text()[contains(., "${title}")]
    [not(ancestor::*[@class="visually-hidden" or contains(@class, "menu")])]`, document, null,
    XPathResult.ORDERED_NODE_SNAPSHOT_TYPE);
  return [...Array(words.snapshotLength).keys()].map((place) => {
    const range = document.createRange();
    range.selectNodeContents(words.snapshotItem(place));
    const row = words.snapshotItem(place).parentElement.closest("h1, h2, h3, li, th, a, p, div");
    return [range.getBoundingClientRect(), row.getBoundingClientRect()];
  }).filter(([{ width }]) => width > 1).map(([text, row]) => text.left - row.left);
})"""


@pytest.mark.parametrize("width", [390, 1280])
def test_titles_of_a_course_from_right_to_left_begin_where_those_of_the_page_do(
    width: int, live_site: str, open_context: Callable[..., BrowserContext], sign_in: SIGN_IN
) -> None:
    titles = ["مقدمة", "البداية", "المتغيرات"]
    course, teacher = make_course([1], title=titles[0]), make_instructor()
    update_course(course=course, language="ar", summary=titles[0])
    set_instructors(course=course, instructors=[teacher])
    lesson = lessons_of(course)[0]
    update_module(module=lesson.module, title=titles[1])
    update_lesson(lesson=lesson, title=titles[2])
    enroll(course, teacher)
    context = open_context(viewport={"width": width, "height": 800})
    sign_in(context, teacher)
    page = context.new_page()
    studio = f"/studio/courses/{course.slug}/"
    for address in (
        "/studio/", studio, f"{studio}lessons/", f"{studio}lessons/{lesson.key}/",
        "/courses/", course.get_absolute_url(), lesson.get_absolute_url(), "/learn/",
    ):  # fmt: skip
        page.goto(f"{live_site}{address}")
        found = [each for title in page.evaluate(STARTS, titles) for each in title]
        assert found, address
        # A number, a mark or, in the studio's list, a cover may come before a title.
        assert max(found) < (90 if address == "/studio/" else 40), (address, found)
