"""What the server runs: requests take their lane, slow readers hold up nobody, memory is small."""

import os
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.http import FileResponse, HttpResponse
from django.test import RequestFactory

from stepwell.config import wsgi
from stepwell.core.later import run_later


def ask(path: str, method: str = "GET", body: bytes = b"", **more: Any) -> tuple[str, Any]:
    environ = RequestFactory().generic(method, path, body, "text/plain", **more).environ
    told: list[str] = []
    answer = wsgi.application(environ, lambda status, _headers: told.append(status))
    return told[0], answer


@pytest.mark.django_db
def test_page_is_one_piece_and_gives_its_lane_away() -> None:
    status, answer = ask("/healthz")

    assert (status, len(answer)) == ("200 OK", 1)
    assert not wsgi.quick_lane.lock.locked()


def test_file_is_sent_after_the_lane_is_given_away(monkeypatch: pytest.MonkeyPatch) -> None:
    chunks = FileResponse(BytesIO(b"a long film"))
    monkeypatch.setattr(wsgi, "django", lambda _environ, start: start("200 OK", []) or chunks)

    _status, answer = ask("/files/a/film.mp4")

    assert not wsgi.quick_lane.lock.locked()
    assert b"".join(answer) == b"a long film"


def test_requests_of_a_lane_have_one_connection_whichever_thread_they_are_on(
    monkeypatch: pytest.MonkeyPatch, run_in_threads: Callable[..., list[Any]]
) -> None:
    used: list[Any] = []

    def page(_environ: Any, start: Any) -> FileResponse:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        used.append(connections["default"])
        start("200 OK", [])
        return FileResponse(BytesIO(b"a film"))

    def visit() -> Any:
        own = connections["default"]
        ask("/courses/")
        return connections["default"] is own

    monkeypatch.setattr(wsgi, "django", page)

    assert run_in_threads(visit, visit) == [True, True]
    assert used == [wsgi.quick_lane.connection] * 2
    assert wsgi.slow_lane.connection is not wsgi.quick_lane.connection
    wsgi.quick_lane.connection.close()


def test_what_is_to_run_later_holds_up_nobody_of_the_lane(
    monkeypatch: pytest.MonkeyPatch, transactional_db: None
) -> None:
    free: list[Any] = []

    def count() -> None:
        free.append((wsgi.quick_lane.lock.locked(), connections["default"]))
        raise ValueError("It is logged, and the answer is as good.")

    def page(_environ: Any, start: Any) -> HttpResponse:
        with transaction.atomic():
            run_later(count)
        start("200 OK", [])
        return HttpResponse(b"done")

    monkeypatch.setattr(wsgi, "django", page)

    assert ask("/courses/") == ("200 OK", [b"done"])
    assert free == [(False, wsgi.slow_lane.connection)]


@pytest.mark.parametrize(
    ("path", "headers", "lane"),
    [
        ("/courses/", {}, wsgi.quick_lane),
        ("/courses/a/enrollment/", {"CONTENT_LENGTH": "20"}, wsgi.quick_lane),
        ("/accounts/login/", {}, wsgi.slow_lane),
        ("/welcome/first-steps/", {}, wsgi.slow_lane),
        ("/studio/courses/a/learners/", {}, wsgi.slow_lane),
        ("/api/v1/courses/a/learners", {}, wsgi.slow_lane),
        ("/api/v1/courses/a/drop-off", {}, wsgi.slow_lane),
        ("/courses/", {"CONTENT_LENGTH": "2000000"}, wsgi.slow_lane),
        ("/courses/", {"HTTP_TRANSFER_ENCODING": "chunked"}, wsgi.slow_lane),
    ],
)
def test_what_is_slow_takes_the_slow_lane(path: str, headers: dict[str, str], lane: Any) -> None:
    environ = {"PATH_INFO": path, "wsgi.input": BytesIO(b"x" * 20), **headers}

    assert wsgi._lane(environ) is lane


def test_small_body_is_read_before_the_lane_is_taken() -> None:
    sent = BytesIO(b"state=completed")
    environ = {"PATH_INFO": "/", "CONTENT_LENGTH": "15", "wsgi.input": sent}

    wsgi._lane(environ)

    assert sent.read() == b""
    assert environ["wsgi.input"].read() == b"state=completed"  # type: ignore[attr-defined]  # a stream


@pytest.mark.django_db
def test_lane_is_given_away_after_an_error() -> None:
    status, _answer = ask("/nowhere-at-all", HTTP_HOST="not.this.site")

    assert status == "400 Bad Request"
    assert not wsgi.quick_lane.lock.locked()


LOADED = """
import sys
from stepwell.config import wsgi
from django.urls import get_resolver
get_resolver().url_patterns
print({"django", "markdown_it", "PIL", "pygments"} & set(sys.modules))
"""


def test_server_process_loads_nothing_that_only_rendering_needs() -> None:
    own = {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": os.pathsep.join(sys.path)}

    asked = subprocess.run(
        [sys.executable, "-c", LOADED],
        env=os.environ | own,
        capture_output=True,
        text=True,
        check=False,
    )

    assert asked.stdout == "{'django'}\n", asked.stderr
