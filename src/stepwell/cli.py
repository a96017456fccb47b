"""The `stepwell` command: everything that an owner does outside the browser."""

import fcntl
import os
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from stepwell import __version__

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


def start_django() -> None:
    """Load the site named by STEPWELL_DATA and the other settings; explain bad ones."""
    import django
    from pydantic import ValidationError

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stepwell.config.settings")
    try:
        django.setup()
    except ValidationError as error:
        lines = [
            f"STEPWELL_{'_'.join(map(str, fault['loc'])).upper()}: "
            + fault["msg"].removeprefix("Value error, ")
            for fault in error.errors()
        ]
        raise click.ClickException("A setting can't be used.\n  " + "\n  ".join(lines)) from None


@contextmanager
def site() -> Iterator[None]:
    """Run a command on the site; what a rule refuses becomes one sentence and exit code 1."""
    start_django()
    from django.conf import settings

    from stepwell.core.errors import DomainError

    with one_at_a_time(settings.SITE.data):
        # Switching SQLite to WAL needs an exclusive lock: processes that start together take turns.
        _require_database()
        _migrate()
    try:
        yield
    except DomainError as error:
        raise click.ClickException(str(error)) from None


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Let one command at a time prepare a site; the lock goes with the process that holds it."""
    with (folder / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _require_database() -> None:
    from django.core.exceptions import ImproperlyConfigured
    from django.db import Error, connection

    try:
        connection.ensure_connection()
    # The options of an address are the driver's own, which refuses them in more than one way.
    except (Error, ImproperlyConfigured, TypeError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise click.ClickException(f"The database does not answer. {reason}") from None


def _migrate() -> None:
    """Bring the database to the program's own version; nothing happens when it is there."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on a terminal; calls give how much is done and how much there is."""
    with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        yield show


class CommandLine(click.Group):
    """Takes arguments that are text: other bytes could be neither stored nor printed."""

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        for argument in arguments:
            # Python hides a byte that is not UTF-8 in half a character, which can't be encoded.
            readable = argument.encode(errors="replace").decode()
            if readable != argument:
                raise click.ClickException(f"“{readable}” is not valid UTF-8. Type it again.")
        return super().parse_args(context, arguments)


@click.group(cls=CommandLine, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="stepwell")
def main() -> None:
    """Stepwell: a classroom that its owner owns.

    Works on the site in STEPWELL_DATA (default ./data), also while it is being served.
    """


