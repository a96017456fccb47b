"""What an import does before its transaction, and what it does when that was in vain."""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from threading import Event, Thread
from types import FrameType
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection, connections

from stepwell.core.markdown.rendering import render_tokens
from stepwell.courses.access import OPERATOR
from stepwell.courses.actions import create_lesson, save_attachment, update_lesson
from stepwell.courses.errors import NotAnInstructor
from stepwell.courses.models import Attachment, Course, Lesson, Page
from stepwell.learning.actions import complete_lesson
from stepwell.learning.models import Origin
from stepwell.transfer.errors import UnreadableSource
from stepwell.transfer.importing import import_course
from stepwell.transfer.origins import origin_of, remember_origin
from stepwell.transfer.report import ImportReport
from tests.factories import enroll, lessons_of, make_course, make_user
from tests.transfer.folders import WriteFiles
from tests.transfer.imports import FILES, OWN, changed, lesson, rows

pytestmark = pytest.mark.django_db(transaction=True)

LAST = 4  # of the steps that an import of FILES reports: three lessons, one file
PATIENCE = 2  # seconds until a test that is stuck fails
MORE = 5  # steps of an import of SHOWN: three lessons, two files
SHOWN = {  # every text shows a picture
    **FILES,
    "README.md": "# Bread\n\n![](img/g.svg)",
    "1-start/1-flour/README.md": "# Flour\n\n[Task](task.md) ![](../../img/a%20grain.png)",
    "1-start/1-flour/task.md": "# Task\n\n![](../../img/g.svg)",
    "1-start/2-water/README.md": "# Water\n\n<img src='../../img/g.svg' height=100>",
}


