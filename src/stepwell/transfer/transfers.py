"""Imports and exports that are asked for in the browser and done by a worker."""

import os
import shutil
import socket
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django_tasks import task

from stepwell.accounts.models import User
from stepwell.core import clock
from stepwell.core.errors import DomainError
from stepwell.core.waking import wake_worker
from stepwell.courses.access import can_teach
from stepwell.courses.models import Course
from stepwell.transfer.choices import Choice
from stepwell.transfer.errors import (
    AnswerMissing,
    BadZip,
    CourseChanged,
    ImportStopped,
    NotYourCourse,
    UnknownLayout,
)
from stepwell.transfer.models import Transfer, TransferQuerySet
from stepwell.transfer.report import ImportReport
from stepwell.transfer.stories import story_of
from stepwell.transfer.zipped import pack, unpack

State = Transfer.State
BEAT = 1.0  # seconds between two words of a worker about its work
OVERDUE = timedelta(minutes=3)  # without a word, somebody else takes it up
MOST_LISTED = 20
NEW, SAME, OTHER = "new", "same", "other"  # answers to what an import asks
KEPT = timedelta(days=1)  # how long files wait for the person


def start_import(
    *, person: User, file: "File[bytes]", name: str, course: Course | None = None
) -> Transfer:
    """Keep an uploaded zip file and have its plan made; `course` is the one that it is to update.

    Raises `BadZip`.
    """
    if not name.lower().endswith(".zip"):
        raise BadZip(reason=_("Its name should end in .zip."))
    transfer = _start(person, Transfer.Kind.IMPORT, name, course)
    with _zip_of(transfer).open("wb") as out:
        for chunk in file.chunks():
            out.write(chunk)
    return _hand_over(transfer)


def start_export(*, person: User, course: Course) -> Transfer:
    """Have the course written as a zip file."""
    return _hand_over(_start(person, Transfer.Kind.EXPORT, f"{course.slug}.zip", course))


def confirm_import(*, transfer: Transfer, publish: bool) -> Transfer:
    """Have a planned import done; a second call changes nothing.

    Where the course changes until it is done, a new plan is made instead.

    Raises `AnswerMissing` for a plan with questions.
    """
    transfer.refresh_from_db()
    if transfer.state == State.PLANNED and transfer.report.get("questions"):
        raise AnswerMissing
    planned = Transfer.objects.filter(pk=transfer.pk, state=State.PLANNED)
    if planned.update(state=State.CONFIRMED, publish=publish, done=0, changed_at=clock.now()):
        _enqueue(transfer)
    transfer.refresh_from_db()
    return transfer


def answer_import(*, transfer: Transfer, answers: Mapping[str, str]) -> Transfer:
    """Have a new plan made with answers to the questions of this one; a second call does nothing.

    `answers` has a word for the name of each question: a course's key or "new" for the course,
    "same" or "other" for a lesson.

    Raises `AnswerMissing`.
    """
    transfer.refresh_from_db()
    known = transfer.answers
    if transfer.state == State.PLANNED:
        for question in transfer.report.get("questions", []):
            known = known | _answered(question, answers.get(question["name"], ""))
    return _plan_again(transfer, known)


def forget_answers(*, transfer: Transfer) -> Transfer:
    """Have a plan made that asks everything again; a second call changes nothing."""
    return _plan_again(transfer, {})


def _plan_again(transfer: Transfer, answers: dict[str, Any]) -> Transfer:
    planned = Transfer.objects.filter(pk=transfer.pk, state=State.PLANNED)
    now = clock.now()
    if planned.update(answers=answers, state=State.WAITING, report={}, done=0, changed_at=now):
        _enqueue(transfer)
    transfer.refresh_from_db()
    return transfer


def _answered(question: dict[str, Any], word: str) -> dict[str, Any]:
    if question["name"] == "course":
        if word not in {NEW, *(each["key"] for each in question["courses"])}:
            raise AnswerMissing
        return {"course": word}
    if word not in {SAME, OTHER}:
        raise AnswerMissing
    return {question["name"]: [question["path"], question["key"], word]}


