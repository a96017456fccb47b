"""How long a start on an existing site takes, part by part, from the command to an answer."""

import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from benchmarks.server import serve

SITE = "stepwell.config.settings"
EMPTY = "benchmarks.floors.stock"  # no view of ours is loaded
# What `stepwell serve` does before it begins to listen; each line says what it took so far.
STEPS = """
import sys, time
def tell(name): print(name, time.perf_counter(), flush=True)
from stepwell import cli
tell("Python and the command")
cli.start_django()
tell("settings and apps")
cli._require_database()
cli._migrate()
tell("database and migrations")
from stepwell.accounts.sessions import SessionStore
SessionStore.clear_expired()
tell("expired sessions")
from stepwell.config.server import collect_static_files
collect_static_files()
tell("static files")
"""
HERE = Path(__file__).parent.parent


def measure(rounds: int, log: Path) -> dict[str, float]:
    """Return the median seconds of each part, and of whole starts beside those of an empty view."""
    found: dict[str, list[float]] = {}
    for _round in range(rounds):
        for name, seconds in [*_parts(), *_wholes(log)]:
            found.setdefault(name, []).append(seconds)
    return {name: median(each) for name, each in found.items()}


def _parts() -> list[tuple[str, float]]:
    begin = time.perf_counter()  # the same clock in all processes
    subprocess.run([HERE / "bin" / "venv", "dev"], check=True)
    last = time.perf_counter()
    parts = [("virtual environment", last - begin)]
    command = [sys.executable, "-c", STEPS]
    output = subprocess.run(
        command, check=True, capture_output=True, text=True, env=_environment()
    ).stdout
    for line in output.splitlines():
        name, moment = line.rsplit(" ", 1)
        parts.append((name, float(moment) - last))
        last = float(moment)
    return parts


def _wholes(log: Path) -> list[tuple[str, float]]:
    found = []
    for name, module in (
        ("command to first answer", SITE),
        ("an empty view, with the same apps", EMPTY),
    ):
        with serve(module, log) as server:
            found.append((name, server.seconds_to_ready))
    return found


def _environment() -> dict[str, str]:
    return os.environ | {"DJANGO_SETTINGS_MODULE": SITE}
