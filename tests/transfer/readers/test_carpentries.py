import pytest

from stepwell.transfer.errors import UnreadableSource
from tests.transfer.folders import Files, ReadCourse

COURSE: Files = {
    "config.yaml": """title: 'The Shell'
lang: en
url: 'https://lessons.example/shell'
episodes:
- 02-more.md
- 01-intro.md
""",
    "index.md": "---\nsite: x\n---\n\nLearn [more](episodes/02-more.md).\n",
    "episodes/01-intro.md": """---
title: Intro
teaching: 5
exercises: 10
---

[Setup](../learners/setup.md), [again](setup.html#linux), [web](https://lessons.example/shell/reference.html).

![](fig/tree.svg){alt='A tree'}
""",
    "episodes/02-more.md": "---\ntitle: M\n---\n\n[Intro](01-intro.html#no) [x](../files/d.zip)\n",
    "episodes/files/d.zip": b"zip",
    "episodes/fig/tree.svg": "<svg/>",
    "learners/setup.md": "---\ntitle: Setup\n---\n\n## Linux\n",
    "learners/reference.md": "---\ntitle: Words\n---\n\n![](fig/tree.svg){alt='Again'}\n",
    "learners/discuss.md": "---\ntitle: Talk\n---\n",
    "instructors/notes.md": "Notes",
}


def test_episodes_come_in_the_order_of_the_configuration(read: ReadCourse) -> None:
    course = read(COURSE)
    assert (course.title, course.language) == ("The Shell", "en")
    (module,) = course.modules
    assert [(lesson.title, lesson.minutes) for lesson in module.lessons] == [
        ("M", 0),
        ("Intro", 15),
    ]
    assert course.description == "Learn [more](source:episodes/02-more.md)."


def test_without_an_order_all_episodes_come_by_name(read: ReadCourse) -> None:
    course = read({**COURSE, "config.yaml": "title: A\nepisodes:\n"})
    assert [lesson.title for lesson in course.lessons] == ["Intro", "M"]


def test_links_to_built_pages_lead_back_to_their_sources(read: ReadCourse) -> None:
    more, intro = read(COURSE).lessons
    assert intro.body.split("\n")[0] == (
        "[Setup](source:learners/setup.md), [again](source:learners/setup.md#linux), "
        "[web](source:learners/reference.md)."
    )
    assert [page.title for page in intro.pages] == ["Setup", "Words"]
    assert more.body == ("[Intro](source:episodes/01-intro.md#no) [x](source:episodes/files/d.zip)")
    assert intro.pages[1].body == "![Again](source:episodes/fig/tree.svg)"


def test_pages_that_nothing_links_to_are_reported(read: ReadCourse) -> None:
    found = [(each.kind.value, each.path, each.line) for each in read(COURSE).findings]
    assert found == [
        ("anchor-missing", "episodes/02-more.md", 5),
        ("page-left-out", "instructors/notes.md", None),
        ("page-left-out", "learners/discuss.md", None),
    ]


@pytest.mark.parametrize(
    ("config", "line"),
    [
        ("title: A\nepisodes:\n- 01-intro.md\n- none.md\n", 4),
        ("title: A\nepisodes:\n- ../../secret.md\n", 3),
        ("title: A\nepisodes:\n- /etc/hostname\n", 3),
    ],
)
def test_an_episode_that_is_not_there_is_refused(read: ReadCourse, config: str, line: int) -> None:
    with pytest.raises(UnreadableSource, match=rf"config\.yaml, line {line}: .*not there"):
        read({**COURSE, "config.yaml": config})


@pytest.mark.parametrize("value", ["long", "-5", "12345", "[5]"])
@pytest.mark.parametrize("name", ["teaching", "exercises"])
def test_minutes_that_are_no_number_are_refused(read: ReadCourse, name: str, value: str) -> None:
    files = {"episodes/01-intro.md": f"---\ntitle: A\n{name}: {value}\n---\n"}
    reason = rf"01-intro\.md, line 3: “{name}” should be a number"
    with pytest.raises(UnreadableSource, match=reason):
        read({**COURSE, **files})


def test_episodes_that_are_no_list_are_refused_with_their_line(read: ReadCourse) -> None:
    config = "title: A\n\nepisodes: 01-intro.md\n"
    with pytest.raises(UnreadableSource, match=r"config\.yaml, line 3: “episodes” should be"):
        read({**COURSE, "config.yaml": config})


def test_an_episode_named_twice_is_refused_with_its_line(read: ReadCourse) -> None:
    config = "title: A\nepisodes:\n- 01-intro.md\n- 02-more.md\n- 01-intro.md\n"
    with pytest.raises(UnreadableSource, match=r"config\.yaml, line 5: .*named twice"):
        read({**COURSE, "config.yaml": config})
