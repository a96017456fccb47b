"""Watches over the web server, and runs a worker beside it while there is work.

It loads nothing but Python's own, and the worker goes when it is idle, so that a site where nobody
imports anything takes no more memory than its server. Work is announced by touching a file, which
whoever enqueues it does, and `serve` where an earlier worker has left something.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

LOOK = 0.5  # seconds between two looks at the file
PAUSE = 2.0  # seconds before a worker that has just ended is started anew


class Supervisor:
    """Runs `server` until it ends; its exit code is the server's."""

    def __init__(self, announced: Path, server: list[str]) -> None:
        self.announced = announced
        self.server = subprocess.Popen(server)  # noqa: S603  the command that `serve` gives
        self.worker: subprocess.Popen[bytes] | None = None
        self.seen = 0.0
        self.not_before = 0.0
        self.is_stopping = False

    def run(self) -> int:
        """Return the server's exit code, once it and the worker have ended."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)
        while self.server.poll() is None:
            self._look_after_worker()
            time.sleep(LOOK)
        self._stop(signal.SIGTERM, None)
        if self.worker is not None:
            self.worker.wait()
        return self.server.returncode

    def _stop(self, number: int, _frame: FrameType | None) -> None:
        self.is_stopping = True
        for process in (self.server, self.worker):
            if process is not None and process.poll() is None:
                process.send_signal(number)

    def _look_after_worker(self) -> None:
        if self.is_stopping or time.monotonic() < self.not_before:
            return
        if self.worker is not None and self.worker.poll() is not None:
            has_failed = self.worker.returncode != 0
            self.worker = None
            self.not_before = time.monotonic() + PAUSE
            if has_failed:  # it may have left something lying
                self.seen = 0.0
        elif self.worker is None and self._announced_at() > self.seen:
            self._start_worker()

    def _start_worker(self) -> None:
        self.seen = self._announced_at()
        self.worker = subprocess.Popen(
            [sys.executable, "-m", "stepwell.cli", "work", "--until-idle"],
            env=os.environ | {"STEPWELL_PARENT": str(os.getpid())},
        )

    def _announced_at(self) -> float:
        try:
            return self.announced.stat().st_mtime
        except FileNotFoundError:
            return 0.0


if __name__ == "__main__":
    sys.exit(Supervisor(Path(sys.argv[1]), sys.argv[2:]).run())
