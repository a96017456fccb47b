import json

import pytest

from stepwell.transfer.errors import UnreadableSource
from stepwell.transfer.readers.numbered import in_number_order
from tests.transfer.folders import Files, ReadCourse

QUIZZES = json.dumps(
    [
        {
            "quizzes": [
                {
                    "id": 1,
                    "title": "Lesson 1: Pre-Lecture Quiz",
                    "quiz": [
                        {
                            "questionText": "What is *it*?",
                            "answerOptions": [
                                {"answerText": "This", "isCorrect": "false"},
                                {"answerText": "That", "isCorrect": "true"},
                            ],
                        }
                    ],
                },
                {"id": 9, "title": "Lost: Quiz", "quiz": []},
            ]
        }
    ]
)
COURSE: Files = {
    "README.md": """[![badge](https://x.org/b.svg)](https://x.org)

# Things

About [the start](1-start/README.md), [lesson 2](1-start/lessons/2-b/README.md) and
[how to help](HELP.md).

## How to contribute

Write to us.
""",
    "HELP.md": "# Help",
    "1-start/README.md": "# The start\n\nWe begin here.\n\n1. [A](lessons/1-a/README.md)\n",
    "1-start/lessons/1-a/README.md": """# Lesson A

![Wiring](../../../images/wiring.png)

[Quiz](https://quiz.example/quiz/1), [task](assignment.md), [code](code/pi),
[hardware](../../../hardware.md#pi), [lost](./none), ![lost picture](gone.png).
""",
    "1-start/lessons/1-a/assignment.md": "# Task A\n\nSee [more](more.md).\n",
    "1-start/lessons/1-a/more.md": "# More\n\n[Up](README.md#nowhere)\n",
    "1-start/lessons/1-a/unlinked.md": "# Unlinked",
    "1-start/lessons/1-a/code/pi/app.py": "print()",
    "1-start/lessons/1-a/code/pi/lib/x.py": "x = 1",
    "1-start/lessons/2-b/README.md": "# Lesson B\n\n[More](../1-a/more.md)\n",
    "1-start/lessons/10-c/README.md": "# Lesson C",
    "2-end/1-last/README.md": "# Last",
    "hardware.md": "# Hardware\n\n## Pi\n",
    "images/wiring.png": b"png",
    "images/other.png": b"png",
    "quizzes/en.json": QUIZZES,
    "translations/de/1-start/README.md": "# Anfang",
}


def test_modules_and_lessons_come_in_the_order_of_their_numbers(read: ReadCourse) -> None:
    course = read(COURSE)
    assert [(module.path, module.title) for module in course.modules] == [
        ("1-start", "The start"),
        ("2-end", "End"),
    ]
    assert [lesson.title for lesson in course.lessons] == [
        "Lesson A",
        "Lesson B",
        "Lesson C",
        "Last",
    ]
    assert course.modules[0].summary.startswith("We begin here.")


def test_the_front_page_gives_title_and_description(read: ReadCourse) -> None:
    course = read(COURSE)
    assert course.title == "Things"
    assert course.description == (
        "About [the start](source:1-start/README.md), "
        "[lesson 2](source:1-start/lessons/2-b/README.md) and\nhow to help."
    )
    assert course.summary == "About the start, lesson 2 and how to help."


def test_sub_pages_come_along_with_the_lesson_in_whose_folder_they_lie(read: ReadCourse) -> None:
    first, second, *_others = read(COURSE).lessons
    assert [(page.path, page.title) for page in first.pages] == [
        ("1-start/README.md", "The start"),
        ("quizzes/en.json/1", "Pre-lecture quiz"),
        ("1-start/lessons/1-a/assignment.md", "Task A"),
        ("1-start/lessons/1-a/code/pi", "Files in code / pi"),
        ("hardware.md", "Hardware"),
        ("1-start/lessons/1-a/more.md", "More"),
    ]
    assert second.pages == ()
    assert second.body == "[More](source:1-start/lessons/1-a/more.md)"


def test_the_title_is_taken_out_of_the_body(read: ReadCourse) -> None:
    assert read(COURSE).lessons[0].body.startswith("![Wiring](source:images/wiring.png)")


def test_dead_links_leave_their_words(read: ReadCourse) -> None:
    assert "lost, *lost picture*." in read(COURSE).lessons[0].body


def test_linked_files_and_folders_become_attachments(read: ReadCourse) -> None:
    course = read(COURSE)
    code = "1-start/lessons/1-a/code/pi"
    assert [file.name for file in course.files] == [
        f"{code}/app.py",
        f"{code}/lib/x.py",
        "images/wiring.png",
    ]
    listing = next(page for page in course.lessons[0].pages if page.path == code)
    assert listing.body == (
        f"- [`app.py`](source:{code}/app.py)\n- [`lib/x.py`](source:{code}/lib/x.py)"
    )


