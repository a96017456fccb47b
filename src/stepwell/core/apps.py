"""The core app: no models, only what every other app uses."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "stepwell.core"
