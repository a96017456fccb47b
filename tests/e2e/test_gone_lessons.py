"""A lesson that is hidden while somebody reads it."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from stepwell.accounts.models import User
from stepwell.courses.actions import archive_lesson
from tests.factories import enroll, lessons_of, make_course, make_user


def test_lesson_that_was_archived_while_it_is_read_leads_on(
    open_context: Callable[..., BrowserContext],
    sign_in: Callable[[BrowserContext, User], None],
    check_accessibility: Callable[[Page], None],
) -> None:
    course = make_course((2, 1), title="Small steps")
    learner = make_user()
    enroll(course, learner)
    context = open_context()
    sign_in(context, learner)
    page = context.new_page()
    lesson = lessons_of(course)[0]
    page.goto(lesson.get_absolute_url())
    archive_lesson(lesson=lesson)

    page.locator("#completion-end").get_by_role("button", name="Mark complete").click()

    expect(page.locator("#completion-end")).to_contain_text("no longer part of “Small steps”")
    expect(page.locator("#lesson-steps")).to_contain_text("0 of 2")
    expect(page.locator("#lesson-outline [aria-current]")).to_have_count(0)
    check_accessibility(page)
    page.reload()
    expect(page.get_by_role("main")).to_contain_text("no longer part of “Small steps”")
    check_accessibility(page)
    page.get_by_role("link", name="Go to your next open lesson").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lesson 1.2")
