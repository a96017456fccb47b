"""Mail of a running site: its worker sends it, and comes back when it has to try again."""

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from stepwell.core.waking import WORK
from tests.mail_server import MailServer, mail_server
from tests.serving.conftest import SOON, RunningSite, running, wait_for

WRITE = """
import django
django.setup()
from stepwell.school.mail import Mail
Mail("Hello", "World", "ada@example.org").send()
"""


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
def site(site_folder: Path, server: MailServer) -> Iterator[RunningSite]:
    address = f"smtp://127.0.0.1:{server.port}"
    with running(site_folder, STEPWELL_EMAIL_URL=address) as site:
        site.wait_until_ready()
        yield site


def write(site: RunningSite) -> None:
    subprocess.run([sys.executable, "-c", WRITE], env=site.environment, check=True)


def test_worker_sends_mail_and_goes(site: RunningSite, server: MailServer) -> None:
    write(site)

    wait_for(lambda: len(server.messages) == 1, SOON)
    wait_for(lambda: not site.pids("worker"), SOON)


def test_worker_goes_and_comes_back_for_the_next_attempt(
    site: RunningSite, server: MailServer
) -> None:
    server.refusals["RCPT"] = "450 come back later"
    write(site)
    wait_for(lambda: server.greeted == 1, SOON)
    wait_for(lambda: not site.pids("worker"), SOON)
    wait_for(lambda: (site.folder / WORK).stat().st_mtime > time.time() + 30, SOON)
    assert not site.pids("worker")

    server.refusals.clear()
    with sqlite3.connect(site.folder / "stepwell.sqlite3") as database:  # a minute goes by
        database.execute("UPDATE school_outgoingmail SET due_at = created_at")
    os.utime(site.folder / WORK)

    wait_for(lambda: len(server.messages) == 1, SOON)