def _choice_of(transfer: Transfer) -> Choice:
    """Return what the person has answered so far; a course they were sent to counts as a wish."""
    lessons = [each for name, each in transfer.answers.items() if name != "course"]
    course = transfer.answers.get("course", "")
    chosen = Course.objects.active().filter(key=course).first()
    return Choice(
        into=chosen,
        is_new=course == NEW,
        sent_to=transfer.course,
        same=frozenset((path, key) for path, key, word in lessons if word == SAME),
        other=frozenset((path, key) for path, key, word in lessons if word == OTHER),
    )


def cancel_transfer(*, transfer: Transfer) -> Transfer:
    """Give up what has not been confirmed, and delete its file; a second call changes nothing."""
    open_ones = Transfer.objects.filter(pk=transfer.pk, state__in=[State.WAITING, State.PLANNED])
    if open_ones.update(state=State.CANCELLED, changed_at=clock.now()):
        _delete_files(transfer)
    transfer.refresh_from_db()
    return transfer


def run_transfer(key: str) -> None:
    """Do what a transfer waits for; called twice, or by two workers at once, it is done once.

    What goes wrong is kept for the person: a rule's sentence, or that something is broken here.
    """
    transfer = _claim(key)
    if transfer is None:
        return
    try:
        with translation.override(transfer.language or settings.LANGUAGE_CODE):
            _WORK[transfer.kind, transfer.state](transfer)
    except DomainError as error:
        with translation.override(transfer.language or settings.LANGUAGE_CODE):
            _finish(transfer, State.FAILED, error=str(error))
        _delete_files(transfer)
    except Exception:
        _finish(transfer, State.FAILED, error="")
        _delete_files(transfer)
        raise


def resume_transfers() -> int:
    """Queue again the jobs that a dead worker left; return how many there were."""
    dead = Q(beat_at__lt=clock.now() - OVERDUE)
    for worker in set(_unfinished().exclude(worker="").values_list("worker", flat=True)):
        if _is_gone(worker):
            dead |= Q(worker=worker)
    left = list(_unfinished().filter(Q(worker="") | dead))
    for transfer in left:
        Transfer.objects.filter(pk=transfer.pk).update(worker="", beat_at=None)
        run.enqueue(transfer.key)  # without waking a worker, which is who does this
    old = Transfer.objects.filter(changed_at__lt=clock.now() - KEPT)
    for transfer in old.exclude(state__in=[State.WAITING, State.CONFIRMED]):
        _delete_files(transfer)
    return len(left)


def may_look_at(person: User, transfer: Transfer) -> bool:
    """Tell whether a person may see a transfer: who asked for it, as long as they teach; owners."""
    if person.is_owner:
        return True
    is_own = transfer.person_id == person.pk and person.is_instructor
    return is_own and (transfer.course is None or can_teach(person, transfer.course))


def get_transfers(person: User, course: Course | None = None) -> list[Transfer]:
    """Return what the person has asked for in the last day and what is not yet done, newest first.

    Of one course, or of those that are yet to be made.
    """
    own = Transfer.objects.filter(person=person, course=course).select_related("course")
    recent = Q(changed_at__gt=clock.now() - KEPT) | Q(state=State.PLANNED)
    return list(own.filter(recent).exclude(state=State.CANCELLED)[:MOST_LISTED])


def file_of(transfer: Transfer) -> Path | None:
    """Return where a finished export lies, as long as it is kept."""
    path = _zip_of(transfer)
    is_ready = transfer.kind == Transfer.Kind.EXPORT and transfer.state == State.DONE
    return path if is_ready and path.exists() else None


def _start(person: User, kind: Transfer.Kind, name: str, course: Course | None) -> Transfer:
    now = clock.now()
    transfer = Transfer(kind=kind, person=person, course=course, name=name[:200])
    transfer.language = get_language() or ""
    transfer.created_at = transfer.changed_at = now
    _folder_of(transfer).mkdir(parents=True, exist_ok=True)
    return transfer


def _hand_over(transfer: Transfer) -> Transfer:
    with transaction.atomic():
        transfer.save(force_insert=True)
        transaction.on_commit(partial(_enqueue, transfer))
    return transfer


@task()
def run(key: str) -> None:
    """Do what the transfer with this key waits for, in a worker."""
    run_transfer(key)


def _enqueue(transfer: Transfer) -> None:
    run.enqueue(transfer.key)
    wake_worker()


