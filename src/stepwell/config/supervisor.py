"""The site's first process: it starts all others, and all end with it; docs/explanation/serving.md.

It loads only the standard library. The worker ends when it is idle, so that a site without imports
takes only the memory of its server. Code that enqueues work touches a file (`core.waking`), and so
does `serve` if an earlier worker left work undone. The file's time says when to start a worker. It
may lie in the future, such as for the next attempt to send a mail.
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType

LOOK = 0.5  # seconds between two looks at the file
PAUSE = 2.0  # seconds before a worker that has just ended is started again
# Seconds until what has not stopped is killed. Those who run services wait for ten.
LONGEST_STOP = 9.0

Process = subprocess.Popen[bytes]


class Supervisor:
    """Runs `server` until it ends or a signal comes; its exit code is the server's."""

    def __init__(self, announced: Path, server: list[str]) -> None:
        self.announced = announced
        self.is_stopping = False
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._note_stop)
        self.server = _start(server)
        self.worker: Process | None = None
        self.seen = 0.0
        self.not_before = 0.0

    def run(self) -> int:
        """Return the server's exit code, once all processes have ended."""
        while self.server.poll() is None and not self.is_stopping:
            self._look_after_worker()
            time.sleep(LOOK)
        running = [process for process in (self.server, self.worker) if process]
        for process in running:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        end = time.monotonic() + LONGEST_STOP
        for process in running:
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0, end - time.monotonic()))
            _kill_all(process)
        return self.server.returncode

    def _note_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.is_stopping = True

    def _look_after_worker(self) -> None:
        if time.monotonic() < self.not_before:
            return
        if self.worker is not None and self.worker.poll() is not None:
            has_failed = self.worker.returncode != 0
            self.worker = None
            self.not_before = time.monotonic() + PAUSE
            if has_failed:  # it may have left something lying
                self.seen = 0.0
        elif self.worker is None and self.seen < self._announced_at() <= time.time():
            self.seen = self._announced_at()
            self.worker = _start([sys.executable, "-m", "stepwell.cli", "work", "--until-idle"])

    def _announced_at(self) -> float:
        try:
            return self.announced.stat().st_mtime
        except FileNotFoundError:
            return 0.0


def _start(command: list[str]) -> Process:
    """Start a process as the first of a group, so that a signal to ours doesn't come twice."""
    return subprocess.Popen(  # noqa: S603  commands of ours
        command,
        env=os.environ | {"STEPWELL_PARENT": str(os.getpid())},
        start_new_session=True,
    )


def _kill_all(process: Process) -> None:
    """Kill what is left of a process's group, which may outlive it."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


if __name__ == "__main__":
    sys.exit(Supervisor(Path(sys.argv[1]), sys.argv[2:]).run())
