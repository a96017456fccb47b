"""The school of a run: made once, kept, and used again."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

import stepwell
from benchmarks.shapes import Shape

HERE = Path(__file__).parent
APPS = Path(stepwell.__file__).parent


def open_site(folder: Path, database: str, size: str, workers: int, *, has_points: bool) -> None:
    """Make Django work on the site in `folder`, which may be empty.

    On PostgreSQL it has a database named after the size, which is made on that server if need be.
    """
    import django

    url = "" if database == "sqlite" else _own_database(database, f"stepwell_bench_{size}")
    folder.mkdir(parents=True, exist_ok=True)
    # Nothing of the site's own environment may reach the site under test.
    for name in [name for name in os.environ if name.startswith("STEPWELL_")]:
        del os.environ[name]
    os.environ |= {
        "STEPWELL_DATA": str(folder),
        "STEPWELL_DATABASE_URL": url,
        "STEPWELL_WORKERS": str(workers),
        "STEPWELL_GAMIFICATION": str(has_points),
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
    }
    django.setup()


def fill_once(shape: Shape, folder: Path, tell: Callable[[str], None]) -> None:
    """Make the school if it is not there, or if it was made otherwise or not to the end."""
    from benchmarks.generate import fill

    make_once(folder, repr(shape), ["generate.py", "lesson.md"], lambda: fill(shape, tell))


def make_once(folder: Path, shape: str, sources: list[str], make: Callable[[], None]) -> None:
    """Call `make` on an empty site, unless it has done so for this shape by these sources."""
    from django.core.management import call_command
    from django.db import connection

    from stepwell.courses.models import Course

    stamp = folder / "school"
    made_by = hashlib.sha256(shape.encode())
    files = [*(HERE / name for name in sources), *APPS.glob("*/migrations/0*.py")]
    for file in sorted(files):
        made_by.update(file.read_bytes())
    call_command("migrate", verbosity=0)
    is_there = stamp.exists() and stamp.read_text() == made_by.hexdigest()
    if is_there and Course.objects.exists():
        return
    stamp.unlink(missing_ok=True)
    _empty(folder)
    call_command("migrate", verbosity=0)
    make()
    connection.close()  # SQLite then leaves no long log behind
    stamp.write_text(made_by.hexdigest())


def _own_database(server: str, name: str) -> str:
    """Return the address of the database of that name on the server, which is made if need be."""
    with psycopg.connect(server, autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if not known.fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


def _empty(folder: Path) -> None:
    """Take everything out of the database, tables included."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public;")
    connection.close()
    for file in folder.glob("stepwell.sqlite3*"):
        file.unlink()
