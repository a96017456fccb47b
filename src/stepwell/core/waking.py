"""Telling the process beside the server that there is work; see `config.supervisor`."""

from django.conf import settings


def wake_worker() -> None:
    """Announce that something was enqueued; a second call changes nothing."""
    (settings.SITE.data / ".work").touch()
