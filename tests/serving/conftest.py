"""A site as `serve` runs it, with its processes, on a port of its own."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

LONGEST_START = 180.0  # of a new site, on a machine that does other things too
# Seconds on a machine that does other things too; alone it takes less than five.
SOON = 60.0
ADDRESS = "127.0.0.1"
ROLES = {
    "supervisor": "supervisor.py",
    "server": "-m stepwell.config.web_server",
    "worker": "stepwell.cli work",
}


class RunningSite:
    """A site in a folder, served; `process` is the one that all others end with."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        with socket.create_server((ADDRESS, 0)) as probe:
            self.port = int(probe.getsockname()[1])
        own = {key: value for key, value in os.environ.items() if not key.startswith("STEPWELL_")}
        self.environment = own | {
            "STEPWELL_DATA": str(folder),
            "STEPWELL_PORT": str(self.port),
            "STEPWELL_REQUEST_TIMEOUT": "2",
            "DJANGO_SETTINGS_MODULE": "stepwell.config.settings",
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
            **settings,
        }
        with (folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "stepwell.cli", "serve"],
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait_until_ready(self) -> None:
        """Return when a page is answered."""
        end = time.monotonic() + LONGEST_START
        while not self.answers():
            assert time.monotonic() < end, (self.folder / "log").read_text()
            time.sleep(0.02)

    def answers(self) -> bool:
        """Tell whether the site answers now."""
        with suppress(OSError, http.client.HTTPException):
            return self.get("/healthz")[0] == 200
        return False

    def get(
        self, path: str, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        """Return status, headers and body of an answer."""
        connection = http.client.HTTPConnection(ADDRESS, self.port, timeout=LONGEST_START)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, named)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def send(self, request: str) -> socket.socket:
        """Return a connection on which this has been sent, and nothing else."""
        connection = socket.create_connection((ADDRESS, self.port), timeout=LONGEST_START)
        connection.sendall(request.encode())
        return connection

    def pids(self, role: str) -> list[int]:
        """Return the ids of the processes in a role, the oldest first."""
        found = [
            int(folder.name)
            for folder in Path("/proc").glob("[0-9]*")
            if _is_of(folder, str(self.folder)) and _role(folder) == role
        ]
        return sorted(found)

    def family(self) -> list[int]:
        """Return the ids of all processes of the site."""
        return [pid for role in ROLES for pid in self.pids(role)]

    def end(self) -> None:
        """Leave nothing running, whatever a test did."""
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(15)
        for pid in self.family():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()


def _is_of(process: Path, folder: str) -> bool:
    with suppress(OSError):
        state = (process / "stat").read_text().rpartition(")")[2].split()[0]
        variables = (process / "environ").read_bytes().split(b"\0")
        return state != "Z" and f"STEPWELL_DATA={folder}".encode() in variables
    return False


def _role(process: Path) -> str | None:
    with suppress(OSError):
        command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        return next((role for role, word in ROLES.items() if word in command), None)
    return None


def wait_for(condition: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


@contextmanager
def running(folder: Path, **settings: str) -> Iterator[RunningSite]:
    """Serve a site until the block ends."""
    site = RunningSite(folder, **settings)
    try:
        yield site
    finally:
        site.end()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """A site with the demo academy, for tests that leave it as it was."""
    with running(tmp_path_factory.mktemp("served")) as site:
        site.wait_until_ready()
        yield site


@pytest.fixture(scope="session")
def site_folder(served: RunningSite, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site that has been served once, so that it starts as an existing one does."""
    folder = tmp_path_factory.mktemp("sites") / "site"
    shutil.copytree(served.folder, folder)
    return folder
