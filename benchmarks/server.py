"""The site under test: the real command, as a process of its own on this machine alone."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

ADDRESS = "127.0.0.1"
TICKS = os.sysconf("SC_CLK_TCK")
PR_SET_PDEATHSIG = 1
LONGEST_START = 60.0
LONGEST_STOP = 10.0


@dataclass(frozen=True)
class Server:
    """A running server: its main process, its port, and the seconds that it took to be ready."""

    pid: int
    port: int
    seconds_to_ready: float

    @property
    def host(self) -> str:
        return f"{ADDRESS}:{self.port}"

    def processor_seconds(self) -> float:
        """Return the processor time that its processes have used so far."""
        stats = (_stat(pid) for pid in self.processes())
        return sum(int(stat[11]) + int(stat[12]) for stat in stats) / TICKS

    def peak_memory(self) -> int:
        """Return the bytes that its processes have held at most, each for itself."""
        return sum(_kilobytes(pid, "status", "VmHWM:") for pid in self.processes()) * 1024

    def shared_memory(self) -> int:
        """Return the bytes that its processes hold now, what they share counted once (PSS)."""
        return sum(_kilobytes(pid, "smaps_rollup", "Pss:") for pid in self.processes()) * 1024

    def processes(self) -> list[int]:
        """Return the ids of the main process and of all that come from it."""
        parents = {}
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
                parents[int(folder.name)] = int(_stat(int(folder.name))[1])
        family = [self.pid]
        for pid in family:
            family += [child for child, parent in parents.items() if parent == pid]
        return family


@contextmanager
def serve(settings_module: str, log: Path) -> Iterator[Server]:
    """Run `stepwell serve` with these settings until the block is left, however it is left."""
    port = _free_port()
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": settings_module}
    command = [
        sys.executable,
        "-m",
        "stepwell.cli",
        "serve",
        "--host",
        ADDRESS,
        "--port",
        str(port),
    ]
    start = time.perf_counter()
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            env=environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=_end_with_parent,  # noqa: PLW1509  no thread runs when a server is started
        )
    try:
        while not _is_ready(port):
            if process.poll() is not None or time.perf_counter() - start > LONGEST_START:
                raise RuntimeError(f"The server did not start; see {log}.")
            time.sleep(0.005)
        yield Server(process.pid, port, time.perf_counter() - start)
    finally:
        _stop(process)


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(LONGEST_STOP)
    with suppress(ProcessLookupError):  # as it should be
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _end_with_parent() -> None:
    """Have the kernel end the server even when this process is killed."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((ADDRESS, 0))
        return int(probe.getsockname()[1])


def _is_ready(port: int) -> bool:
    connection = HTTPConnection(ADDRESS, port, timeout=LONGEST_START)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _stat(pid: int) -> list[str]:
    """Return the fields of /proc/PID/stat that follow the name, which may hold spaces."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _kilobytes(pid: int, file: str, name: str) -> int:
    lines = Path(f"/proc/{pid}/{file}").read_text().splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith(name)), 0)
