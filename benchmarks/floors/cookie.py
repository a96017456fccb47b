"""An empty view behind Django's stock session in a signed cookie."""

from benchmarks.floors.bare import *  # noqa: F403  all but what follows

FLOOR_MIDDLEWARE = ["django.contrib.sessions.middleware.SessionMiddleware"]
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
