"""Imports and exports that are asked for in the browser."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import translation
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from stepwell.accounts.models import User
from stepwell.core import clock
from stepwell.courses.access import OPERATOR
from stepwell.courses.actions import set_instructors
from stepwell.courses.models import Course, Lesson
from stepwell.transfer.errors import BadZip
from stepwell.transfer.exporting import export_course
from stepwell.transfer.importing import import_course
from stepwell.transfer.models import Transfer
from stepwell.transfer.transfers import (
    cancel_transfer,
    confirm_import,
    file_of,
    get_transfers,
    may_look_at,
    own_name,
    resume_transfers,
    run_transfer,
    start_export,
    start_import,
)
from stepwell.transfer.zipped import pack
from tests.factories import make_course, make_instructor
from tests.transfer.folders import Files
from tests.transfer.imports import FILES, OWN
from tests.transfer.sent import as_zip, done, planned

pytestmark = pytest.mark.django_db

State = Transfer.State


@pytest.fixture
def ines() -> User:
    return make_instructor("Ines")


def test_import_is_planned_then_done(ines: User) -> None:
    transfer = planned(ines, FILES)

    assert transfer.state == State.PLANNED
    assert Course.objects.count() == 0
    assert transfer.report["is_new"] is True
    assert ["created", "3 lessons"] in transfer.report["tally"]

    transfer = done(transfer, publish=True)

    course = Course.objects.get()
    assert (transfer.state, transfer.course) == (State.DONE, course)
    assert course.is_published
    assert list(course.instructors.all()) == [ines]
    assert Lesson.objects.counted().count() == 3


def test_report_says_what_the_command_line_does(ines: User, tmp_path: Path) -> None:
    files: Files = FILES | {"1-start/1-flour/README.md": "# Flour\n\n[Gone](nowhere.md)\n"}
    for path, content in files.items():
        target = tmp_path / "bread" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
    text = import_course(tmp_path / "bread", dry_run=True, actor=OPERATOR).text()

    report = planned(ines, files).report

    assert len(report["losses"]) > 0
    assert all(line.partition(": ")[2] in text for line in report["losses"])


def test_importing_again_changes_nothing(ines: User) -> None:
    done(planned(ines, OWN))

    again = planned(ines, OWN)

    assert again.report["is_unchanged"] is True
    assert again.report["is_new"] is False
    assert Course.objects.count() == 1


def test_course_of_others_is_not_updated_by_its_key(ines: User) -> None:
    done(planned(make_instructor("Otto"), OWN))

    refused = planned(ines, OWN)

    assert refused.state == State.FAILED
    assert "taught by others" in refused.error
    assert Course.objects.get().instructors.get().name == "Otto"


def test_folder_of_the_same_name_takes_over_nobody_elses_course(ines: User) -> None:
    done(planned(make_instructor("Otto"), FILES))

    done(planned(ines, FILES))

    assert Course.objects.count() == 2


def test_cancelling_changes_nothing_and_deletes_the_file(ines: User) -> None:
    transfer = planned(ines, FILES)

    cancel_transfer(transfer=transfer)
    confirm_import(transfer=transfer, publish=False)
    run_transfer(transfer.key)

    transfer.refresh_from_db()
    assert transfer.state == State.CANCELLED
    assert Course.objects.count() == 0


def test_what_is_no_course_fails_with_a_sentence(ines: User) -> None:
    transfer = planned(ines, {"a.txt": "nothing"})

    assert transfer.state == State.FAILED
    assert transfer.error.startswith("No course was found")
    with pytest.raises(BadZip):
        start_import(person=ines, file=ContentFile(b"x"), name="a.tar")


def test_running_twice_imports_once(ines: User) -> None:
    transfer = planned(ines, FILES)
    confirm_import(transfer=transfer, publish=False)
    confirm_import(transfer=transfer, publish=True)

    run_transfer(transfer.key)
    run_transfer(transfer.key)

    assert Course.objects.count() == 1
    assert not Course.objects.get().is_published


def test_export_gives_the_files_of_the_command_line(ines: User, tmp_path: Path) -> None:
    done(planned(ines, OWN))
    course = Course.objects.get()
    transfer = start_export(person=ines, course=course)
    assert file_of(transfer) is None

    run_transfer(transfer.key)

    transfer.refresh_from_db()
    path = file_of(transfer)
    assert path
    export_course(course, tmp_path / course.slug)
    pack(tmp_path / course.slug, tmp_path / "own.zip")
    assert path.read_bytes() == (tmp_path / "own.zip").read_bytes()


def test_export_is_refused_to_who_no_longer_teaches(ines: User) -> None:
    course = make_course([1])
    set_instructors(course=course, instructors=[ines])
    transfer = start_export(person=ines, course=course)
    set_instructors(course=course, instructors=[])

    run_transfer(transfer.key)

    transfer.refresh_from_db()
    assert transfer.state == State.FAILED


def test_what_a_dead_worker_left_is_handed_over_anew(ines: User) -> None:
    transfer = planned(ines, FILES)
    confirm_import(transfer=transfer, publish=False)
    host = own_name().rpartition(":")[0]
    rows = Transfer.objects.filter(pk=transfer.pk)
    rows.update(worker=f"{host}:{2**22 + 1}", beat_at=clock.now())
    run_transfer(transfer.key)
    assert Course.objects.count() == 0  # somebody seems to be at it

    assert resume_transfers() == 1
    run_transfer(transfer.key)

    assert Course.objects.count() == 1


def test_worker_of_another_host_is_waited_for_until_it_is_overdue(ines: User) -> None:
    transfer = planned(ines, FILES)
    confirm_import(transfer=transfer, publish=False)
    rows = Transfer.objects.filter(pk=transfer.pk)
    rows.update(worker="elsewhere:1", beat_at=clock.now())
    assert resume_transfers() == 0

    rows.update(beat_at=clock.now() - timedelta(minutes=4))

    assert resume_transfers() == 1


def test_asking_enqueues_after_the_commit(
    ines: User, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        transfer = start_import(person=ines, file=as_zip(FILES), name="bread.zip")

    assert DBTaskResult.objects.get().args_kwargs["args"] == [transfer.key]


def test_confirming_and_running_at_once_imports_once(
    transactional_db: None, run_in_threads: Callable[..., list[Any]]
) -> None:
    transfer = planned(make_instructor("Ines"), FILES)

    run_in_threads(*[partial(confirm_import, transfer=transfer, publish=False)] * 5)
    assert DBTaskResult.objects.count() == 2  # its plan, and one import
    results = run_in_threads(*[partial(run_transfer, transfer.key)] * 5)

    assert results == [None] * 5
    assert Course.objects.count() == 1


def test_what_waits_can_be_found_again(ines: User) -> None:
    transfer = planned(ines, FILES)

    assert get_transfers(ines) == [transfer]
    assert get_transfers(make_instructor("Other")) == []


def test_course_taught_by_others_stays_unknown(ines: User) -> None:
    secret = make_course([1], title="Bread")
    set_instructors(course=secret, instructors=[make_instructor("Other")])

    report = planned(ines, {"course.md": "---\ntitle: Bread\n---\n"}).report

    assert report["remarks"] == []


def test_export_is_closed_to_who_no_longer_teaches(ines: User) -> None:
    course = make_course([1])
    set_instructors(course=course, instructors=[ines])
    transfer = start_export(person=ines, course=course)
    assert may_look_at(ines, transfer)

    set_instructors(course=course, instructors=[])

    assert not may_look_at(ines, transfer)


def test_failed_import_leaves_no_files(ines: User, settings: Settings) -> None:
    transfer = planned(ines, {"notes.txt": "x"})

    assert (transfer.state, "bread.zip" in transfer.error) == (State.FAILED, True)
    assert not (settings.SITE.data / "transfers" / transfer.key).exists()


def test_story_is_told_in_the_language_of_who_asked(ines: User) -> None:
    with translation.override("de"):
        transfer = planned(ines, FILES)

    assert "Lektion" in str(transfer.report["tally"])
