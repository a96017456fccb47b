"""Courses: what there is to learn, and who may write it."""

from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "stepwell.courses"

    def ready(self) -> None:
        from stepwell.courses import receivers  # noqa: F401, PLC0415  connects them
