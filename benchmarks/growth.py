"""Two sizes of school with load in turn, so that what else the machine does meets both."""

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import click


class SideEnded(click.ClickException):
    """A side's process ended before its time; it has said why on its error output."""

    def __init__(self) -> None:
        super().__init__("A side ended before its time; see above.")


class Side:
    """A school served by a process of its own, since Django is set up for one at a time."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def pages(self) -> list[str]:
        """Wait until it is served; return the pages that its options name."""
        return list(self._answer())

    def p50(self, page: str) -> float:
        """Put load on the page; return the median of its answers' times in ms."""
        print(page, file=self.process.stdin, flush=True)
        return float(self._answer()["p50"])

    def _answer(self) -> Any:
        line = self.process.stdout.readline() if self.process.stdout else ""
        if not line:
            raise SideEnded
        return json.loads(line)


def measure_growth(
    sides: Sequence[Sequence[str]], rounds: int
) -> Iterator[tuple[str, list[float]]]:
    """Yield each page with its p50 in ms on each side, medians of so many rounds.

    A side is given by the options of its `bin/bench`. Raises `SideEnded`.
    """
    with ExitStack() as stack:
        served = [stack.enter_context(_side(options)) for options in sides]
        [pages, *_same] = [side.pages() for side in served]
        for page in pages:
            found: dict[Side, list[float]] = {side: [] for side in served}
            for turn in range(rounds):
                for side in served[:: -1 if turn % 2 else 1]:
                    found[side].append(side.p50(page))
            yield page, [statistics.median(times) for times in found.values()]


@contextmanager
def _side(options: Sequence[str]) -> Iterator[Side]:
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks", *options, "on-demand"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Side(process)  # it ends with its input, which is closed here
