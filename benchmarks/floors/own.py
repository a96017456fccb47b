"""A view that reads its user, behind all of the site's own middleware."""

from benchmarks.settings import *  # noqa: F403  all but what follows

ROOT_URLCONF = "benchmarks.floors.urls"
