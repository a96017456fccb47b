"""The proof that points and badges are what the facts of learning say."""

from collections.abc import Iterator

from stepwell.core.verification import Difference
from stepwell.gamification.rules import is_on
from stepwell.gamification.verification import ledger

__all__ = ["find_differences"]


def find_differences() -> Iterator[Difference]:
    """Yield every difference between what learners did and what they were given for it.

    Nothing while points are turned off. Linear in facts and entries, with one learner's in memory.
    Learners may go on meanwhile: one with a difference is compared a second time, with a lock.
    """
    if is_on():
        yield from ledger.find_differences()
