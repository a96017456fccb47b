"""What `serve` does before the server runs, and how it becomes the supervisor."""

import hashlib
import json
import os
import socket
import sys
from pathlib import Path

import click
from django.conf import settings
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult

from stepwell import __version__
from stepwell.config import supervisor
from stepwell.core.waking import WORK, wake_worker
from stepwell.gamification.queries.leaderboard import has_many_entries
from stepwell.school.outgoing import get_next_time
from stepwell.transfer.models import Transfer, TransferQuerySet

CONNECTIONS = 5_000  # of each worker; slow clients keep theirs open for long
BUFFER = 64 * 1024  # bytes of a connection; a head of about twice as many is refused
LONGEST_STOP = 7  # seconds until Granian kills a worker; less than the supervisor's time
RESPAWN = 0.5  # seconds until a worker that died is started again

# What the libraries bring along and no page asks for.
UNUSED = [
    *("htmx-4*", "htmax-4*", "hx-*", "*-4.js", "*-4.min.js"),
    *(f"django_prose_editor/{name}*" for name in ("configurable", "default", "material", "over")),
]


def collect_static_files() -> None:
    """Copy, hash and compress the static files where they have changed since the last start."""
    stamp = Path(settings.STATIC_ROOT) / ".stamp"
    version = _static_version()
    if not stamp.exists() or stamp.read_text() != version:
        call_command(
            "collectstatic", interactive=False, verbosity=0, clear=True, ignore_patterns=UNUSED
        )
        stamp.write_text(version)


def _static_version() -> str:
    own = Path(settings.STATICFILES_DIRS[0])
    facts = [
        f"{path}{path.stat().st_mtime_ns}" for path in sorted(own.rglob("*")) if path.is_file()
    ]
    return hashlib.sha256("".join([__version__, str(settings.DEBUG), *facts]).encode()).hexdigest()


def require_free_port() -> None:
    """Refuse to share a port: workers do so among themselves, so a second site would join in.

    Raises `click.ClickException`.
    """
    site = settings.SITE
    family = socket.AF_INET6 if ":" in site.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((site.host, site.port))
        except OSError as error:
            raise click.ClickException(
                f"{site.host}:{site.port} can't be used: {error.strerror}. "
                "Stop what listens there, or choose another --port."
            ) from None


def announce_work_left() -> None:
    """Have a worker started with the server only if there is something for it to do."""
    (settings.SITE.data / WORK).unlink(missing_ok=True)
    if (
        DBTaskResult.objects.ready().exists()
        or TransferQuerySet(Transfer).unfinished().exists()
        or has_many_entries(None)
    ):
        wake_worker()
    elif next_time := get_next_time():
        wake_worker(at=next_time)


def run_server() -> None:
    """Replace this process by the supervisor, which serves until it is stopped."""
    site = settings.SITE
    click.echo(f"Stepwell serves {settings.MEDIA_ROOT.parent} at {site.own_address}/")
    if site.is_open_to_network and not site.address:
        click.echo("Set STEPWELL_ADDRESS to the site's public address to be reached by its name.")
    if not site.email_url:
        click.echo(f"Mail is kept in {settings.EMAIL_FILE_PATH}/ until STEPWELL_EMAIL_URL is set.")
    sys.stdout.flush()
    # Otherwise each thread keeps a reserve of memory of its own.
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    options = {
        "interface": "rsgi",
        "http": "1",
        "websockets": False,
        "address": site.host,
        "port": site.port,
        "workers": site.workers,
        "backpressure": CONNECTIONS,
        "http1_settings": {
            "header_read_timeout": site.request_timeout * 1000,
            "max_buffer_size": BUFFER,
        },
        "workers_kill_timeout": LONGEST_STOP,
        "respawn_failed_workers": True,
        "respawn_interval": RESPAWN,
        "log_level": "warning",
    }
    server = [sys.executable, "-m", "stepwell.config.web_server", json.dumps(options)]
    announce_work_left()
    # Without looking for packages, of which it needs none: 2 MB less.
    watch = [sys.executable, "-IS", supervisor.__file__, str(site.data / WORK)]
    # Replaced rather than called, so that all that has been loaded here takes no memory.
    os.execv(sys.executable, [*watch, *server])  # noqa: S606  no shell is wanted
