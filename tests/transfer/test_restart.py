"""A worker that dies in the midst of an import, and the one that comes after it."""

import os
import signal
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.test_cli import stepwell

LESSONS = 400
ASK = """
import django; django.setup()
from django.core.files.base import ContentFile
from stepwell.accounts.models import User
from stepwell.transfer.models import Transfer
from stepwell.transfer.transfers import confirm_import, start_import
zipped = ContentFile(open({path!r}, "rb").read())
transfer = start_import(person=User.objects.get(), file=zipped, name="tea.zip")
Transfer.objects.update(state="planned")
confirm_import(transfer=transfer, publish=True)
"""


def ask(site: Path, sql: str) -> object:
    with sqlite3.connect(site / "stepwell.sqlite3", timeout=20) as connection:
        return connection.execute(sql).fetchone()[0]


def test_import_survives_the_death_of_its_worker(tmp_path: Path) -> None:
    site, archive = tmp_path / "site", tmp_path / "tea.zip"
    text = "# Water\n\n" + "Boil *it* and `wait`.\n\n" * 60
    with zipfile.ZipFile(archive, "w") as out:
        out.writestr("tea/course.md", "---\ntitle: Tea\n---\n")
        for part in range(LESSONS // 40):
            out.writestr(f"tea/{part + 1:02}-part/module.md", f"---\ntitle: P{part}\n---\n")
        for number in range(LESSONS):
            module = f"tea/{number // 40 + 1:02}-part"
            out.writestr(f"{module}/{number:04}-step.md", f"---\ntitle: L{number}\n---\n{text}")
    assert stepwell(site, "create-owner", "o@example.org").returncode == 0
    own = {key: value for key, value in os.environ.items() if not key.startswith("STEPWELL_")}
    environment = own | {
        "STEPWELL_DATA": str(site),
        "DJANGO_SETTINGS_MODULE": "stepwell.config.settings",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
    asking = [sys.executable, "-c", ASK.format(path=str(archive))]
    subprocess.run(asking, env=environment, check=True)

    working = [sys.executable, "-m", "stepwell.cli", "work", "--until-idle"]
    with subprocess.Popen(working, env=environment) as worker:
        while not ask(site, "SELECT worker FROM transfer_transfer"):
            assert worker.poll() is None
        worker.send_signal(signal.SIGKILL)
    assert ask(site, "SELECT state FROM transfer_transfer") == "confirmed"
    assert ask(site, "SELECT count(*) FROM courses_course") == 0

    assert stepwell(site, "work", "--until-idle").returncode == 0

    assert ask(site, "SELECT state FROM transfer_transfer") == "done"
    assert ask(site, "SELECT count(*) FROM courses_lesson WHERE status = 'published'") == LESSONS
    assert not list((site / "transfers").rglob("*.md"))
    assert stepwell(site, "verify").returncode == 0
