"""The settings of the site under test, and the table of Django's stock sessions for a floor."""

from stepwell.config.settings import *  # noqa: F403  the site's own, whatever they become
from stepwell.config.settings import INSTALLED_APPS

if "django.contrib.sessions" not in INSTALLED_APPS:
    INSTALLED_APPS = [*INSTALLED_APPS, "django.contrib.sessions"]