def test_quizzes_become_pages_with_hidden_answers(read: ReadCourse) -> None:
    lesson = read(COURSE).lessons[0]
    assert "[Quiz](source:quizzes/en.json/1)" in lesson.body
    assert lesson.pages[1].body == (
        "## What is \\*it\\*?\n\n- This\n- That\n\n::: solution\n\nThat\n\n:::"
    )


def test_nothing_is_left_out_in_silence(read: ReadCourse) -> None:
    first = "1-start/lessons/1-a"
    found = [(each.kind.value, each.path, each.line, each.detail) for each in read(COURSE).findings]
    assert found == [
        ("image-missing", f"{first}/README.md", 6, "gone.png"),
        ("link-broken", f"{first}/README.md", 6, "./none"),
        ("anchor-missing", f"{first}/more.md", 3, "README.md#nowhere"),
        ("page-left-out", f"{first}/unlinked.md", None, ""),
        ("page-left-out", "HELP.md", None, ""),
        ("text-left-out", "README.md", 1, "1-1"),
        ("link-outside", "README.md", 6, "HELP.md"),
        ("text-left-out", "README.md", 8, "8-10"),
        ("file-left-out", "images", None, "other.png"),
        ("quiz-unmatched", "quizzes/en.json/9", None, "Quiz"),
        ("page-left-out", "translations/de/1-start/README.md", None, ""),
    ]


def test_a_flat_list_makes_one_module(read: ReadCourse) -> None:
    course = read({"01-a/README.md": "# A", "02-b/readme.md": "Text", "README.md": "# Course"})
    (module,) = course.modules
    assert module.title == "Course"
    assert [lesson.title for lesson in module.lessons] == ["A", "Readme"]


def test_lessons_deeper_down_are_grouped_by_the_folder_around_them(read: ReadCourse) -> None:
    course = read(
        {
            "1-part/1-chapter/1-x/README.md": "# X",
            "1-part/1-chapter/2-y/README.md": "# Y",
            "1-part/2-chapter/1-z/README.md": "# Z",
        }
    )
    assert [(module.path, len(module.lessons)) for module in course.modules] == [
        ("1-part/1-chapter", 2),
        ("1-part/2-chapter", 1),
    ]


def test_the_first_heading_is_the_title_where_none_is_at_the_top(read: ReadCourse) -> None:
    (lesson,) = read({"01-a/README.md": "Hello.\n\n## Real `title`\n\nText"}).lessons
    assert lesson.title == "Real title"
    assert lesson.body == "Hello.\n\n## Real `title`\n\nText"


def test_a_picture_that_links_to_a_video_becomes_the_player(read: ReadCourse) -> None:
    text = "# A\n\n[![Watch](https://img.youtube.com/vi/x/0.jpg)](https://youtu.be/bVFfcYh6UBw)\n"
    course = read({"01-a/README.md": text})
    assert course.lessons[0].body == "![Watch](https://youtu.be/bVFfcYh6UBw)"
    assert [each.kind.value for each in course.findings] == ["video-replaced"]


def test_links_in_code_stay_as_they_are(read: ReadCourse) -> None:
    body = "`[a](none.md)` and [a](none.md)\n\n```\n[a](none.md)\n```"
    course = read({"01-a/README.md": f"# A\n\n{body}\n"})
    assert course.lessons[0].body == "`[a](none.md)` and a\n\n```\n[a](none.md)\n```"


def test_a_very_long_title_is_shortened_and_reported(read: ReadCourse) -> None:
    course = read({"01-a/README.md": f"# {'word ' * 60}"})
    assert len(course.lessons[0].title) <= 200
    assert [each.kind.value for each in course.findings] == ["value-shortened"]


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("[", "quizzes/en.json, line 1"),
        ("[" * 100_000, "quizzes/en.json"),
        ('{"quizzes": [{"id": 1, "title": "a\\ud800", "quiz": []}]}', "control"),
        ("{}", ""),
    ],
)
def test_a_broken_quiz_file_is_refused_and_another_one_is_a_file(
    read: ReadCourse, content: str, place: str
) -> None:
    files: Files = {"01-a/README.md": "# A", "quizzes/en.json": content}
    if place:
        with pytest.raises(UnreadableSource, match=place):
            read(files)
    else:
        assert [each.path for each in read(files).findings] == ["quizzes"]


def test_numbers_are_compared_as_numbers() -> None:
    assert sorted(["10-a", "9-b", "x", "9-a"], key=in_number_order) == ["x", "9-a", "9-b", "10-a"]
