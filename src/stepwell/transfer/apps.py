"""Imports and exports of courses."""

from django.apps import AppConfig


class TransferConfig(AppConfig):
    name = "stepwell.transfer"
    label = "transfer"
