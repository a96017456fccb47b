"""The owner's settings, changed for a test, and awards that get lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from stepwell.gamification.receivers import give_points
from stepwell.learning.signals import learned


def change(settings: Any, **changes: Any) -> None:
    """Let the site have other settings until the test ends."""
    settings.SITE = settings.SITE.model_copy(update=changes)


def switch_off(settings: Any) -> None:
    """Turn points, levels, streaks, badges and the leaderboard off."""
    change(settings, gamification=False)


@contextmanager
def awards_lost() -> Iterator[None]:
    """Let nothing be given for what is learned meanwhile, as before points were turned on."""
    learned.disconnect(give_points)
    try:
        yield
    finally:
        learned.connect(give_points)
