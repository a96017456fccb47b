"""The owner's settings, changed for a test."""

from typing import Any


def change(settings: Any, **changes: Any) -> None:
    """Let the site have other settings until the test ends."""
    settings.SITE = settings.SITE.model_copy(update=changes)


def switch_off(settings: Any) -> None:
    """Turn points, levels, streaks, badges and the leaderboard off."""
    change(settings, gamification=False)
