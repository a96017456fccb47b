"""Read what pages hold: make some visits and compare each answer with the database."""

import json
import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from importlib import import_module

import brotli
import click

from benchmarks.pages import Page, School
from benchmarks.visits import Visit
from stepwell.learning.models import LessonProgress


class WrongAnswer(click.ClickException):
    """A page answered something else than it should; the whole run counts for nothing."""


@dataclass(frozen=True)
class Answer:
    """What came over the wire."""

    status: int
    content_type: str
    encoding: str
    body: bytes

    def text(self) -> str:
        """Return the body decoded; JSON with sorted names and without spaces."""
        text = _decoded(self.body, self.encoding).decode()
        if self.content_type.startswith("application/json"):
            text = json.dumps(
                json.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False
            )
        return text


def check(
    page: Page, school: School, visits: Sequence[Visit], host: str, connections: int
) -> list[Answer]:
    """Make the visits over as many connections at once and return the answers.

    Raises `WrongAnswer` for the first that lacks a mark of the right page of the right learner, or
    whose change is not in the database.
    """
    completed = school.completed_by({visit.learner for visit in visits})
    shares = [visits[start::connections] for start in range(connections)]
    with ThreadPoolExecutor(connections) as pool:
        found = list(pool.map(lambda share: _fetch(share, host), shares))
    for share, answers in zip(shares, found, strict=True):
        for visit, answer in zip(share, answers, strict=True):
            marks = page.marks(school, visit, completed[visit.learner.id])
            _require(page, visit, answer, marks)
    if page.changes_to is not None and count_changed(page, visits) < len(visits):
        raise WrongAnswer(f"{page.name}: not every change is in the database.")
    return [answer for answers in found for answer in answers]


def count_changed(page: Page, visits: Sequence[Visit]) -> int:
    """Return how many of the visits' lessons are in the state now that they ask for."""
    wanted = {(visit.learner.id, visit.subject) for visit in visits}
    rows = LessonProgress.objects.filter(user_id__in={learner for learner, _lesson in wanted})
    completed = set(rows.filter(completed_at__isnull=False).values_list("user_id", "lesson_id"))
    return len(wanted & completed) if page.changes_to else len(wanted - completed)


def _require(page: Page, visit: Visit, answer: Answer, marks: Sequence[str]) -> None:
    if answer.status != 200 or not answer.content_type.startswith(page.content_type):
        raise WrongAnswer(
            f"{page.name}: {visit.method} {visit.path} was answered with "
            f"{answer.status} {answer.content_type}."
        )
    text = answer.text()
    if missing := [mark for mark in marks if mark not in text]:
        raise WrongAnswer(
            f"{page.name}: the answer to {visit.method} {visit.path} of {visit.learner.handle} "
            f"lacks {missing[0]}"
        )


def _fetch(visits: Sequence[Visit], host: str) -> list[Answer]:
    connection = HTTPConnection(host, timeout=60)
    answers = []
    for visit in visits:
        headers = visit.headers(host)
        if visit.content_type:
            headers["Content-Type"] = visit.content_type
        connection.request(visit.method, visit.path, visit.body or None, headers)
        response = connection.getresponse()
        answers.append(
            Answer(
                response.status,
                response.headers.get("Content-Type", ""),
                response.headers.get("Content-Encoding", ""),
                response.read(),
            )
        )
    connection.close()
    return answers


def _decoded(body: bytes, encoding: str) -> bytes:
    if encoding == "gzip":
        return zlib.decompress(body, zlib.MAX_WBITS | 16)
    if encoding == "br":
        return bytes(brotli.decompress(body))
    if encoding == "zstd":
        # Whichever the site compresses with; Python has one of its own from 3.14 on.
        for name in ("compression.zstd", "backports.zstd", "zstandard", "pyzstd"):
            with suppress(ImportError):
                return bytes(import_module(name).decompress(body))
        raise WrongAnswer("An answer came as zstd, and no library here reads that.")
    return body
