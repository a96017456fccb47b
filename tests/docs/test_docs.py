"""The docs can't rot: they name what the code has, and what they name exists."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from urllib.parse import unquote, urlsplit

import click
import pytest
from django.dispatch import Signal

import stepwell
from stepwell.api.errors import REFUSALS
from stepwell.api.v1 import api
from stepwell.cli import main
from stepwell.config.site import SiteSettings
from stepwell.core.errors import DomainError
from stepwell.core.markdown.links import find_links
from stepwell.core.markdown.rendering import render_markdown

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
# The demo's courses are read in any Markdown viewer, so their links must hold there too.
LINKED = [*PAGES, *sorted((ROOT / "src").rglob("*.md"))]
DECISIONS = sorted((DOCS / "decisions").glob("*.md"))


@cache
def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def rows_of(text: str) -> list[list[str]]:
    """The cells of each table row that begins with words in backticks."""
    return [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in text.splitlines()
        if line.startswith("| `")
    ]


def named_in(page: Path, pattern: str) -> set[str]:
    """What the tables of a page name in their first column."""
    firsts = (row[0].strip("`") for row in rows_of(text_of(page)))
    return {first for first in firsts if re.fullmatch(pattern, first)}


def sections_of(page: Path) -> dict[str, str]:
    """The text below each second-level heading; a heading may name several things."""
    pieces = re.split(r"^## (.+)$", text_of(page), flags=re.MULTILINE)[1:]
    pairs = zip(pieces[::2], pieces[1::2], strict=True)
    return {name: text for names, text in pairs for name in names.split(", ")}


def all_subclasses(kind: type[DomainError]) -> Iterator[type[DomainError]]:
    for each in kind.__subclasses__():
        yield each
        yield from all_subclasses(each)


@pytest.fixture(scope="session")
def every_module() -> list[str]:
    """Load all of Stepwell, so that its errors and signals are known; return the modules' names."""
    names = [
        module.name
        for module in walk_packages(stepwell.__path__, "stepwell.")
        if ".migrations" not in module.name and module.name != "stepwell.config.rsgi"
    ]
    for name in names:
        import_module(name)
    return names


def test_settings_have_their_variable_and_default_in_the_docs() -> None:
    documented = {
        row[0].strip("`"): row[1].strip("`") for row in rows_of(text_of(REFERENCE / "settings.md"))
    }

    assert {name: value for name, value in documented.items() if "STEPWELL" in name} == {
        f"STEPWELL_{name.upper()}": str(field.default)
        for name, field in SiteSettings.model_fields.items()
    }


def commands() -> list[str]:
    return sorted(main.commands)


@pytest.mark.parametrize("name", commands())
def test_command_has_its_section_with_every_option(name: str) -> None:
    section = sections_of(REFERENCE / "commands.md")[name]

    parameters = main.commands[name].params
    options = {opt for p in parameters if isinstance(p, click.Option) for opt in p.opts}
    arguments = {str(p.name).upper() for p in parameters if isinstance(p, click.Argument)}
    assert {row[0].strip("`") for row in rows_of(section)} == options
    usage = next(line for line in section.splitlines() if line.startswith(f"stepwell {name}"))
    assert options | arguments <= set(re.findall(r"--[a-z-]+|[A-Z]+", usage))


def test_commands_of_the_docs_exist() -> None:
    sections = set(sections_of(REFERENCE / "commands.md"))

    assert sections == set(commands())


def test_readme_lists_every_command() -> None:
    listed = re.findall(r"^\| `bin/stepwell ([\w-]+)", text_of(ROOT / "README.md"), re.MULTILINE)

    assert sorted(listed) == commands()


def test_signals_have_their_row(every_module: list[str]) -> None:
    names = [name for name in every_module if name.endswith(".signals")]
    signals = {
        name
        for module in map(import_module, names)
        for name, value in vars(module).items()
        if isinstance(value, Signal)
    }

    assert named_in(REFERENCE / "signals.md", r"[a-z_]+") == signals


