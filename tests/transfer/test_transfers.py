"""Imports and exports that are asked for in the browser."""

import zipfile
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import translation
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from stepwell.accounts.models import Role, User
from stepwell.core import clock
from stepwell.courses.actions import set_instructors, update_lesson
from stepwell.courses.models import Course, Lesson
from stepwell.learning.actions import complete_lesson
from stepwell.learning.models import LessonProgress
from stepwell.transfer.errors import AnswerMissing, BadZip
from stepwell.transfer.exporting import export_course
from stepwell.transfer.importing import import_course
from stepwell.transfer.models import Transfer
from stepwell.transfer.transfers import (
    answer_import,
    cancel_transfer,
    confirm_import,
    file_of,
    forget_answers,
    get_transfers,
    may_look_at,
    own_name,
    resume_transfers,
    run_transfer,
    start_export,
    start_import,
)
from stepwell.transfer.zipped import pack
from tests.factories import enroll, make_course, make_instructor, make_user
from tests.transfer.folders import Files
from tests.transfer.imports import FILES, KNITTING, OWN, PYTHON

pytestmark = pytest.mark.django_db

State = Transfer.State
# As many lessons as one may leave without a question.
FOUR: Files = {**OWN, **{f"01-a/0{n}-v.md": f"---\ntitle: V{n}\n---\n" for n in (3, 4)}}


@pytest.fixture
def ines() -> User:
    return make_instructor("Ines")


def as_zip(files: Files, name: str = "bread.zip") -> "ContentFile[bytes]":
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path, content in files.items():
            archive.writestr(f"bread/{path}", content)
    return ContentFile(out.getvalue(), name=name)


def planned(person: User, files: Files, course: Course | None = None) -> Transfer:
    transfer = start_import(person=person, file=as_zip(files), name="bread.zip", course=course)
    run_transfer(transfer.key)
    transfer.refresh_from_db()
    return transfer


def done(transfer: Transfer, *, publish: bool = False) -> Transfer:
    confirm_import(transfer=transfer, publish=publish)
    run_transfer(transfer.key)
    transfer.refresh_from_db()
    return transfer


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
    text = import_course(tmp_path / "bread", dry_run=True).text()

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


def answered(transfer: Transfer, **answers: str) -> Transfer:
    """Answer by a question's place: `course`, `lesson_0`, …"""
    names = [each["name"] for each in transfer.report["questions"]]
    words = {names[int(key[-1])] if key != "course" else key: a for key, a in answers.items()}
    answer_import(transfer=transfer, answers=words)
    run_transfer(transfer.key)
    transfer.refresh_from_db()
    return transfer


def titles(course: Course) -> list[str]:
    lessons = Lesson.objects.active().filter(course=course).in_outline_order()
    return list(lessons.values_list("title", flat=True))


def test_two_zips_with_folders_of_one_name_are_two_courses(ines: User) -> None:
    done(planned(ines, KNITTING))

    transfer = done(planned(ines, PYTHON))

    assert transfer.state == State.DONE
    assert {course.title: titles(course) for course in Course.objects.all()} == {
        "Knitting": ["Wool", "Needles"],
        "Python": ["Hello", "Variables", "Loops"],
    }


def test_zip_without_keys_that_may_be_a_course_asks_and_chooses_nothing(ines: User) -> None:
    done(planned(ines, FILES))
    course = Course.objects.get()

    transfer = planned(ines, FILES)

    (question,) = transfer.report["questions"]
    assert [(each["key"], each["effect"]) for each in question["courses"]] == [(course.key, "")]
    with pytest.raises(AnswerMissing):
        confirm_import(transfer=transfer, publish=False)
    for word in ("", "unknown"):
        with pytest.raises(AnswerMissing):
            answer_import(transfer=transfer, answers={"course": word})
    transfer = answered(transfer, course=course.key)
    assert (transfer.report["questions"], transfer.report["is_unchanged"]) == ([], True)
    assert done(transfer).course == course
    assert Course.objects.count() == 1


def test_zip_without_keys_becomes_a_new_course_if_wanted(ines: User) -> None:
    first = done(planned(ines, FILES)).course

    transfer = answered(planned(ines, FILES), course="new")

    assert transfer.report["is_new"] is True
    assert done(transfer).course != first


def test_answers_can_be_given_again(ines: User) -> None:
    done(planned(ines, FILES))
    transfer = answered(planned(ines, FILES), course="new")

    forget_answers(transfer=transfer)
    run_transfer(transfer.key)

    transfer.refresh_from_db()
    assert len(transfer.report["questions"]) == 1


