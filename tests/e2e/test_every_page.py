"""Every page and state of the demo academy, scanned in light and dark, at a desk and on a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from stepwell.accounts.models import User
from stepwell.courses.actions import unpublish_course
from stepwell.courses.models import Course, Lesson
from stepwell.demo.academy import load_academy
from stepwell.learning.actions import enroll_in_course
from stepwell.learning.models import Origin
from tests.e2e.conftest import DESK, PHONE

NARROW = {"width": 320, "height": 640}
TWO_ROWS = 110  # pixels
SIGN_IN = Callable[[BrowserContext, User], None]

STRANGER = [
    "/",
    "/courses/",
    "/courses/?q=nothing-matches-this",
    "/courses/git-without-fear/",
    "/nowhere/",
    "/api/v1/docs",
]
LEARNER = [
    "/learn/",
    "/courses/",
    "/courses/git-without-fear/",
    "/courses/writing-that-gets-read/",
    "/courses/statistics-you-can-feel/",
    "/members/amara-okafor/",
    "/members/elias-moreau/",
    "/members/amara-okafor/points/",
    "/leaderboard/?period=all",
    "/leaderboard/?period=all&course=git-without-fear",
    "/accounts/settings/",
    "/accounts/tokens/",
]
TEACHER = [
    "/studio/",
    "/studio/courses/git-without-fear/learners/",
    "/studio/courses/git-without-fear/learners/?stuck=14&sort=name",
    "/studio/courses/git-without-fear/learners/?q=nothing-matches-this",
    "/studio/courses/git-without-fear/lessons/",
    "/courses/git-without-fear/",
    "/studio/archive/",
    "/studio/import/",
    *(
        f"/studio/courses/git-without-fear/{end}"
        for end in (
            *("", "details/", "status/", "archiving/", "archive/", "attachments/", "transfer/"),
            *("people/", "preview/"),
        )
    ),
]
OF_A_LESSON = ("", "settings/", "history/", "status/", "archiving/", "preview/")
OWNER = ["/studio/badges/", "/members/amara-okafor/points/", "/leaderboard/?period=day"]
OWNER += ["/studio/settings/", "/studio/settings/mail/", "/studio/members/"]


@pytest.fixture
def academy(live_site: str) -> User:
    """The demo learner, enrolled in everything, with one of the courses closed."""
    load_academy()
    learner = User.objects.get(email="learner@example.org")
    for course in Course.objects.all():
        enroll_in_course(user=learner, course=course, origin=Origin.WEB)
    unpublish_course(course=Course.objects.get(slug="reading-the-night-sky"))
    return learner


def visit(page: Page, addresses: list[str], scan: Callable[..., None]) -> None:
    # Colors are the same on a phone: there, one scheme shows what the other layout does.
    schemes = ("light",) if page.viewport_size == PHONE else ("light", "dark")
    for address in addresses:
        page.goto(address)
        scan(page, schemes)
        assert_fits(page)
        if page.viewport_size == PHONE:
            page.set_viewport_size(NARROW)
            assert_fits(page)
            page.set_viewport_size(PHONE)


def assert_fits(page: Page) -> None:
    """Fail if the page scrolls sideways, or its header needs more than two rows."""
    overflow = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert overflow <= 0, f"{page.url} is wider than {page.viewport_size} by {overflow} px"
    height = page.evaluate("document.querySelector('.site-header').offsetHeight")
    assert height <= TWO_ROWS, f"{page.url} has a header of {height} px in {page.viewport_size}"


def test_pages_of_the_academy(
    academy: User,
    open_context: Callable[..., BrowserContext],
    sign_in: SIGN_IN,
    check_accessibility: Callable[..., None],
) -> None:
    lessons = Lesson.objects.visible().in_outline_order().select_related("course")
    for viewport in (DESK, PHONE):
        visit(open_context(viewport=viewport).new_page(), STRANGER, check_accessibility)
        context = open_context(viewport=viewport)
        sign_in(context, academy)
        richest = [
            lessons.filter(html__contains=piece).first()
            for piece in ("<math", "<table", "footnote", "<details", "checkbox", "<img")
        ]
        with_video = lessons.exclude(video="").first()
        with_page = lessons.filter(pages__isnull=False).first()
        assert with_video
        assert with_page
        addresses = sorted({lesson.get_absolute_url() for lesson in richest if lesson})
        pages = [with_video.get_absolute_url(), with_page.pages.get().get_absolute_url()]
        visit(context.new_page(), LEARNER + addresses + pages, check_accessibility)
        context = open_context(viewport=viewport)
        sign_in(context, User.objects.get(email="noor@example.org"))
        key = lessons.filter(course__slug="git-without-fear")[0].key
        writing = [f"/studio/courses/git-without-fear/lessons/{key}/{end}" for end in OF_A_LESSON]
        visit(context.new_page(), TEACHER + writing, check_accessibility)
        context = open_context(viewport=viewport)
        sign_in(context, User.objects.get(email="owner@example.org"))
        visit(context.new_page(), OWNER, check_accessibility)


def test_first_run_and_empty_site(page: Page, check_accessibility: Callable[..., None]) -> None:
    page.goto("/")
    check_accessibility(page)
    page.get_by_label("Your name").fill("Olga Owner")
    page.get_by_label("Email").fill("olga@example.org")
    page.get_by_label("Password").fill("a calm desk by the window")
    page.get_by_role("button", name="Create the owner’s account").click()
    page.wait_for_url("**/welcome/first-steps/")
    check_accessibility(page)
    page.goto("/learn/")
    check_accessibility(page)
    page.goto("/courses/")
    check_accessibility(page)
    page.get_by_role("link", name="Begin").click()
    page.get_by_role("button", name="Add the sample course").click()
    page.wait_for_url("**/courses/git-without-fear/", timeout=60_000)


def test_video_asks_no_other_host_before_it_is_clicked(
    academy: User, browser: Browser, live_site: str, sign_in: SIGN_IN
) -> None:
    lesson = Lesson.objects.visible().exclude(video="").select_related("course").first()
    assert lesson
    context = browser.new_context(base_url=live_site)
    asked: list[str] = []
    context.route("https://**", lambda route: (asked.append(route.request.url), route.abort()))
    sign_in(context, academy)
    page = context.new_page()
    page.goto(lesson.get_absolute_url())
    assert not asked
    with page.expect_request("https://www.youtube-nocookie.com/embed/**"):
        page.locator(".video-link").click()
    expect(page.locator(".video iframe")).to_be_focused()
    context.close()
