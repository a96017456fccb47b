"""Load on one page by wrk, and the figures of it."""

import json
import resource
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.pages import Page
from benchmarks.sample import Answer, WrongAnswer
from benchmarks.server import TICKS, Server
from benchmarks.visits import Visit

SCRIPT = Path(__file__).with_name("load.lua")


@dataclass(frozen=True)
class Load:
    """What a load run measured; times in milliseconds, `bytes` over the wire per answer.

    `elsewhere` is how many cores were busy with neither the server nor wrk.
    """

    answers: int
    seconds: float
    per_second: float
    p50: float
    p95: float
    p99: float
    cpu: float
    bytes: float
    elsewhere: float


def put_load(
    page: Page,
    visits: Sequence[Visit],
    known: Sequence[Answer],
    server: Server,
    *,
    seconds: int,
    connections: int,
    folder: Path,
) -> Load:
    """Make the visits over and over for so many seconds, or each once where they change something.

    Raises `WrongAnswer` when any answer is not 200, of another content type, or of a length that
    those `known` to be right don't have. Compressed bodies can't be read here: `sample` does that.
    """
    requests = folder / "requests"
    requests.write_text("\0".join(visit.raw(server.host) for visit in visits))
    lengths = [*(len(answer.body) for answer in known), *page.rare]
    start = server.processor_seconds()
    others = _busy_seconds() - start - _children_seconds()
    run = subprocess.run(
        [
            *("wrk", "--threads", "1", "--connections", str(connections)),
            *("--duration", f"{seconds}s", "--timeout", "30s", "--script", str(SCRIPT)),
            *(f"http://{server.host}/", "--", str(requests)),
            *("again" if page.changes_to is None else "once", page.content_type),
            *(str(min(lengths) * 8 // 10), str(max(lengths) * 12 // 10)),
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    end = server.processor_seconds()
    others = _busy_seconds() - end - _children_seconds() - others
    figures = json.loads(run.stdout.splitlines()[-1])
    if figures["bad"] or figures["lost"] or not figures["answers"]:
        raise WrongAnswer(
            f"{page.name}: of {figures['answers']} answers {figures['bad']} were wrong, the first "
            f"“{figures['first_bad']}”, and {figures['lost']} never came."
        )
    return Load(
        answers=figures["answers"],
        seconds=figures["seconds"],
        per_second=figures["answers"] / figures["seconds"],
        p50=figures["p50"],
        p95=figures["p95"],
        p99=figures["p99"],
        cpu=(end - start) * 1000 / figures["answers"],
        bytes=figures["bytes"] / figures["answers"],
        elsewhere=max(0.0, others / figures["seconds"]),
    )


def _busy_seconds() -> float:
    """Return the processor time that the whole machine has used so far."""
    user, nice, system, _idle, _waiting, *interrupts = map(
        int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    )
    return (user + nice + system + sum(interrupts[:2])) / TICKS


def _children_seconds() -> float:
    """Return the processor time of children that have ended, such as wrk."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