def test_error_codes_have_their_row(every_module: list[str]) -> None:
    codes = [error.code for error in all_subclasses(DomainError) if "stepwell" in error.__module__]
    own = [code for code, _sentence in REFUSALS.values()]

    assert named_in(REFERENCE / "errors.md", r"[a-z_]+") == {*codes, *own}
    assert Counter([*codes, *own]).most_common(1)[0][1] == 1


def test_api_errors_have_their_row() -> None:
    codes = {code for code, _sentence in REFUSALS.values()}

    assert codes <= set(re.findall(r"^\| \d+ \| `(\w+)`", text_of(REFERENCE / "api.md"), re.M))


def test_api_routes_have_their_row() -> None:
    paths = api.get_openapi_schema()["paths"]
    routes = {
        f"{method.upper()} {path.removeprefix('/api/v1/')}"
        for path, methods in paths.items()
        for method in methods
    }

    assert named_in(REFERENCE / "api.md", r"[A-Z]+ \S+") == routes


def anchors_of(page: Path) -> set[str]:
    return {heading.anchor for heading in render_markdown(text_of(page)).headings}


@pytest.mark.parametrize("page", LINKED, ids=lambda page: str(page.relative_to(ROOT)))
def test_relative_links_lead_somewhere(page: Path) -> None:
    dead = []
    for link in find_links(text_of(page)):
        parts = urlsplit(link.destination)
        if parts.scheme:
            continue
        target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
        has_anchor = not parts.fragment or (
            target.suffix == ".md" and target.exists() and parts.fragment in anchors_of(target)
        )
        if not target.is_relative_to(ROOT) or not target.exists() or not has_anchor:
            dead.append(f"line {link.line}: {link.destination}")

    assert not dead


def test_pages_are_all_in_the_index() -> None:
    index = DOCS / "README.md"
    linked = {(DOCS / urlsplit(link.destination).path) for link in find_links(text_of(index))}

    assert set(DOCS.rglob("*.md")) - {index} <= linked


def test_decisions_have_numbers_of_their_own() -> None:
    numbers = [page.name[:4] for page in DECISIONS]

    assert all(number.isdigit() for number in numbers)
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_decision_has_its_parts(page: Path) -> None:
    assert text_of(page).startswith(f"# {int(page.name[:4])}. ")
    assert list(sections_of(page)) == ["Context", "Decision", "Rejected"]


def normal(requirement: str) -> str:
    name = re.match(r"[\w.-]+", requirement)
    assert name is not None
    return re.sub(r"[-_.]+", "-", name[0]).lower()


def test_dependencies_have_their_line() -> None:
    project = tomllib.loads(text_of(ROOT / "pyproject.toml"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]

    documented = named_in(DOCS / "decisions" / "0001-dependencies.md", r"[\w.-]+")
    assert documented == {normal(each) for each in wanted}


def test_contributing_names_every_folder() -> None:
    layout = text_of(ROOT / "CONTRIBUTING.md").split("## Layout")[1].split("## ")[0]
    told = set(re.findall(r"^  (\w+)/ ", layout, flags=re.MULTILINE))
    package = ROOT / "src" / "stepwell"
    assert told == {path.name for path in package.iterdir() if path.is_dir()} - {"__pycache__"}


def test_each_step_of_the_tour_names_a_file_and_what_is_in_it() -> None:
    tour = text_of(ROOT / "CONTRIBUTING.md").split("## A tour")[1].split("## ")[0]
    _head, *steps = re.split(r"^\d\. ", tour.split("```")[0], flags=re.MULTILINE)
    assert len(steps) == 4
    for step in steps:
        [file] = re.findall(r"\((src/.+?)\)", step)
        names = re.findall(r"`([a-z_-]+)`", step)
        assert any(name in text_of(ROOT / file) for name in names), step


def test_architecture_tells_the_layers_of_the_contract() -> None:
    contracts = tomllib.loads(text_of(ROOT / "pyproject.toml"))["tool"]["importlinter"]["contracts"]
    told = text_of(DOCS / "explanation" / "architecture.md").split("```")[1]
    layers = [re.split(r"  +", line)[0] for line in told.strip().splitlines()]
    assert layers == [layer.replace("stepwell.", "") for layer in contracts[0]["layers"]]
