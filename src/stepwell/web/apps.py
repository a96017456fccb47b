"""All HTML of the site."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "stepwell.web"
