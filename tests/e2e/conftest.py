"""A real Chromium on the running site; every page is watched for errors and foreign requests."""

import os
import shutil
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

from stepwell.accounts.models import User
from stepwell.courses.actions import set_instructors
from stepwell.courses.models import Course
from tests.e2e.editing import open_lesson
from tests.factories import lessons_of, make_course, make_instructor

# Playwright keeps an event loop in this thread; Django would take its own calls for async ones.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

CHROMIUM = os.environ.get("STEPWELL_TEST_CHROMIUM") or shutil.which("chromium")
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
# How long to wait for what will come, on a machine that does other things too.
MADE_BY_TEST = "x-made-by-test"  # marks an answer that a test gave in place of the server
PATIENCE = 30_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "e2e" in item.path.parts:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.fail("Chromium is not installed: leave these out with -m 'not browser'.")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def live_site(live_server, transactional_db) -> str:  # type: ignore[no-untyped-def]  # pytest-django's
    """The address of the running site, on which nobody has tried anything too often yet."""
    cache.clear()
    return str(live_server.url)


@pytest.fixture
def open_context(browser: Browser, live_site: str) -> Iterator[Callable[..., BrowserContext]]:
    """Return a function that opens a browser window's context; what it saw is judged at the end."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []
    host = urlsplit(live_site).netloc

    def watch_request(request: Request) -> None:
        if urlsplit(request.url).scheme.startswith("http") and urlsplit(request.url).netloc != host:
            faults.append(f"request to another host: {request.url}")

    def watch(page: Page) -> None:
        page.on("pageerror", lambda error: faults.append(f"script error: {error}"))
        page.on(
            "console",
            lambda message: (
                message.type == "error"
                and not message.text.startswith(("Failed to load resource", "htmx:"))
                and faults.append(f"console: {message.text} {message.location}")
            ),
        )
        page.on("request", watch_request)
        page.on(
            "response",
            lambda answer: (
                answer.status >= 500
                and MADE_BY_TEST not in answer.headers
                and faults.append(f"{answer.status} {answer.url}")
            ),
        )

    def open_one(**options: object) -> BrowserContext:
        settings = {"viewport": DESK, "base_url": live_site, "reduced_motion": "reduce"} | options
        context = browser.new_context(**settings)  # type: ignore[arg-type]  # as new_context takes
        context.set_default_timeout(PATIENCE)
        context.on("page", watch)
        contexts.append(context)
        return context

    yield open_one
    for context in contexts:
        context.close()
    assert not faults


@pytest.fixture
def page(open_context: Callable[..., BrowserContext]) -> Page:
    """A page of a desk-sized window."""
    return open_context().new_page()


@pytest.fixture
def sign_in(live_site: str) -> Callable[[BrowserContext, User], None]:
    """Return a function that signs a person in without walking through the sign-in page."""

    def sign(context: BrowserContext, user: User) -> None:
        client = Client()
        client.force_login(user)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_site}]
        )

    return sign


@pytest.fixture
def check_accessibility() -> Callable[..., None]:
    """Return a function that fails on any axe violation of the page, in light and in dark."""

    def check(page: Page, schemes: tuple[str, ...] = ("light", "dark")) -> None:
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of its literals
            # Preloading asks for imported stylesheets at wrong addresses.
            found = Axe().run(page, options={"preload": False})
            assert found.violations_count == 0, f"{page.url}, {scheme}\n{found.generate_report()}"
        page.emulate_media(color_scheme="light")

    return check


@pytest.fixture
def taught_course(live_site: str) -> Course:
    """A course of two lessons with an instructor."""
    course = make_course((2,), title="Tea")
    set_instructors(course=course, instructors=[make_instructor()])
    return course


@pytest.fixture
def editor(
    taught_course: Course,
    open_context: Callable[..., BrowserContext],
    sign_in: Callable[[BrowserContext, User], None],
) -> Page:
    """A window of the instructor's, with the first lesson open."""
    context = open_context()
    sign_in(context, taught_course.instructors.get())
    page = context.new_page()
    open_lesson(page, lessons_of(taught_course)[0])
    return page
