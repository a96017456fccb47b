"""Whatever somebody types or marks in the editor reads back as just that."""

import re
from html import unescape
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepwell.core.markdown.rendering import render_markdown
from stepwell.core.markdown.visual import document_of, source_of

Node = dict[str, Any]

SIGNS = "*_`~[]()<>&$#|\\!:.-+=>@/{}^\"'"
LETTERS = "ab1 é"
PIECES = st.one_of(
    st.text(alphabet=SIGNS + LETTERS, min_size=1, max_size=12),
    st.sampled_from(
        [
            *("http://a.b", "www.a.b", "a@b.cd", "snake_case", "**bold**", "[x](y)", "$5 and $6"),
            *(
                "&amp;",
                "<br>",
                "![x](y)",
                "1. one",
                "- x",
                "# x",
                "> x",
                "::: note",
                "```",
                "| a |",
            ),
            *("[^1]", "~~x~~", "<!-- x -->", "- [ ] x", "[a]: b", "---", "===", "https://x.y/a_b_"),
        ]
    ),
)
TEXTS = st.lists(PIECES, min_size=1, max_size=4).map(" ".join)
MARKS = ("bold", "italic", "strike", "code")


def paragraph(*content: Node) -> Node:
    return {"type": "paragraph", "content": list(content)}


def text(words: str, *marks: str) -> Node:
    node: Node = {"type": "text", "text": words}
    return node | {"marks": [{"type": mark} for mark in marks]} if marks else node


def bare(node: Node) -> Node:
    """A node without what opening adds: where it was written, and where pictures lie."""
    extra = {"source", "address", "width", "height"}
    attrs = {name: value for name, value in node.get("attrs", {}).items() if name not in extra}
    made = {name: value for name, value in node.items() if name not in {"attrs", "content"}}
    if attrs:
        made["attrs"] = attrs
    if node.get("content"):
        made["content"] = [bare(child) for child in node["content"]]
    return made


def reopened(*nodes: Node) -> list[Node]:
    return [bare(node) for node in document_of(source_of(nodes))["content"]]


def words_of(node: Node) -> str:
    return node.get("text", "") + "".join(map(words_of, node.get("content", [])))


def squeezed(words: str) -> str:
    return " ".join(words.split())


@settings(max_examples=500, deadline=None)
@given(TEXTS)
def test_typed_text_reads_back(words: str) -> None:
    found = reopened(paragraph(text(words)))

    if not words.strip():
        assert words_of({"content": found}) == ""
        return
    assert [node["type"] for node in found] == ["paragraph"], source_of([paragraph(text(words))])
    assert squeezed(words_of(found[0])) == squeezed(words)
    assert all("marks" not in child for child in found[0]["content"])


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.sampled_from(["heading", "listItem", "cell", "blockquote", "task"]))
def test_typed_text_reads_back_wherever_it_stands(words: str, place: str) -> None:
    inside = paragraph(text(words))
    node: Node = {
        "heading": {"type": "heading", "attrs": {"level": 2}, "content": inside["content"]},
        "blockquote": {"type": "blockquote", "content": [inside]},
        "listItem": {
            "type": "bulletList",
            "attrs": {"tight": True},
            "content": [{"type": "listItem", "content": [inside]}],
        },
        "task": {
            "type": "taskList",
            "attrs": {"tight": True},
            "content": [{"type": "taskItem", "attrs": {"checked": True}, "content": [inside]}],
        },
        "cell": {
            "type": "table",
            "content": [
                {
                    "type": "tableRow",
                    "content": [{"type": "tableHeader", "attrs": {}, "content": [inside]}],
                }
            ],
        },
    }[place]

    found = reopened(node)

    if not words.strip():
        return
    assert [each["type"] for each in found] == [node["type"]], source_of([node])
    assert squeezed(words_of(found[0])) == squeezed(words)


@st.composite
def runs(draw: st.DrawFn) -> list[Node]:
    """Some words beside each other with marks of their own."""
    words = st.text(alphabet='ab1é.,("!', min_size=1, max_size=6)
    spaced = st.builds(lambda before, word, after: before + word + after,
                       st.sampled_from(["", " "]), words, st.sampled_from(["", " "]))  # fmt: skip
    some = draw(
        st.lists(st.tuples(spaced, st.sets(st.sampled_from(MARKS))), min_size=1, max_size=4)
    )
    return [text(word, *sorted(marks, key=MARKS.index)) for word, marks in some]


TAGS = {"strong": "bold", "em": "italic", "del": "strike", "s": "strike", "code": "code"}


def marked_letters(html: str) -> list[tuple[str, frozenset[str]]]:
    """The letters of rendered HTML with the marks that they are in."""
    found, marks = [], list[str]()
    for tag, letter in re.findall(r"<(/?\w+)[^>]*>|(&\w+;|[^<])", html):
        if tag.startswith("/") and tag[1:] in TAGS:
            marks.pop()
        elif tag in TAGS:
            marks.append(TAGS[tag])
        elif letter.strip():
            found.append((unescape(letter), frozenset(marks)))
    return found


@settings(max_examples=500, deadline=None)
@given(runs())
def test_marked_words_keep_their_marks(content: list[Node]) -> None:
    """Letter by letter; a space may fall out of a mark at its edge.

    Where signs inside words would run together, the marks are written as HTML.
    """

    def letters(nodes: list[Node]) -> list[tuple[str, frozenset[str]]]:
        return [
            (letter, frozenset(mark["type"] for mark in node.get("marks", [])))
            for node in nodes
            for letter in node.get("text", "")
            if not letter.isspace()
        ]

    source = source_of([paragraph(*content)])

    assert marked_letters(render_markdown(source).html) == letters(content), source


@pytest.mark.parametrize("words", ["snake_case", "$5", "5 < 6", "a & b", "1.5", "#1", "it’s (so)"])
def test_plain_prose_needs_no_backslash(words: str) -> None:
    assert source_of([paragraph(text(words))]) == f"{words}\n"


@pytest.mark.parametrize(
    ("href", "title"),
    [
        ("https://a.b/c_d", ""),
        ("lesson:abc", "To it"),
        ("a b(c", 'say "x"'),
        ("x<y>", ""),
        ("a\\b", "a\\"),
        ("assets/ä.png?x=&amp;", ""),
    ],
)
def test_links_keep_where_they_lead(href: str, title: str) -> None:
    node = text("here") | {"marks": [{"type": "link", "attrs": {"href": href, "title": title}}]}

    assert reopened(paragraph(text("Go "), node)) == [paragraph(text("Go "), node)]