@main.command()
@click.option("--data", type=click.Path(file_okay=False), help="Data folder.  [default: ./data]")
@click.option("--host", help="Address to listen on.  [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), help="Port.  [default: 8000]")
@click.option("--workers", type=click.IntRange(1, 64), help="Server processes.  [default: 2]")
@click.option("--demo", is_flag=True, help="Load the demo academy into an empty site first.")
def serve(demo: bool, **options: Any) -> None:
    """Serve the site, after bringing its database up to date."""
    # The server's worker processes read their settings from here.
    os.environ |= {f"STEPWELL_{k.upper()}": str(v) for k, v in options.items() if v is not None}
    with site():
        from django.conf import settings

        from stepwell.accounts.sessions import SessionStore
        from stepwell.config.server import collect_static_files, require_free_port, run_server

        require_free_port()
        SessionStore.clear_expired()
        with one_at_a_time(settings.SITE.data):
            collect_static_files()
            if demo:
                _load_demo()
        run_server()


@main.command()
@click.option("--until-idle", is_flag=True, help="Go when there has been nothing to do.")
def work(until_idle: bool) -> None:
    """Do what takes longer than a page, such as imports from the browser.

    `serve` starts one by itself; start more where the server's machine is busy.
    """
    with site():
        from stepwell.config.worker import SiteWorker

        SiteWorker(until_idle=until_idle).work()


def _load_demo() -> None:
    from stepwell.accounts.queries import has_any_user
    from stepwell.demo.academy import PASSWORD, demo_accounts, load_academy

    if has_any_user():
        click.echo("The site has accounts already: the demo academy is not loaded again.")
        return
    with progress_bar("Loading the demo academy") as show:
        load_academy(show)
    click.echo(f"Demo accounts, all with the password {PASSWORD}:")
    for person in demo_accounts():
        click.echo(f"  {person.email:28}{person.role:12}{person.name}")


@main.command(name="import")
@click.argument("folder", type=FOLDER)
@click.option("--publish", is_flag=True, help="Publish the course and its lessons.")
@click.option("--dry-run", is_flag=True, help="Show the plan and change nothing.")
@click.option("--instructor", metavar="EMAIL", help="Who teaches the course.")
@click.option("--into", metavar="COURSE", help="Update this course (its address or key).")
@click.option("--new", is_flag=True, help="Make a new course, with new keys for everything.")
@click.option("--same", metavar="PATH", multiple=True, help="This file is still its lesson.")
@click.option("--not-same", metavar="PATH", multiple=True, help="This file is another lesson.")
def import_(
    folder: Path,
    *,
    publish: bool,
    dry_run: bool,
    instructor: str | None,
    into: str | None,
    new: bool,
    same: tuple[str, ...],
    not_same: tuple[str, ...],
) -> None:
    """Import a course from FOLDER, or update it in place, keeping all progress.

    Understands Stepwell's own layout, numbered folders with README.md, Carpentries lessons
    (config.yaml) and _toctree.yml. Ends with a report of all that it could not take.

    Stops where it would rename the course, archive a third of its lessons or more, or take a
    lesson that people completed for another one, and says which option answers.
    """
    if new and into:
        raise click.UsageError("Choose one of --into and --new.")
    if twice := set(same) & set(not_same):
        raise click.UsageError(f"Choose one of --same and --not-same for {min(twice)}.")
    with site():
        from stepwell.accounts.queries import get_user_by_email
        from stepwell.courses.access import OPERATOR, get_any_course
        from stepwell.transfer.choices import Choice
        from stepwell.transfer.importing import import_course

        teacher = get_user_by_email(instructor) if instructor else None
        choice = Choice(
            into=get_any_course(into) if into else None,
            is_new=new,
            same=frozenset((path, "") for path in same),
            other=frozenset((path, "") for path in not_same),
        )
        with progress_bar("Importing") as show:
            report = import_course(
                folder,
                actor=OPERATOR,
                publish=publish,
                dry_run=dry_run,
                instructor=teacher,
                progress=show,
                choice=choice,
            )
        click.echo(report.text())


@main.command()
@click.argument("course")
def publish(course: str) -> None:
    """Open COURSE (its address or key) to learners."""
    with site():
        from stepwell.courses.access import get_any_course
        from stepwell.courses.actions import publish_course
        from stepwell.courses.queries import get_empty_lessons

        opened = publish_course(course=get_any_course(course))
        click.echo(f"“{opened}” is open to learners.")
        for lesson in get_empty_lessons(opened, with_drafts=False):
            click.echo(f"The lesson “{lesson}” is empty. Learners see its title and nothing else.")


@main.command()
@click.argument("course")
def unpublish(course: str) -> None:
    """Close COURSE to every learner; their progress is kept."""
    with site():
        from stepwell.courses.access import get_any_course
        from stepwell.courses.actions import unpublish_course

        closed = unpublish_course(course=get_any_course(course))
        click.echo(f"“{closed}” is closed for now. All progress is kept.")


@main.command()
@click.argument("course")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def export(course: str, folder: Path) -> None:
    """Write COURSE (its address or key) as a folder of Markdown."""
    with site():
        from stepwell.courses.access import get_any_course
        from stepwell.transfer.exporting import export_course

        with progress_bar("Exporting") as show:
            report = export_course(get_any_course(course), folder, progress=show)
        click.echo(report.text())


def _person_options(command: Callable[..., None]) -> Callable[..., None]:
    name = click.option("--name", help="Name.  [default: from the address]")
    password = click.option("--password", help="Password.  [default: a new one, printed]")
    return name(password(command))


def _create_person(email: str, name: str | None, password: str | None, role: str) -> None:
    with site():
        from stepwell.accounts.actions import create_user
        from stepwell.accounts.models import Role

        chosen = secrets.token_urlsafe(12) if password is None else password
        user = create_user(email=email, name=name, password=chosen, role=Role(role))
        click.echo(f"Created {user.get_role_display()} {user.email}.")
        if password is None:
            click.echo(f"Password: {chosen}")


@main.command()
@click.argument("email")
@_person_options
def create_owner(email: str, name: str | None, password: str | None) -> None:
    """Create an owner, whose address counts as verified."""
    _create_person(email, name, password, "owner")


@main.command()
@click.argument("email")
@_person_options
def create_instructor(email: str, name: str | None, password: str | None) -> None:
    """Create an instructor, whose address counts as verified."""
    _create_person(email, name, password, "instructor")


@main.command()
@click.argument("email")
@_person_options
def create_learner(email: str, name: str | None, password: str | None) -> None:
    """Create a learner, whose address counts as verified."""
    _create_person(email, name, password, "learner")


@main.command()
@click.argument("email")
@click.argument("role", type=click.Choice(["learner", "instructor", "owner"]))
def role(email: str, role: str) -> None:
    """Make EMAIL a learner, an instructor or an owner."""
    with site():
        from stepwell.accounts.actions import set_role
        from stepwell.accounts.models import Role
        from stepwell.accounts.queries import get_user_by_email

        user = set_role(user=get_user_by_email(email), role=Role(role))
        click.echo(f"{user.email} is {user.get_role_display()} now.")


@main.command()
@click.argument("email")
@click.option("--label", default="command line", help="What the token is for.")
def token(email: str, label: str) -> None:
    """Print a new API token of EMAIL as the last word."""
    with site():
        from stepwell.accounts.actions import create_api_token
        from stepwell.accounts.queries import get_user_by_email

        user = get_user_by_email(email)
        _token, secret = create_api_token(user=user, label=label)
        click.echo(f"Token of {user.email}, shown this once: {secret}")


@main.command()
def verify() -> None:
    """Prove that all that is kept is what people did, and report every difference.

    Enrollments, completions, outlines, points, badges, and what rows refer to.
    Exit code 0 when everything agrees, 1 when something differs.
    """
    with site():
        from stepwell.core.verification import find_dangling_references
        from stepwell.courses import verification as courses
        from stepwell.gamification import verification as gamification
        from stepwell.learning import verification as learning
        from stepwell.learning.models import LearningEvent

        count = LearningEvent.objects.count()
        with progress_bar("Verifying") as show:
            differences = [
                *find_dangling_references(),
                *courses.find_differences(),
                *learning.find_differences(lambda done: show(min(done, count), count or 1)),
                *gamification.find_differences(),
            ]
        for difference in differences:
            click.echo(difference)
        if differences:
            raise click.ClickException(f"{len(differences)} differences.")
        click.echo(f"{count} events, no difference.")


@main.group()
def gamification() -> None:
    """Points, levels, streaks, badges and the leaderboard."""


@gamification.command()
def rebuild() -> None:
    """Give everyone the points and badges that are missing.

    Works from the learning record, while people learn. What was given stays, corrections too.
    """
    with site():
        from stepwell.accounts.models import User
        from stepwell.gamification.actions import rebuild_ledger

        count = User.objects.count()
        with progress_bar("Rebuilding") as show:
            new = rebuild_ledger(lambda done: show(min(done, count), count or 1))
        click.echo(f"{count} people, {new} new entries.")


if __name__ == "__main__":
    main(prog_name="stepwell")
