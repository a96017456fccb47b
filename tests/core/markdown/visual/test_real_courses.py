"""All lessons of the real courses, opened in the visual editor and saved."""

import re
from collections import Counter
from functools import cache
from typing import Any

import pytest

from stepwell.core.markdown.rendering import render_markdown
from stepwell.core.markdown.visual import document_of, source_of
from stepwell.transfer.folder import SourceFolder
from stepwell.transfer.readers import read_course
from tests.transfer.folders import REAL_COURSES

COURSES = ("shell-novice", "iot-for-beginners", "hf-course")
Node = dict[str, Any]


@cache
def texts(name: str) -> list[str]:
    lessons = read_course(SourceFolder(REAL_COURSES / name)).lessons
    return [text for each in lessons for text in (each.body, *(page.body for page in each.pages))]


@cache
def documents(name: str) -> list[list[Node]]:
    return [document_of(text)["content"] for text in texts(name)]


def rendered(source: str) -> str:
    """HTML in which all space is alike, as browsers take it."""
    return re.sub(r"\s+", " ", render_markdown(source).html)


@pytest.mark.parametrize("name", COURSES)
def test_opening_and_saving_without_a_change_leaves_each_text_to_the_letter(name: str) -> None:
    for text, blocks in zip(texts(name), documents(name), strict=True):
        assert source_of([{"kept": node["attrs"]["source"] or ""} for node in blocks]) == text


@pytest.mark.parametrize("name", COURSES)
def test_writing_every_block_anew_leaves_what_learners_see(name: str) -> None:
    for text, blocks in zip(texts(name), documents(name), strict=True):
        anew = source_of(
            [
                {"kept": node["attrs"]["source"]} if node["type"] == "markdown" else node
                for node in blocks
            ]
        )
        assert rendered(anew) == rendered(text)


def test_nearly_all_blocks_can_be_written_visually() -> None:
    every = [node for name in COURSES for blocks in documents(name) for node in blocks]
    kinds = Counter(node["type"] for node in every)

    assert kinds["markdown"] / kinds.total() < 0.005
