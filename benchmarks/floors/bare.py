"""The site's settings on the addresses of the floors, with such middleware as a floor names."""

from benchmarks.settings import *  # noqa: F403  all but what follows
from benchmarks.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks.floors"]
FLOOR_MIDDLEWARE: list[str] = []
ROOT_URLCONF = "benchmarks.floors.urls"
