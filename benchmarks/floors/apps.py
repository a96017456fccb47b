"""The floors as an app, because only an app has a word after all others are loaded."""

from django.apps import AppConfig
from django.conf import settings


class FloorsConfig(AppConfig):
    """Takes away the middleware that a floor does without; allauth loads only with its own."""

    name = "benchmarks.floors"

    def ready(self) -> None:
        settings.MIDDLEWARE = settings.FLOOR_MIDDLEWARE  # type: ignore[misc]  # of benchmarks.floors.bare
