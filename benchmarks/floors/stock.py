"""A view that reads its user, behind Django's stock session in the database."""

from benchmarks.floors.bare import *  # noqa: F403  all but what follows

FLOOR_MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
SESSION_ENGINE = "django.contrib.sessions.backends.db"
