"""Processes of a site: they start, stop and die together, and no orphan holds the port."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from stepwell.core.waking import WORK
from tests.serving.conftest import ADDRESS, SOON, RunningSite, running, wait_for

LONGEST_STOP = 10.0


@pytest.fixture
def site(site_folder: Path) -> Iterator[RunningSite]:
    with running(site_folder) as site:
        yield site


def is_whole(site: RunningSite) -> bool:
    return site.answers() and len(site.pids("server")) == 3 and site.process.poll() is None


def is_gone(site: RunningSite) -> bool:
    return site.process.poll() is not None and not site.family() and is_free(site.port)


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # closed connections linger
        try:
            probe.bind((ADDRESS, port))
        except OSError:
            return False
    return True


@pytest.mark.parametrize(
    ("number", "times", "to_all"),
    [(signal.SIGTERM, 1, False), (signal.SIGTERM, 2, True), (signal.SIGINT, 1, True)],
)
def test_everything_stops_when_told_to(
    number: int, times: int, to_all: bool, site: RunningSite
) -> None:
    """A service manager tells all processes, a shell only the first one."""
    site.wait_until_ready()
    told = site.family() if to_all else [site.process.pid]
    for pid in told * times:
        with suppress(ProcessLookupError):
            os.kill(pid, number)

    site.process.wait(LONGEST_STOP)

    assert is_gone(site)


@pytest.mark.parametrize("moment", [0.3, 0.8, 1.3, 2.0])
def test_everything_stops_when_told_to_while_it_starts(moment: float, site: RunningSite) -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        site.process.wait(moment)  # whatever it has come to by then
    os.killpg(site.process.pid, signal.SIGTERM)

    site.process.wait(LONGEST_STOP)

    wait_for(lambda: is_gone(site), 1)


@pytest.mark.parametrize("role", ["supervisor", "main", "page", "worker"])
def test_death_of_one_process_leaves_a_whole_site_or_none(role: str, site: RunningSite) -> None:
    site.wait_until_ready()
    (site.folder / WORK).touch()
    wait_for(lambda: bool(site.pids("worker")), SOON)
    main, *pages = site.pids("server")
    victims = {
        "supervisor": site.process.pid,
        "main": main,
        "page": pages[0],
        "worker": site.pids("worker")[0],
    }

    os.kill(victims[role], signal.SIGKILL)

    wait_for(lambda: victims[role] not in site.family(), SOON)
    wait_for(lambda: is_whole(site) or is_gone(site), SOON)
