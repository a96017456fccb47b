"""Telling the process beside the server that there is work; see `config.supervisor`."""

from django.conf import settings

WORK = ".work"  # the file's name in the site's data


def wake_worker() -> None:
    """Announce that something was enqueued; a second call changes nothing."""
    (settings.SITE.data / WORK).touch()
