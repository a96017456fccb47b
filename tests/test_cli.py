"""The command line, run as its own process on a site in a folder."""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]

COURSE = {
    "course.md": "---\ntitle: Tea\n---\nHow to brew.\n",
    "01-basics/module.md": "---\ntitle: Basics\n---\n",
    "01-basics/01-water.md": "---\ntitle: Water\nminutes: 3\n---\nBoil it.\n",
    "01-basics/02-leaves.md": "---\ntitle: Leaves\n---\nSee [water](01-water.md).\n",
}


def stepwell(site: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    own = {key: value for key, value in os.environ.items() if not key.startswith("STEPWELL_")}
    environment = own | {
        "STEPWELL_DATA": str(site),
        "DJANGO_SETTINGS_MODULE": "stepwell.config.settings",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        **settings,
    }
    return subprocess.run(
        [sys.executable, "-m", "stepwell.cli", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture(scope="module")
def empty_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site whose first command has made its tables; each test takes a copy."""
    site = tmp_path_factory.mktemp("site")
    made = stepwell(site, "verify")
    assert made.stdout == "0 events, no difference.\n", made.stderr
    return site


@pytest.fixture
def run(tmp_path: Path, empty_site: Path) -> Run:
    """Return a function that runs `stepwell` on a site of its own."""
    for name in ("site", "other site"):
        shutil.copytree(empty_site, tmp_path / name)
    return partial(stepwell, tmp_path / "site")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in COURSE.items():
        path = tmp_path / "tea" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "tea"


def test_import_publishes_and_export_comes_back_identical(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    first = run("import", str(folder), "--publish")
    assert first.returncode == 0, first.stderr
    assert "Imported “Tea”: 1 module, 2 lessons" in first.stdout
    assert "created" not in run("import", str(folder)).stdout
    assert run("export", "tea", str(tmp_path / "one")).returncode == 0
    other = {"STEPWELL_DATA": str(tmp_path / "other site")}
    assert run("import", str(tmp_path / "one"), **other).returncode == 0
    assert run("export", "tea", str(tmp_path / "two"), **other).returncode == 0
    assert _contents(tmp_path / "one") == _contents(tmp_path / "two")


def test_dry_run_shows_the_plan_and_changes_nothing(run: Run, folder: Path) -> None:
    planned = run("import", str(folder), "--dry-run")
    assert planned.returncode == 0
    assert "lesson" in planned.stdout
    assert "“tea”" in run("export", "tea", "nowhere").stderr


def test_course_is_opened_and_closed_and_says_so(run: Run, folder: Path) -> None:
    run("import", str(folder))
    assert "is open to learners" in run("publish", "tea").stdout
    assert "is closed for now" in run("unpublish", "tea").stdout
    reopened = run("import", str(folder), "--publish").stdout
    assert "published course" in " ".join(reopened.split())
    assert "Nothing has changed." in run("import", str(folder), "--publish").stdout


def test_hostile_folder_is_refused_by_file_and_line(run: Run, folder: Path) -> None:
    (folder / "01-basics/02-leaves.md").write_text("---\ntitle: X\n---\n<script>x</script>\n")
    refused = run("import", str(folder))
    assert refused.returncode == 1
    assert "02-leaves.md" in refused.stderr
    assert "line 4" in refused.stderr or ":4" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_people_and_tokens(run: Run) -> None:
    created = run("create-learner", "Ada@example.org", "--name", "Ada")
    assert created.returncode == 0
    assert "ada@example.org" in created.stdout
    token = run("token", "ada@example.org").stdout.split()[-1]
    assert token.startswith("stw_")
    twice = run("create-learner", "ada@example.org")
    assert twice.returncode == 1
    assert "already has an account" in twice.stderr
    nobody = run("token", "nobody@example.org")
    assert nobody.returncode == 1
    assert "nobody@example.org" in nobody.stderr
    assert run("create-owner", "o@example.org", "--password", "short").returncode == 1
    assert run("create-owner", "o@example.org", "--password", "").returncode == 1


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (("create-learner", "x@y.org", "--name", ""), "Write a name that others can read"),
        (("create-learner", "x@y.org", "--name", "x" * 121), "Write a name that others can read"),
        (("create-owner", "x@y.org", "--name", "\x1b[31m"), "Write a name that others can read"),
        (("create-learner", "x@y.org", "--name", "caf\udce9"), "“caf?” is not valid UTF-8"),
        (("token", "ada@example.org", "--label", "x" * 81), "Write a label that you can read"),
        (("token", "ada@example.org", "--label", "\x07"), "Write a label that you can read"),
        (("token", "caf\udce9@example.org"), "is not valid UTF-8"),
        (("export", "caf\udce9", "folder"), "is not valid UTF-8"),
        (("role", "olga@example.org", "learner"), "is the only owner"),
    ],
)
def test_argument_that_cannot_be_is_refused_in_one_sentence(
    run: Run, command: tuple[str, ...], sentence: str
) -> None:
    run("create-learner", "ada@example.org")
    run("create-owner", "olga@example.org")
    refused = run(*command)
    assert refused.returncode == 1
    assert sentence in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def test_bad_setting_is_named(run: Run) -> None:
    refused = run("verify", STEPWELL_WORKERS="many")
    assert refused.returncode == 1
    assert "STEPWELL_WORKERS" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_mailbox_that_nothing_can_send_to_is_refused(run: Run) -> None:
    refused = run("verify", STEPWELL_EMAIL_URL="smtp+tls://a:b@host:587")
    assert refused.returncode == 1
    assert "“smtp+tls”" in refused.stderr


@pytest.mark.parametrize(
    "command",
    ["serve", "import", "export", "create-owner", "create-learner", "verify", "token"],
)
def test_every_command_explains_itself(run: Run, command: str) -> None:
    explained = run(command, "--help")
    assert explained.returncode == 0
    assert "Usage:" in explained.stdout


def _contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_first_starts_at_once_all_find_a_whole_site(tmp_path: Path) -> None:
    emails = ["a@b.org", "c@d.org", "e@f.org", "g@h.org"]
    with ThreadPoolExecutor(len(emails)) as pool:
        site = tmp_path / "new"
        made = list(pool.map(lambda email: stepwell(site, "create-learner", email), emails))
    assert [one.returncode for one in made] == [0] * len(emails), [one.stderr for one in made]


def test_second_server_on_a_port_is_refused(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refused = run("serve", "--port", str(taken.getsockname()[1]))
    assert refused.returncode == 1
    assert "can't be used" in refused.stderr


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("STEPWELL_TIME_ZONE", "Mars/X"),
        ("STEPWELL_LANGUAGE", "xx"),
        ("STEPWELL_DATABASE_URL", "rubbish"),
        ("STEPWELL_DATABASE_URL", "mysql://a/b"),
        ("STEPWELL_DATABASE_URL", "oracle://a/b"),
        ("STEPWELL_DATABASE_URL", "sqlite:///school.sqlite3"),
        ("STEPWELL_DATA", "/dev/null/x"),
    ],
)
def test_setting_that_cannot_work_is_explained(run: Run, setting: str, value: str) -> None:
    refused = run("verify", **{setting: value})
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"Error: A setting can't be used.\n  {setting}: ")
    assert len(refused.stderr.splitlines()) == 2


@pytest.mark.parametrize("option", ["", "?colour=blue", "?sslmode=maybe", "?isolation_level=9"])
def test_database_that_does_not_answer_is_told_in_a_sentence(run: Run, option: str) -> None:
    refused = run("verify", STEPWELL_DATABASE_URL=f"postgresql://x@127.0.0.1:1/y{option}")
    assert refused.returncode == 1
    assert refused.stderr.startswith("Error: The database does not answer. ")
    assert len(refused.stderr.splitlines()) == 1


def test_empty_data_folder_is_the_default_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert stepwell(Path(), "verify", STEPWELL_DATA="").returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_role_is_changed_and_a_learner_cannot_teach(run: Run, folder: Path) -> None:
    run("create-learner", "ada@example.org")
    refused = run("import", str(folder), "--instructor", "ada@example.org")
    assert refused.returncode == 1
    assert "is a learner" in refused.stderr
    assert "instructor now" in run("role", "ada@example.org", "instructor").stdout
    assert run("import", str(folder), "--instructor", "ada@example.org").returncode == 0


COMPLETE = """
import django; django.setup()
from stepwell.accounts.models import User
from stepwell.courses.models import Lesson
from stepwell.learning.actions import complete_lesson, enroll_in_course
lesson = Lesson.objects.get(title="Beta")
from stepwell.learning.models import Origin
enroll_in_course(user=User.objects.get(), course=lesson.course, origin=Origin.WEB)
complete_lesson(user=User.objects.get(), lesson=lesson, origin=Origin.WEB)
"""
DONE = """
SELECT title FROM courses_lesson
JOIN learning_lessonprogress progress ON progress.lesson_id = courses_lesson.id
"""


def write_readmes(folder: Path, title: str, lessons: Sequence[str]) -> Path:
    """Write numbered folders; the first is an introduction wherever it comes from."""
    for number, name in enumerate(lessons, 1):
        place = folder / ("01-introduction" if number == 1 else f"{number:02}-part")
        place.mkdir(parents=True, exist_ok=True)
        (place / "README.md").write_text(f"# {name}\n\nAbout {name}.\n")
    (folder / "README.md").write_text(f"# {title}\n")
    return folder


def test_folders_of_one_name_are_courses_of_their_own(run: Run, tmp_path: Path) -> None:
    run("create-instructor", "ada@example.org")
    knitting = write_readmes(tmp_path / "a/docs", "Knitting", ["Wool", "Needles"])
    python = write_readmes(tmp_path / "b/docs", "Python", ["Hello", "Variables", "Loops"])
    assert run("import", str(knitting)).returncode == 0

    second = run("import", str(python), "--instructor", "ada@example.org")

    assert second.returncode == 0, second.stderr
    assert "Nothing has changed." in run("import", str(knitting), "--dry-run").stdout
    refused = run("import", str(python), "--into", "knitting", "--new")
    assert refused.returncode == 2


def test_import_that_would_replace_a_course_stops_until_it_is_told(
    run: Run, tmp_path: Path
) -> None:
    folder = write_readmes(tmp_path / "docs", "Knitting", ["Wool", "Needles"])
    run("import", str(folder))
    shutil.rmtree(folder / "02-part")
    write_readmes(folder, "Python", ["Hello"])

    refused = run("import", str(folder))

    assert refused.returncode == 1
    assert "This would rename “Knitting” to “Python” and archive 1 of its 2 lessons" in (
        refused.stderr
    )
    assert "add --into knitting. To make a new course, add --new." in refused.stderr
    assert run("publish", "knitting").stdout == "“Knitting” is open to learners.\n"
    assert run("import", str(folder), "--new").returncode == 0
    assert run("import", str(folder), "--into", "knitting").returncode == 0
    assert run("publish", "knitting").stdout == "“Python” is open to learners.\n"


def test_import_moves_no_completion_to_another_lesson(run: Run, tmp_path: Path) -> None:
    folder = write_readmes(tmp_path / "docs", "Course", ["Alpha", "Beta", "Gamma", "Delta"])
    run("import", str(folder), "--publish")
    run("create-learner", "lara@example.org")
    site = {**os.environ, "STEPWELL_DATA": str(tmp_path / "site")}
    site |= {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    site |= {"DJANGO_SETTINGS_MODULE": "stepwell.config.settings", "STEPWELL_DATABASE_URL": ""}
    subprocess.run([sys.executable, "-c", COMPLETE], env=site, check=True)
    write_readmes(folder, "Course", ["Alpha", "Inserted", "Beta", "Gamma", "Delta"])
    assert run("import", str(folder), "--publish").returncode == 0
    write_readmes(folder, "Course", ["Alpha", "Inserted", "Other", "Gamma", "Delta"])

    refused = run("import", str(folder))

    path = "03-part/README.md"
    assert refused.returncode == 1
    assert f"{path}: “Beta” becomes “Other”; 1 person completed it." in refused.stderr
    assert run("import", str(folder), "--not-same", path).returncode == 0
    with sqlite3.connect(tmp_path / "site/stepwell.sqlite3") as database:
        assert database.execute(DONE).fetchall() == [("Beta",)]
    assert run("verify").returncode == 0
