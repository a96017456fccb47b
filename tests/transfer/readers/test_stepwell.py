from dataclasses import replace

import pytest

from stepwell.transfer.errors import UnreadableSource
from stepwell.transfer.findings import FindingKind
from tests.transfer.folders import Files, ReadCourse

COURSE: Files = {
    "course.md": """---
key: aaaaaaaaaaaa
title: Bread
slug: bread
summary: Four things.
language: de
outcomes:
- Bake a loaf
- Read a dough
---

Start with [the flour](01-start/01-flour.md#types).
""",
    "01-start/module.md": "---\nkey: bbbbbbbbbbbb\ntitle: Start\nsummary: First.\n---\n",
    "01-start/01-flour.md": """---
key: cccccccccccc
title: Flour
slug: flour
minutes: 12
video: https://youtu.be/bVFfcYh6UBw
status: published
---

## Types

![Grain](../assets/my%20grain.png) and [the lab](02-lab/lesson.md).
""",
    "01-start/02-lab/lesson.md": "---\ntitle: Lab\n---\n\n[Do this](01-task.md).\n",
    "01-start/02-lab/01-task.md": "---\nkey: dddddddddddd\ntitle: Task\n---\n\n[Up](lesson.md).\n",
    "assets/my grain.png": b"png",
}


def kinds(read: ReadCourse, files: Files) -> list[tuple[str, str, int | None, str]]:
    findings = read({**COURSE, **files}).findings
    return [(each.kind.value, each.path, each.line, each.detail) for each in findings]


def test_a_course_is_read_whole(read: ReadCourse) -> None:
    course = read(COURSE)
    assert (course.key, course.title, course.slug) == ("aaaaaaaaaaaa", "Bread", "bread")
    assert (course.summary, course.language) == ("Four things.", "de")
    assert course.outcomes == ("Bake a loaf", "Read a dough")
    assert course.description == "Start with [the flour](source:01-start/01-flour.md#types)."
    (module,) = course.modules
    assert (module.key, module.title, module.summary) == ("bbbbbbbbbbbb", "Start", "First.")
    flour, lab = module.lessons
    assert replace(flour, body="") == replace(
        flour,
        body="",
        path="01-start/01-flour.md",
        key="cccccccccccc",
        title="Flour",
        slug="flour",
        minutes=12,
        video="https://youtu.be/bVFfcYh6UBw",
        status="published",
        pages=(),
    )
    assert flour.body == (
        "## Types\n\n![Grain](source:assets/my%20grain.png) and "
        "[the lab](source:01-start/02-lab/lesson.md)."
    )
    assert (lab.key, lab.slug, lab.minutes, lab.video, lab.status) == ("", "", 0, "", "")
    (task,) = lab.pages
    assert (task.key, task.title) == ("dddddddddddd", "Task")
    assert task.body == "[Up](source:01-start/02-lab/lesson.md)."
    (file,) = course.files
    assert (file.path, file.name, file.size) == ("assets/my grain.png", "my grain.png", 3)
    assert course.findings == ()


def test_numbers_give_the_order(read: ReadCourse) -> None:
    files = {f"01-start/{n}-x.md": f"---\ntitle: L{n}\n---\n" for n in (10, 9, 100)}
    titles = [lesson.title for lesson in read({**COURSE, **files}).lessons]
    assert titles == ["Flour", "Lab", "L9", "L10", "L100"]


def test_a_missing_title_is_made_from_the_name(read: ReadCourse) -> None:
    files = {"01-start/03-sour_dough.md": "Text", "02-end/module.md": ""}
    course = read({**COURSE, **files})
    assert course.lessons[-1].title == "Sour dough"
    assert course.modules[-1].title == "End"


def test_numbered_folder_is_a_module_by_its_name(read: ReadCourse) -> None:
    course = read({**COURSE, "02-the_end/01-bake.md": "Bake."})
    assert [module.title for module in course.modules] == ["Start", "The end"]
    assert course.lessons[-1].title == "Bake"


