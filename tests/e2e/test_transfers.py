"""A course goes out of the browser as a zip file, and comes in again."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from stepwell.accounts.models import User
from stepwell.courses.models import Course
from stepwell.learning.actions import complete_lesson
from stepwell.learning.models import Origin
from stepwell.transfer.importing import import_course
from stepwell.transfer.models import Transfer
from stepwell.transfer.transfers import run_transfer
from stepwell.transfer.zipped import pack
from tests.factories import enroll, make_instructor

SIGN_IN = Callable[[BrowserContext, User], None]
DEMO = Path(__file__).parents[2] / "src" / "stepwell" / "demo" / "courses"


def work() -> None:
    """Do what the worker does beside the server."""
    for transfer in Transfer.objects.all():
        run_transfer(transfer.key)


def test_course_comes_in_goes_out_and_comes_in_again(
    page: Page,
    live_site: str,
    sign_in: SIGN_IN,
    check_accessibility: Callable[[Page], None],
    tmp_path: Path,
) -> None:
    pack(DEMO / "git-without-fear", tmp_path / "git.zip")
    sign_in(page.context, make_instructor("Ines"))
    page.goto("/studio/")
    page.get_by_role("link", name="Import a course").click()
    page.get_by_label("Course folder as a zip file").set_input_files(tmp_path / "git.zip")
    page.get_by_role("button", name="Send and see the plan").click()
    expect(page.get_by_text("The folder is being read")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_be_visible()
    check_accessibility(page)
    work()
    expect(page.get_by_text("This would become a new course")).to_be_visible()
    check_accessibility(page)
    assert Course.objects.count() == 0

    page.get_by_label("Publish the course and its lessons at once").check()
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_text("The course is being imported.")).to_be_visible()
    work()
    page.get_by_role("link", name="Open in the studio").click()
    assert Course.objects.get().is_published

    page.get_by_role("link", name="Import and export").click()
    page.get_by_role("button", name="Make a zip file").click()
    work()
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Download").click()
    downloading.value.save_as(tmp_path / "out.zip")

    page.goto("/studio/courses/git-without-fear/transfer/")
    page.get_by_label("Course folder as a zip file").set_input_files(tmp_path / "out.zip")
    page.get_by_role("button", name="Send and see the plan").click()
    expect(page.get_by_text("The folder is being read")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_be_visible()
    work()
    expect(page.get_by_text("Nothing has changed.")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("It is cancelled. Nothing was changed.")).to_be_visible()


def test_plan_asks_by_keyboard_which_course_and_which_lesson_is_meant(
    page: Page,
    live_site: str,
    sign_in: SIGN_IN,
    check_accessibility: Callable[[Page], None],
    tmp_path: Path,
) -> None:
    ines, folder = make_instructor("Ines"), tmp_path / "bread"
    texts = {"README.md": "# Bread", **{f"0{n}/README.md": f"# Step {n}" for n in range(1, 5)}}
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    course = import_course(folder, zip_name="bread", publish=True, actor=ines).course
    step = course.lessons.get(title="Step 2")
    complete_lesson(user=enroll(course).user, lesson=step, origin=Origin.WEB)
    (folder / "02/README.md").write_text("# Rest")
    pack(folder, tmp_path / "bread.zip")
    sign_in(page.context, ines)
    page.goto("/studio/import/")
    page.get_by_label("Course folder as a zip file").set_input_files(tmp_path / "bread.zip")
    page.get_by_role("button", name="Send and see the plan").click()
    expect(page.get_by_text("The folder is being read")).to_be_visible()
    work()

    question = page.get_by_role("group", name="A course like this one exists already.")
    expect(question).to_be_visible()
    assert page.locator("input[type=radio]:checked").count() == 0
    check_accessibility(page)
    page.get_by_role("radio", name="Update “Bread”").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The folder is being read")).to_be_visible()
    work()
    question = page.get_by_role("group", name="“Step 2” becomes “Rest”; 1 person completed it.")
    expect(question).to_be_visible()
    check_accessibility(page)
    question.get_by_role("radio", name="Another lesson").check()
    page.get_by_role("button", name="See the plan").click()
    expect(page.get_by_text("The folder is being read")).to_be_visible()
    work()
    expect(page.get_by_text("This would update “Bread”")).to_be_visible()
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_text("The course is being imported.")).to_be_visible()
    work()
    expect(page.get_by_text("“Bread” is imported")).to_be_visible()
    step.refresh_from_db()
    assert (step.title, step.archived_at is not None) == ("Step 2", True)


def test_what_is_no_zip_file_is_said_beside_the_field(
    page: Page, live_site: str, sign_in: SIGN_IN, tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("x")
    sign_in(page.context, make_instructor("Ines"))
    page.goto("/studio/import/")

    page.get_by_label("Course folder as a zip file").set_input_files(tmp_path / "notes.txt")
    page.get_by_role("button", name="Send and see the plan").click()

    expect(page.get_by_text("Its name should end in .zip.")).to_be_visible()