def files_in(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


def drawing(width: int) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="50"/>'


def widths() -> list[str]:
    """Return how wide the pictures are in every text that has one."""
    texts = [
        *Course.objects.values_list("description_html", flat=True),
        *Lesson.objects.order_by("title").values_list("html", flat=True),
        *Page.objects.values_list("html", flat=True),
    ]
    return [width for html in texts for width in re.findall(r' width="(\d+)"', html)]


def at(step: int, act: Callable[[], Any]) -> Callable[[int, int], None]:
    """Return what does something at one step of an import's second half, the preparing."""
    steps = count(1)
    return lambda done, total: act() if 2 * done > total and next(steps) == step else None


# The database is free


def test_a_learner_completes_a_lesson_while_an_import_renders(write_files: WriteFiles) -> None:
    course = make_course([1])
    enrollment = enroll(course)
    completed = Event()

    def complete() -> None:
        complete_lesson(user=enrollment.user, lesson=lessons_of(course)[0], origin=Origin.WEB)
        connections.close_all()
        completed.set()

    learner = Thread(target=complete)

    def wait_for_learner() -> None:
        learner.start()
        assert completed.wait(PATIENCE)

    import_course(write_files(FILES), progress=at(2, wait_for_learner), actor=OPERATOR)

    learner.join()


@contextmanager
def transactions_of_renderings() -> Iterator[list[bool]]:
    """Note for each rendering whether it takes place inside a transaction."""
    seen: list[bool] = []

    def watch(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and frame.f_code is render_tokens.__code__:
            seen.append(connection.in_atomic_block)

    sys.setprofile(watch)
    try:
        yield seen
    finally:
        sys.setprofile(None)


def test_nothing_is_rendered_inside_the_transaction(write_files: WriteFiles) -> None:
    with transactions_of_renderings() as first:
        import_course(write_files(FILES), actor=OPERATOR)
    with transactions_of_renderings() as second:
        import_course(write_files({"1-start/2-water/README.md": "# Water\n\nNew."}), actor=OPERATOR)

    texts = 6  # three lessons, two sub-pages, the description
    assert first.count(False) >= 2 * texts  # once to look through it, once to store it
    assert second
    assert not any(first + second)


def test_pictures_are_measured_before_the_transaction(write_files: WriteFiles) -> None:
    with transactions_of_renderings() as first:
        course = import_course(
            write_files({**SHOWN, "img/g.svg": drawing(70)}), actor=OPERATOR
        ).course
    assert widths() == ["70", "140", "70"]
    own = create_lesson(
        module=course.modules.all()[0], title="Own", body="Own: ![](assets/img/g.svg)"
    )

    with transactions_of_renderings() as second:
        import_course(write_files({"img/g.svg": drawing(80)}), actor=OPERATOR)

    assert widths() == ["80", "80", "160", "80"]
    assert 'width="80"' in Lesson.objects.get(pk=own.pk).html
    assert second
    assert not any(first + second)


def test_a_picture_that_no_text_shows_anew_renders_nothing(write_files: WriteFiles) -> None:
    import_course(write_files({**SHOWN, "img/g.svg": drawing(70)}), actor=OPERATOR)

    with transactions_of_renderings() as looked_through:
        assert import_course(write_files({}), actor=OPERATOR).is_unchanged
    with transactions_of_renderings() as second:
        import_course(write_files({"img/a grain.png": b"other"}), actor=OPERATOR)

    assert len(second) == len(looked_through) + 1  # the lesson that shows it


# Since then somebody else changed it


def test_an_import_that_another_one_outran_finds_nothing_to_do(
    write_files: WriteFiles, media: Path
) -> None:
    folder = write_files(FILES)
    reports: list[ImportReport] = []

    report = import_course(
        folder,
        progress=at(LAST, lambda: reports.append(import_course(folder, actor=OPERATOR))),
        actor=OPERATOR,
    )

    assert report.course == reports[0].course == Course.objects.get()
    assert report.is_unchanged
    assert files_in(media) == [Path(Attachment.objects.get().file.path)]


def test_an_edit_in_the_meantime_gives_way_to_the_source(write_files: WriteFiles) -> None:
    folder = write_files(FILES)
    import_course(folder, actor=OPERATOR)
    before = lesson("Water")

    def edit() -> None:
        update_lesson(lesson=lesson("Water"), body="Edited")

    report = import_course(folder, progress=at(LAST, edit), actor=OPERATOR)

    assert changed(report) == [("updated", "lesson", "Water")]
    after = lesson("Water")
    assert (after.body, after.html) == (before.body, before.html)


def import_as(folder: Path, other: Path) -> None:
    """Import another folder's files as if they had lain in the folder."""
    remember_origin(course=import_course(other, actor=OPERATOR).course, origin=origin_of(folder))


def test_an_outran_import_of_other_files_brings_its_own(
    write_files: WriteFiles, media: Path
) -> None:
    other = write_files({**FILES, "img/a grain.png": b"other"}, "other/course")
    folder = write_files(FILES)

    report = import_course(
        folder, progress=at(LAST, lambda: import_as(folder, other)), actor=OPERATOR
    )

    assert changed(report) == [("updated", "attachment", "img/a grain.png")]
    attachment = Attachment.objects.get()
    assert attachment.file.name.startswith(f"courses/{report.course.key}/")
    assert Path(attachment.file.path).read_bytes() == b"png"
    assert f"/files/{report.course.key}/" in lesson("Flour").html


def test_pictures_of_an_outran_import_have_the_size_of_its_own(write_files: WriteFiles) -> None:
    other = write_files({**SHOWN, "img/g.svg": drawing(80)}, "other/course")
    folder = write_files({**SHOWN, "img/g.svg": drawing(70)})

    import_course(folder, progress=at(MORE, lambda: import_as(folder, other)), actor=OPERATOR)

    assert widths() == ["70", "140", "70"]


def test_a_picture_that_leaves_is_measured_as_it_is_then(write_files: WriteFiles) -> None:
    about = f"{OWN['course.md']}\n![](assets/g.svg)"
    folder = write_files({**OWN, "course.md": about, "assets/g.svg": drawing(70)})
    course = import_course(folder, actor=OPERATOR).course
    create_lesson(module=course.modules.get(), title="Own", body="![](assets/g.svg)")
    (folder / "assets/g.svg").unlink()
    write_files({"course.md": f"{about} New"})

    def replace() -> None:
        save_attachment(course=course, name="g.svg", content=ContentFile(drawing(80).encode()))

    import_course(folder, progress=at(2, replace), actor=OPERATOR)

    assert widths() == ["80", "80"]


# It fails


def test_a_failed_import_leaves_neither_rows_nor_files(
    write_files: WriteFiles, media: Path
) -> None:
    with pytest.raises(NotAnInstructor):
        import_course(write_files(FILES), instructor=make_user(), actor=OPERATOR)

    assert not Lesson.objects.exists()
    assert files_in(media) == []


def test_a_file_that_changes_while_it_is_read_is_refused(
    write_files: WriteFiles, media: Path
) -> None:
    folder = write_files({**SHOWN, "img/g.svg": drawing(70)})
    before = rows()

    def change() -> None:
        (folder / "img/g.svg").write_text(drawing(80))

    with pytest.raises(UnreadableSource, match=r"img/g\.svg: The file changed"):
        import_course(folder, progress=at(1, change), actor=OPERATOR)

    assert rows() == before
    assert files_in(media) == []
