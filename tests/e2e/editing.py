"""What tests of the lesson's editor do in its two forms."""

from playwright.sync_api import Page, Route, expect

from stepwell.courses.models import Lesson

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJ"
    "RU5ErkJggg=="
)
VISUAL = "[data-visual] .prose"
SOURCE = "textarea[name=body]"


def open_lesson(page: Page, lesson: Lesson) -> None:
    page.goto(f"/studio/courses/{lesson.course.slug}/lessons/{lesson.key}/")
    expect(page.locator(VISUAL)).to_be_visible()


def turn(page: Page, form: str) -> None:
    page.get_by_role("button", name=form, exact=True).click()
    expect(page.locator(SOURCE if form == "Markdown" else VISUAL)).to_be_visible()


def write(page: Page, markdown: str) -> None:
    """Give the visual editor a text as an author would: in Markdown, then turned."""
    if page.locator(VISUAL).is_visible():
        turn(page, "Markdown")
    page.locator(SOURCE).fill(markdown)
    turn(page, "Visual")


def markdown(page: Page) -> str:
    turn(page, "Markdown")
    return page.locator(SOURCE).input_value()


def see_the_selection(page: Page) -> None:
    """Let the editor hear where the browser's selection is now, which it does a moment later."""
    frame = "new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)))"
    page.evaluate(f"() => {frame}")


def press(page: Page, *keys: str) -> None:
    """Press keys, or letters with Control, each once the editor has seen the selection."""
    page.locator(VISUAL).focus()
    for key in keys:
        see_the_selection(page)
        page.keyboard.press(f"Control+{key}" if len(key) == 1 else key)


def never_save(page: Page) -> None:
    """Answer saves without the server: only the editor matters, and many texts go through it."""

    def answer(route: Route) -> None:
        route.fulfill(json={"revision": 1, "saved": "Saved"})

    page.route("**/text/", answer)