def _unfinished() -> TransferQuerySet:
    return TransferQuerySet(Transfer).unfinished()


def own_name() -> str:
    """Return what tells this process from all others on all hosts."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}"


def _is_gone(worker: str) -> bool:
    host, _colon, pid = worker.rpartition(":")
    if host != socket.gethostname()[:60]:
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _claim(key: str) -> Transfer | None:
    now = clock.now()
    free = _unfinished().filter(Q(beat_at=None) | Q(beat_at__lt=now - OVERDUE), key=key)
    if not free.update(worker=own_name(), beat_at=now):
        return None
    return Transfer.objects.select_related("person", "course").get(key=key)


def _progress(transfer: Transfer) -> Callable[[int, int], None]:
    said = monotonic()

    def say(done: int, total: int) -> None:
        nonlocal said
        if monotonic() - said < BEAT:
            return
        said = monotonic()
        rows = Transfer.objects.filter(pk=transfer.pk)
        rows.update(done=done, total=total, beat_at=clock.now())

    return say


def _plan(transfer: Transfer) -> None:
    report = _import(transfer, dry_run=True)
    _finish(transfer, State.PLANNED, report=story_of(report, transfer.course))


def _apply(transfer: Transfer) -> None:
    try:
        report = _import(transfer, dry_run=False)
    except (ImportStopped, CourseChanged):  # since the plan: show what it would be now
        story = story_of(_import(transfer, dry_run=True), transfer.course)
        _finish(transfer, State.PLANNED, report=story | {"has_changed": True})
        return
    transfer.course = report.course
    _finish(transfer, State.DONE, report=story_of(report, transfer.course))
    _delete_files(transfer)


def _import(transfer: Transfer, *, dry_run: bool) -> ImportReport:
    # Only the worker needs it, and it loads all readers and the renderer.
    from stepwell.transfer.importing import import_course  # noqa: PLC0415

    folder = _folder_of(transfer) / "unpacked"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        root = unpack(_zip_of(transfer), folder, limit_mb=4 * settings.SITE.max_import_mb)
        name = transfer.name.rpartition(".")[0] if root == folder else root.name
        return import_course(
            root,
            publish=transfer.publish and not dry_run,
            dry_run=dry_run,
            zip_name=name[:200],
            progress=_progress(transfer),
            actor=transfer.person,
            choice=_choice_of(transfer),
            planned=None if dry_run else transfer.report.get("fingerprint"),
        )
    except UnknownLayout:
        raise UnknownLayout(folder=transfer.name) from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _export(transfer: Transfer) -> None:
    from stepwell.transfer.exporting import export_course  # noqa: PLC0415  as above

    course = transfer.course
    if course is None or not can_teach(transfer.person, course):
        raise NotYourCourse(title=transfer.name)
    folder = _folder_of(transfer) / "written"
    shutil.rmtree(folder, ignore_errors=True)
    try:
        report = export_course(course, folder / course.slug, progress=_progress(transfer))
        pack(folder / course.slug, _zip_of(transfer))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    _finish(transfer, State.DONE, report={"counts": str(report.counts)})


_WORK: dict[tuple[str, str], Callable[[Transfer], None]] = {
    (Transfer.Kind.IMPORT, State.WAITING): _plan,
    (Transfer.Kind.IMPORT, State.CONFIRMED): _apply,
    (Transfer.Kind.EXPORT, State.WAITING): _export,
}


def _finish(
    transfer: Transfer, state: Transfer.State, *, report: object = None, error: str = ""
) -> None:
    """Say how it ended, unless the person has given it up meanwhile."""
    rows = Transfer.objects.filter(pk=transfer.pk, state=transfer.state)
    rows.update(
        state=state,
        error=error,
        report=report or {},
        course=transfer.course,
        worker="",
        beat_at=None,
        changed_at=clock.now(),
    )


def _folder_of(transfer: Transfer) -> Path:
    path: Path = settings.SITE.data / "transfers" / transfer.key
    return path


def _zip_of(transfer: Transfer) -> Path:
    return _folder_of(transfer) / "course.zip"


def _delete_files(transfer: Transfer) -> None:
    shutil.rmtree(_folder_of(transfer), ignore_errors=True)
