"""The core app: no models, only what every other app stands on."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "stepwell.core"