def test_everything_without_a_place_is_reported(read: ReadCourse) -> None:
    files: Files = {
        "notes.md": "x",
        "01-start/photo.png": b"x",
        "01-start/02-lab/deep/more.md": "x",
        "no-module/01-x.md": "x",
        "01-start/03-x.md": "---\ntitle: X\nauthor: me\n---\n",
        "03-b/module.md": "---\ntitle: B\n---\n\nSome text.\n",
    }
    assert kinds(read, files) == [
        ("file-left-out", "01-start", None, "photo.png"),
        ("page-left-out", "01-start/02-lab/deep/more.md", None, ""),
        ("field-unknown", "01-start/03-x.md", None, "author"),
        ("body-left-out", "03-b/module.md", 5, ""),
        ("page-left-out", "no-module/01-x.md", None, ""),
        ("page-left-out", "notes.md", None, ""),
    ]


def test_dead_links_are_reported_and_kept(read: ReadCourse) -> None:
    body = "[a](none.md) ![b](none.png)\n[c](#none) [d](01-flour.md#none) [e](module.md)"
    files = {"01-start/03-x.md": f"---\ntitle: X\n---\n\n{body}\n"}
    assert kinds(read, files) == [
        ("link-dead", "01-start/03-x.md", 5, "none.md"),
        ("link-dead", "01-start/03-x.md", 5, "none.png"),
        ("anchor-missing", "01-start/03-x.md", 6, "#none"),
        ("anchor-missing", "01-start/03-x.md", 6, "01-flour.md#none"),
        ("link-dead", "01-start/03-x.md", 6, "module.md"),
    ]
    assert read({**COURSE, **files}).lessons[2].body == (
        "[a](none.md) ![b](none.png)\n"
        "[c](#none) [d](source:01-start/01-flour.md#none) [e](module.md)"
    )


def test_markup_that_is_only_unsuitable_is_reported(read: ReadCourse) -> None:
    files = {"01-start/03-x.md": "---\ntitle: X\n---\n\nText\n\n<form>x</form>\n"}
    assert (FindingKind.MARKUP_REMOVED.value, 7) in [
        (kind, line) for kind, _path, line, _detail in kinds(read, files)
    ]


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        ("key: short", "A key is 12"),
        ("key: AAAAAAAAAAAA", "A key is 12"),
        ("slug: a/b", "A slug is"),
        ("slug: " + "a" * 91, "A slug is"),
        ("minutes: soon", "whole number"),
        ("minutes: -1", "whole number"),
        ("minutes: 99999", "whole number"),
        ("status: archived", "draft or published"),
        ("video: javascript:alert(1)", "starts with https"),
        ("video: http://example.org/a.mp4", "starts with https"),
        ("video: [a]", "One text is expected"),
        ("title: " + "x" * 201, "longer than 200"),
        ("key: cccccccccccc", "also that of 01-start/01-flour.md"),
    ],
)
def test_a_field_that_cannot_be_is_refused_with_its_line(
    read: ReadCourse, field: str, reason: str
) -> None:
    files = {"01-start/03-x.md": f"---\n{field}\n---\n"}
    with pytest.raises(UnreadableSource, match=rf"01-start/03-x\.md(, line 2)?: .*{reason}"):
        read({**COURSE, **files})


def test_titles_summaries_and_outcomes_are_lines_that_can_be_seen(read: ReadCourse) -> None:
    fields = 'title: "Sour\\n dough"\nsummary: "One\\ttwo"\noutcomes: ["a\\n b", "\\u200b"]'
    files = {"course.md": f"---\n{fields}\n---\n"}
    course = read({**COURSE, **files, "01-start/module.md": '---\ntitle: "\\u3000 \\u200b"\n---\n'})
    assert (course.title, course.summary, course.outcomes) == ("Sour dough", "One two", ("a b",))
    assert course.modules[0].title == "Start"


@pytest.mark.parametrize("field", ["language: '../x'", "outcomes: one", "outcomes: [[a]]"])
def test_a_course_field_that_cannot_be_is_refused(read: ReadCourse, field: str) -> None:
    with pytest.raises(UnreadableSource, match=r"course\.md, line 3"):
        read({**COURSE, "course.md": f"---\ntitle: A\n{field}\n---\n"})


@pytest.mark.parametrize(
    ("body", "reason"),
    [("- a\n" * 5_000, "15,000 parts"), ("<div>" * 31, "30 deep"), (" x" * 75_001, "150,002")],
    ids=["parts", "depth", "characters"],
)
def test_text_over_the_limits_is_refused_with_its_file(
    read: ReadCourse, body: str, reason: str
) -> None:
    with pytest.raises(UnreadableSource, match=rf"01-start/03-x\.md: .*{reason}"):
        read({**COURSE, "01-start/03-x.md": body})