def test_zip_sent_to_a_course_that_it_would_replace_asks_with_numbers(ines: User) -> None:
    course = done(planned(ines, KNITTING), publish=True).course
    assert course is not None
    user = enroll(course).user
    complete_lesson(user=user, lesson=Lesson.objects.get(title="Needles"))

    transfer = planned(ines, PYTHON, course)

    sentence = "This would rename “Knitting” to “Python”"
    assert transfer.report["questions"][0]["sentence"].startswith(sentence)
    transfer = answered(transfer, course="new")
    assert done(transfer).course != course
    assert titles(course) == ["Wool", "Needles"]


def test_zip_sent_to_its_course_updates_it_without_a_question(ines: User) -> None:
    course = done(planned(ines, FILES)).course
    water = {"1-start/2-water/README.md": "# Water\n\nWetter."}

    transfer = planned(ines, {**FILES, **water}, course)

    assert (transfer.report["questions"], transfer.report["is_new"]) == ([], False)
    assert done(transfer).course == course
    assert Lesson.objects.get(title="Water").body == "Wetter."


def test_zip_with_the_keys_of_another_course_than_it_was_sent_to_asks(ines: User) -> None:
    keyed = done(planned(ines, OWN)).course
    other = make_course([1])
    set_instructors(course=other, instructors=[ines])
    assert keyed is not None

    transfer = planned(ines, OWN, other)

    (question,) = transfer.report["questions"]
    assert question["sentence"] == "The keys in this folder are those of “Bread”."
    assert [each["key"] for each in question["courses"]] == [keyed.key, other.key]
    effects = [each["effect"] for each in question["courses"]]
    assert effects == ["", "This would rename “Course” to “Bread”."]


def test_completed_lesson_of_another_title_is_asked_about(ines: User) -> None:
    course = done(planned(ines, FOUR), publish=True).course
    assert course is not None
    user = enroll(course).user
    complete_lesson(user=user, lesson=Lesson.objects.get(title="Y"))
    files = {**FOUR, "01-a/02-y.md": "---\ntitle: Z\n---\n"}

    transfer = planned(ines, files)

    (question,) = transfer.report["questions"]
    assert question["sentence"] == "01-a/02-y.md: “Y” becomes “Z”; 1 person completed it."
    assert done(answered(transfer, lesson_0="other")).state == State.DONE
    assert LessonProgress.objects.get().lesson.title == "Y"


def test_course_that_changed_since_the_plan_is_planned_again(ines: User) -> None:
    course = done(planned(ines, FILES)).course
    transfer = planned(ines, {**FILES, "1-start/2-water/README.md": "# Water\n\nNew."}, course)
    update_lesson(lesson=Lesson.objects.get(title="Water"), body="Written meanwhile.")

    transfer = done(transfer, publish=True)

    assert (transfer.state, transfer.report["has_changed"]) == (State.PLANNED, True)
    assert Lesson.objects.get(title="Water").body == "Written meanwhile."
    assert done(transfer).state == State.DONE
    assert Lesson.objects.get(title="Water").body == "New."


def test_lesson_completed_since_the_plan_is_asked_about(ines: User) -> None:
    course = done(planned(ines, FOUR), publish=True).course
    assert course is not None
    transfer = planned(ines, {**FOUR, "01-a/02-y.md": "---\ntitle: Z\n---\n"})
    assert transfer.report["questions"] == []
    complete_lesson(user=enroll(course).user, lesson=Lesson.objects.get(title="Y"))

    transfer = done(transfer)

    assert transfer.state == State.PLANNED
    assert len(transfer.report["questions"]) == 1
    assert Lesson.objects.get(key="dddddddddddd").title == "Y"


def test_new_course_is_asked_about_where_one_came_up_since(ines: User) -> None:
    one, two = planned(ines, FILES), planned(ines, FILES)
    done(one)

    two = done(two)

    assert two.state == State.PLANNED
    assert len(two.report["questions"]) == 1
    assert Course.objects.count() == 1


def test_owner_who_updates_a_course_does_not_join_its_instructors() -> None:
    otto = make_instructor("Otto")
    done(planned(otto, OWN))
    text = "---\nkey: cccccccccccc\ntitle: X\nslug: one\n---\n\nNew.\n"

    done(planned(make_user("Olga", role=Role.OWNER), {**OWN, "01-a/01-x.md": text}))

    assert Lesson.objects.get(title="X").body == "New."
    assert list(Course.objects.get().instructors.all()) == [otto]


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
