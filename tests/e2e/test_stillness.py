"""Pages stand still while they load."""

from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Literal

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import Page, Route, ViewportSize, expect
from pytest_django import Settings

from stepwell.accounts.models import Role
from stepwell.courses.actions import save_attachment, update_lesson
from stepwell.courses.models import Lesson
from tests.e2e.conftest import DESK, PHONE
from tests.factories import enroll, lessons_of, make_course, make_user

DRAWINGS = {
    "a.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="640" height="300"/>',
    "b.svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 12"/>',
}


@pytest.fixture
def lesson(
    live_site: str, page: Page, sign_in: Callable[..., None], settings: Settings, tmp_path: Path
) -> Lesson:
    """A lesson that shows drawings of several kinds, whose learner is signed in."""
    settings.MEDIA_ROOT = tmp_path
    course, person = make_course([1]), make_user()
    enroll(course, person)
    sign_in(page.context, person)
    for name, drawing in DRAWINGS.items():
        save_attachment(course=course, name=name, content=ContentFile(drawing.encode()))
    pictures = "![](assets/a.svg)\n\n![](assets/b.svg)\n\n<img src=assets/a.svg width=90>"
    return update_lesson(lesson=lessons_of(course)[0], body=f"{pictures}\n\n## The end")


@pytest.mark.parametrize(("size", "scheme"), [(DESK, "light"), (PHONE, "dark")])
def test_lesson_does_not_move_when_its_pictures_come(
    page: Page, lesson: Lesson, size: ViewportSize, scheme: Literal["light", "dark"]
) -> None:
    end, held = page.get_by_role("heading", name="The end"), list[Route]()
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    released = Event()
    page.route(
        "**/files/**",
        lambda route: route.continue_() if released.is_set() else held.append(route),
    )
    page.goto(lesson.get_absolute_url())
    before = end.bounding_box()

    released.set()
    for route in held:
        route.continue_()
    end.scroll_into_view_if_needed()
    for picture in page.locator(".prose img").all():
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("image => image.naturalWidth") > 0
    page.evaluate("scrollTo(0, 0)")

    # Sizes are written in whole pixels.
    assert end.bounding_box() == pytest.approx(before, abs=1)


def test_sign_in_page_does_not_make_room_for_passkeys_afterwards(
    live_site: str, page: Page
) -> None:
    make_user(role=Role.OWNER)
    page.goto("/accounts/login/")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_visible()
    script = page.locator("script[src*='js/passkey']")

    assert script.evaluate("script => Boolean(script.closest('.ways-in'))")
