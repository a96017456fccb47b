"""Three open courses that no one on this project wrote, read whole."""

import re
from collections import Counter
from functools import cache

import pytest

from stepwell.core.markdown.links import find_links
from stepwell.core.markdown.rendering import render_markdown
from stepwell.transfer.documents import CourseDocument
from stepwell.transfer.findings import FindingKind
from stepwell.transfer.folder import SourceFolder
from stepwell.transfer.links import is_local, read_source_link
from stepwell.transfer.readers import read_course
from tests.transfer.folders import REAL_COURSES

COURSES = ("shell-novice", "iot-for-beginners", "hf-course")


@cache
def course(name: str) -> CourseDocument:
    return read_course(SourceFolder(REAL_COURSES / name))


def bodies(document: CourseDocument) -> dict[str, str]:
    texts = {document.path: document.description}
    for lesson in document.lessons:
        texts[lesson.path] = lesson.body
        texts |= {page.path: page.body for page in lesson.pages}
    return texts


def fences(document: CourseDocument) -> Counter[str]:
    """Return how often each kind of block opens in lessons."""
    return Counter(
        kind
        for lesson in document.lessons
        for kind in re.findall(r"^:{3,} (\w+)", lesson.body, re.MULTILINE)
    )


def kinds(document: CourseDocument) -> dict[str, int]:
    return dict(Counter(finding.kind.value for finding in document.findings))


def test_shell_novice_has_its_lessons_in_order_with_minutes() -> None:
    assert [(lesson.title, lesson.minutes) for lesson in course("shell-novice").lessons] == [
        ("Introducing the Shell", 5),
        ("Navigating Files and Directories", 40),
        ("Working With Files and Directories", 50),
        ("Pipes and Filters", 35),
        ("Loops", 50),
        ("Shell Scripts", 45),
        ("Finding Things", 45),
    ]


def test_shell_novice_has_its_exercises_and_solutions() -> None:
    found = fences(course("shell-novice"))
    assert (found["exercise"], found["solution"]) == (41, 42)


def test_shell_novice_reports_what_nothing_links_to() -> None:
    assert kinds(course("shell-novice")) == {"file-left-out": 2, "page-left-out": 6}


def test_iot_has_its_modules_and_lessons() -> None:
    modules = course("iot-for-beginners").modules
    assert [len(module.lessons) for module in modules] == [4, 6, 4, 4, 2, 4]
    assert modules[1].title == "Farming with IoT"


def test_iot_lessons_bring_assignments_and_quizzes() -> None:
    lessons = course("iot-for-beginners").lessons
    titles = [[page.title for page in lesson.pages] for lesson in lessons]
    paths = [{page.path.rpartition("/")[2] for page in lesson.pages} for lesson in lessons]
    assert sum("Pre-lecture quiz" in pages for pages in titles) == 24
    assert sum("Post-lecture quiz" in pages for pages in titles) == 24
    assert sum("assignment.md" in names for names in paths) == 24


def test_iot_brings_every_page_below_its_lessons() -> None:
    folder = SourceFolder(REAL_COURSES / "iot-for-beginners")
    pages = {path for path in folder.files if "/lessons/" in path and path.endswith(".md")}
    assert len(pages) == 115
    assert pages <= set(bodies(course("iot-for-beginners")))


def test_iot_reports_what_is_broken_in_it() -> None:
    assert kinds(course("iot-for-beginners")) == {
        "anchor-missing": 3,
        "file-left-out": 4,
        "image-missing": 1,
        "link-broken": 4,
        "link-outside": 2,
        "page-left-out": 13,
        "text-left-out": 2,
        "video-replaced": 25,
    }


def test_hf_course_has_its_chapters_and_pages() -> None:
    modules = course("hf-course").modules
    sizes = [1, 11, 9, 7, 6, 8, 11, 9, 7, 9, 7, 7, 8, 3]
    assert [len(module.lessons) for module in modules] == sizes
    assert (len(sizes), sum(sizes)) == (14, 103)


def test_hf_course_has_its_questions() -> None:
    found = fences(course("hf-course"))
    assert (found["exercise"], found["solution"]) == (133, 133)


def test_hf_course_reports_every_component() -> None:
    assert kinds(course("hf-course")) == {
        "component-left-out": 61,
        "component-replaced": 151,
        "dark-image-left-out": 27,
        "embed-replaced": 42,
        "file-left-out": 2,
        "image-elsewhere": 121,
        "link-broken": 11,
        "page-left-out": 1,
        "text-left-out": 1,
    }


@pytest.mark.parametrize("name", COURSES)
def test_every_local_link_and_image_leads_somewhere(name: str) -> None:
    document = course(name)
    texts = bodies(document)
    targets = {*texts, *(file.path for file in document.files)}
    for path, body in texts.items():
        for link in find_links(body):
            assert not is_local(link.destination), (path, link)
            inner = read_source_link(link.destination)
            assert inner is None or inner.path in targets, (path, link)


@pytest.mark.parametrize("name", COURSES)
def test_nothing_foreign_is_left_in_the_text(name: str) -> None:
    foreign = re.compile(r"<Question|<Youtube|<Tip|\{#if|\{:else\}|\{/if\}|<iframe|^\s*\{:", re.M)
    for path, body in bodies(course(name)).items():
        outside_code = re.sub(r"(?ms)^\s*(`{3,}|~{3,}).*?^\s*\1", "", body)
        assert not foreign.search(outside_code), path


@pytest.mark.parametrize("name", COURSES)
def test_every_file_is_taken_or_reported(name: str) -> None:
    document = course(name)
    used = {"config.yaml", "index.md", "README.md", "en/_toctree.yml", "quizzes/en.json"}
    taken = {*bodies(document), *(file.path for file in document.files), *used}
    left = {
        each.path
        for each in document.findings
        if each.kind in {FindingKind.PAGE_LEFT_OUT, FindingKind.FILE_LEFT_OUT}
    }
    for path in SourceFolder(REAL_COURSES / name).files:
        folder = path.rpartition("/")[0] or "."
        assert path in taken or path in left or folder in left, path


@pytest.mark.parametrize("name", COURSES)
def test_no_markup_is_shown_as_text(name: str) -> None:
    code = re.compile(r"(?s)<(code|pre|math)\b.*?</\1>")
    markup = re.compile(r"!\[|\]\(|\{\{|&lt;Question|\{#if|:::")
    for path, body in bodies(course(name)).items():
        shown = re.sub(r"<[^>]*>", "", code.sub("", render_markdown(body, resolve=str).html))
        assert not markup.search(shown), path
