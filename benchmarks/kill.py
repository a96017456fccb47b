"""Kill the server while lessons are completed: what was acknowledged must be in the database.

Import it when Django is set up.
"""

import os
import random
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from django.conf import settings
from django.db import connection

from benchmarks.pages import PAGES, School
from benchmarks.server import ADDRESS, Server, serve
from benchmarks.visits import Visit, settle_points, signed_in
from stepwell.learning.models import LessonProgress

SITE = "stepwell.config.settings"
CLIENTS = 8
MOST = 200  # completions that are acknowledged before the kill
LONGEST = 30.0  # seconds until the kill

Acknowledged = list[tuple[int, int]]  # learner and lesson


def kill_rounds(rounds: int, log: Path) -> Iterator[tuple[int, Acknowledged]]:
    """Yield, for each round, how many completions were acknowledged and which of them are lost."""
    with signed_in(1_000, settings.SESSION_ENGINE, has_tokens=True) as learners:
        settle_points(learners)
        school = School(learners)
        for number in range(rounds):
            visits = list(PAGES["api-complete"].visits(school, random.Random(number)))
            acknowledged = _complete_until_killed(visits, log)
            yield len(acknowledged), [each for each in acknowledged if not _is_kept(*each)]
            connection.close()


def _complete_until_killed(visits: list[Visit], log: Path) -> Acknowledged:
    acknowledged: Acknowledged = []

    def complete(share: list[Visit], server: Server) -> None:
        client = HTTPConnection(ADDRESS, server.port, timeout=10)
        with suppress(OSError, HTTPException):  # the server is dead
            for visit in share:
                client.request(visit.method, visit.path, headers=visit.headers(server.host))
                answer = client.getresponse()
                answer.read()
                if answer.status == 200:
                    acknowledged.append((visit.learner.id, visit.subject))
        client.close()

    with serve(SITE, log) as server, ThreadPoolExecutor(CLIENTS) as pool:
        enough, end = random.randint(1, MOST), time.monotonic() + LONGEST
        clients = [
            pool.submit(complete, visits[number::CLIENTS], server) for number in range(CLIENTS)
        ]
        while len(acknowledged) < enough and time.monotonic() < end:
            time.sleep(0.005)
        for pid in server.processes():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    for client in clients:
        client.result()
    return acknowledged


def _is_kept(learner: int, lesson: int) -> bool:
    rows = LessonProgress.objects.completed()
    return rows.filter(user=learner, lesson=lesson).exists()
