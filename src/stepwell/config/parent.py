"""End a process when its parent has died, so that no orphan holds the port."""

import os
import sys
import time
from threading import Thread

INTERVAL = 0.5  # seconds


def exit_with_parent(parent: int) -> None:
    """End this process within `INTERVAL` of the death of its parent, whose id this is."""
    Thread(target=_watch, args=(parent,), daemon=True).start()


def exit_with_supervisor() -> None:
    """Do so if `config.supervisor` started this process."""
    if "STEPWELL_PARENT" in os.environ:
        exit_with_parent(int(os.environ["STEPWELL_PARENT"]))


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(INTERVAL)
    sys.stderr.write("The parent process has died, so this one ends too.\n")
    os._exit(1)
