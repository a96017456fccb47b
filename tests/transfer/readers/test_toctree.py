import pytest

from stepwell.transfer.errors import UnreadableSource
from tests.transfer.folders import Files, ReadCourse

COURSE: Files = {
    "README.md": "# The Course\n\nAll about it.\n\n## Contributing\n\nPlease.\n",
    "en/_toctree.yml": """- title: 1. Basics
  sections:
  - local: chapter1/1
    title: Introduction
  - title: Deeper
    sections:
    - local: chapter1/2
      title: Models
- title: 2. More
  sections:
  - local: chapter2/1
    title: Introduction
- local: about
  title: About
""",
    "en/chapter1/1.mdx": """# Introduction[[introduction]]

[Models](/course/chapter1/2), [chapter 2](/course/en/chapter2), [next](2#part), [no](/course/x/1).
[Image](img/a.png)
""",
    "en/chapter1/2.mdx": "# Models and more[[models]]\n\n## Part\n\nText",
    "en/chapter1/3_old.mdx": "# Old",
    "en/chapter1/img/a.png": b"png",
    "en/chapter2/1.mdx": "Text",
    "en/about.md": "# About\n\nUs.",
    "de/chapter1/1.mdx": "# Einleitung",
}


def test_chapters_become_modules_and_pages_lessons(read: ReadCourse) -> None:
    course = read(COURSE)
    assert (course.title, course.description, course.language) == (
        "The Course",
        "All about it.",
        "en",
    )
    assert [(m.title, [lesson.title for lesson in m.lessons]) for m in course.modules] == [
        ("1. Basics", ["Introduction", "Models"]),
        ("2. More", ["Introduction"]),
        ("About", ["About"]),
    ]


def test_a_heading_that_differs_from_the_title_stays(read: ReadCourse) -> None:
    introduction, models, *_others = read(COURSE).lessons
    assert introduction.body.startswith("[Models]")
    assert models.body.startswith("# Models and more\n")


def test_addresses_of_the_built_site_lead_to_lessons(read: ReadCourse) -> None:
    body = read(COURSE).lessons[0].body
    assert body == (
        "[Models](source:en/chapter1/2.mdx), [chapter 2](source:en/chapter2/1.mdx), "
        "[next](source:en/chapter1/2.mdx#part), no.\n[Image](source:en/chapter1/img/a.png)"
    )


def test_all_that_was_not_taken_is_reported(read: ReadCourse) -> None:
    found = [(each.kind.value, each.path, each.line) for each in read(COURSE).findings]
    assert found == [
        ("text-left-out", "README.md", 5),
        ("page-left-out", "de/chapter1/1.mdx", None),
        ("link-broken", "en/chapter1/1.mdx", 3),
        ("page-left-out", "en/chapter1/3_old.mdx", None),
    ]


@pytest.mark.parametrize(
    ("toctree", "reason"),
    [
        ("title: x", "line 1: A list of chapters"),
        ("- title: x\n- sections: []", "line 2: Each chapter needs a title"),
        ("- title: x\n\n- y", "line 3: Each chapter needs a title"),
        ("- title: x\n  sections: y", "line 2: “sections” should be a list"),
        ("- title: x\n  sections:\n  - y", "line 3: “sections” should be a list"),
        (
            "- title: x\n  sections:\n  - title: z\n    sections:\n    - local: about\n    - []",
            "line 6: “sections” should be a list",
        ),
        ("- title: x\n  sections:\n  - local: none", "line 3: The page none is not there"),
        ("- title: x\n  sections:\n  - local: ../../secret", "line 3: The page ../../secret"),
        ("- title: x\n  sections:\n  - local: /etc/hostname", "line 3: The page /etc/hostname"),
    ],
)
def test_a_broken_table_of_contents_is_refused(read: ReadCourse, toctree: str, reason: str) -> None:
    with pytest.raises(UnreadableSource, match=rf"en/_toctree\.yml.*{reason}"):
        read({**COURSE, "en/_toctree.yml": toctree})


def test_a_page_named_twice_is_refused_with_its_line(read: ReadCourse) -> None:
    table = "- title: A\n  sections:\n  - local: about\n- title: B\n  sections:\n  - local: about\n"
    with pytest.raises(UnreadableSource, match=r"en/_toctree\.yml, line 6: .*about is named twice"):
        read({**COURSE, "en/_toctree.yml": table})


def test_a_chapter_whose_title_shows_nothing_is_refused(read: ReadCourse) -> None:
    with pytest.raises(UnreadableSource, match="Each chapter needs a title"):
        read({**COURSE, "en/_toctree.yml": '- title: "\\u200b"\n  sections: []\n'})


def test_a_page_whose_title_shows_nothing_takes_its_heading(read: ReadCourse) -> None:
    table = '- title: A\n  sections:\n  - local: about\n    title: "\\u3000"\n'
    assert read({**COURSE, "en/_toctree.yml": table}).lessons[0].title == "About"


def test_escapes_in_a_component_give_no_control_characters(read: ReadCourse) -> None:
    question = "<Question choices={[{text: 'a\\u0000\\x1bb', correct: true}]} />\n"
    body = read({**COURSE, "en/about.md": question}).lessons[-1].body
    assert "1. a��b" in body
