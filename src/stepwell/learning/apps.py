"""Learning: enrollment, completion, the record of what happened, and progress."""

from django.apps import AppConfig


class LearningConfig(AppConfig):
    name = "stepwell.learning"

    def ready(self) -> None:
        from stepwell.learning import receivers  # noqa: F401, PLC0415  connects them
