"""What `serve` does before the server runs."""

import os
import runpy
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest

from stepwell.config import settings as settings_module
from stepwell.config.server import announce_work_left
from stepwell.core import clock
from stepwell.core.waking import WORK
from stepwell.school.models import OutgoingMail
from stepwell.transfer.models import Transfer
from stepwell.transfer.transfers import run
from tests.factories import make_user

SINGLE_SIGN_ON = "allauth.socialaccount.providers.openid_connect"


@pytest.fixture
def is_worker_wanted(settings: Any, db: None) -> Any:
    file = settings.SITE.data / WORK
    file.touch()  # by an earlier run

    def ask() -> bool:
        announce_work_left()
        return bool(file.exists())

    yield ask
    file.unlink(missing_ok=True)


def test_no_worker_is_wanted_where_nothing_was_left(is_worker_wanted: Any) -> None:
    assert not is_worker_wanted()


def test_a_worker_is_wanted_for_a_task_that_waits(is_worker_wanted: Any) -> None:
    run.enqueue("a key")

    assert is_worker_wanted()


def test_a_worker_is_wanted_when_the_next_mail_is_due(is_worker_wanted: Any, settings: Any) -> None:
    due_at = clock.now() + timedelta(hours=2)
    OutgoingMail.objects.create(recipients="a@example.org", content={}, due_at=due_at)

    assert is_worker_wanted()

    assert (settings.SITE.data / WORK).stat().st_mtime == pytest.approx(due_at.timestamp())


@pytest.mark.parametrize(("state", "is_wanted"), [("waiting", True), ("done", False)])
def test_a_worker_is_wanted_for_a_transfer_that_was_not_finished(
    state: str, is_wanted: bool, is_worker_wanted: Any
) -> None:
    now = clock.now()
    Transfer.objects.create(
        kind="export", person=make_user(), state=state, created_at=now, changed_at=now
    )

    assert is_worker_wanted() == is_wanted


@pytest.mark.parametrize("issuer", ["", "https://id.example.org"])
def test_single_sign_on_is_loaded_where_it_is_set_up(
    issuer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEPWELL_OIDC_ISSUER", issuer)
    monkeypatch.setenv("STEPWELL_OIDC_CLIENT_ID", "stepwell")

    read = runpy.run_path(settings_module.__file__)

    assert (SINGLE_SIGN_ON in read["INSTALLED_APPS"]) == bool(issuer)


LOADED = """
import sys
from stepwell.config import rsgi
from django.urls import get_resolver
get_resolver().url_patterns
print({"django", "markdown_it", "PIL", "pygments"} & set(sys.modules))
"""


def test_server_process_loads_nothing_that_only_rendering_needs() -> None:
    own = {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": os.pathsep.join(sys.path)}

    asked = subprocess.run(
        [sys.executable, "-c", LOADED],
        env=os.environ | own,
        capture_output=True,
        text=True,
        check=False,
    )

    assert asked.stdout == "{'django'}\n", asked.stderr
