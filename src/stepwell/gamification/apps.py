"""Gamification: points, levels, streaks, badges and the leaderboard, on what learning records."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class GamificationConfig(AppConfig):
    name = "stepwell.gamification"

    def ready(self) -> None:
        from stepwell.gamification import receivers  # noqa: F401, PLC0415  connects them

        post_migrate.connect(_create_default_badges, sender=self)


def _create_default_badges(**_rest: Any) -> None:
    from stepwell.gamification.actions import create_default_badges  # noqa: PLC0415  needs models

    create_default_badges()
