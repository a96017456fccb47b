"""The school: what its owner has set in the browser."""

from django.apps import AppConfig


class SchoolConfig(AppConfig):
    name = "stepwell.school"
