"""Telling the process beside the server that there is work; see `config.supervisor`."""

import os
from datetime import datetime

from django.conf import settings

WORK = ".work"  # the file's name in the site's data


def wake_worker(at: datetime | None = None) -> None:
    """Announce work for now or for a later time; this replaces what was announced before."""
    file = settings.SITE.data / WORK
    file.touch()
    if at is not None:
        os.utime(file, (at.timestamp(), at.timestamp()))
