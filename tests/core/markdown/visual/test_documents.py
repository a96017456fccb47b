"""What a visual editor shows of Markdown, and what it writes."""

from itertools import permutations, product
from typing import Any

import pytest

from stepwell.core.markdown.visual import BadDocument, document_of, source_of
from stepwell.core.pictures import Size

Node = dict[str, Any]

# Sources as `source_of` writes them, each with the type of its block.
WRITTEN = {
    "paragraph": "Plain *italic* **bold** ~~gone~~ `code` [link](https://a.b).\n",
    "heading": "### Three\n",
    "bulletList": "- one\n- two\n  - three\n",
    "orderedList": "3. three\n\n   ```sh\n   ls  \n   ```\n\n4. four\n",
    "taskList": "- [x] done\n- [ ] open\n",
    "blockquote": "> Said.\n>\n> - well\n",
    "codeBlock": "````md\n```\nx\n```\n````\n",
    "horizontalRule": "---\n",
    "table": "| a | b |\n| --- | :-: |\n| `x\\|y` | **c** |\n",
    "callout": "::: tip Be quick\nNow.\n\n::: note\nInside.\n:::\n:::\n",
    "mathBlock": "$$\nx^2\n$$\n",
    "video": "![Talk](https://vimeo.com/1)\n",
}


def blocks(source: str) -> list[Node]:
    content: list[Node] = document_of(source)["content"]
    return content


@pytest.mark.parametrize(("kind", "source"), WRITTEN.items(), ids=WRITTEN)
def test_block_is_read_and_written_as_it_was(kind: str, source: str) -> None:
    [node] = blocks(source)

    assert node["type"] == kind
    assert node["attrs"]["source"] == source
    assert source_of([node]) == source


def test_alert_stays_one() -> None:
    [node] = blocks("> [!WARNING]\n> Hot.\n")

    assert node["attrs"]["kind"] == "warning"
    assert source_of([node]) == "> [!WARNING]\n> Hot.\n"


@pytest.mark.parametrize(
    "source",
    [
        "",
        "\n\nText.\n\n\n\nMore.",
        "One[^1].\n\n[^1]: Note.\n\n[a]: https://a.b\n\n[a]\n",
        "a\r\nb\r\n\r\nc\r\n",
        "::: note\nx\n:::\ny\n",
        "    code\n\n- a\n\n\n- b\n<div>\nx\n</div>\n",
        "Text.\n\n$$\nx\n$$\ntail",
    ],
)
def test_untouched_blocks_are_the_source_to_the_letter(source: str) -> None:
    kept = [{"kept": node["attrs"]["source"] or ""} for node in blocks(source)]

    assert source_of(kept) == source


@pytest.mark.parametrize(
    "source",
    [
        "<div>\n\n*x*\n\n</div>\n",  # three blocks, of which two are HTML
        "[a]: https://a.b\n",
        "[^1]: Note.\n",
        "- [ ] task\n- no task\n",
        "<!-- aside -->\n",
    ],
)
def test_what_the_editor_cannot_express_is_shown_as_it_is(source: str) -> None:
    found = blocks(source)

    assert "markdown" in {node["type"] for node in found}
    assert source_of([{"kept": node["attrs"]["source"]} for node in found]) == source


def test_opaque_block_shows_its_html_and_is_written_as_markdown() -> None:
    [node] = blocks("<details><summary>More</summary>x</details>\n")

    assert node["type"] == "markdown"
    assert "<summary>More</summary>" in node["attrs"]["html"]
    assert source_of([node]) == "<details><summary>More</summary>x</details>\n"


def test_opaque_block_shows_no_footnotes_of_others() -> None:
    _text, details, note = blocks("So[^1].\n\n<details>x</details>\n\n[^1]: Note.\n")

    assert "footnote" not in details["attrs"]["html"]
    assert "Note." in note["attrs"]["html"]


def test_inline_pieces_without_a_node_leave_their_paragraph_editable() -> None:
    [node, *_note] = blocks("Press <kbd>a</kbd> once[^1].\n\n[^1]: Note.\n")

    assert node["type"] == "paragraph"
    assert [each.get("attrs") for each in node["content"] if each["type"] != "text"] == [
        {"source": "<kbd>"},
        {"source": "</kbd>"},
        {"source": "[^1]"},
    ]


def test_emphasis_beside_a_footnote_stays_markdown() -> None:
    node, _note = blocks("So **strong**[^a b], *weak*[^1].\n\n[^1]: Note.\n")

    assert node["type"] == "paragraph"
    assert source_of([node]) == "So **strong**\\[^a b\\], *weak*[^1].\n"


def test_references_of_elsewhere_become_links_in_place() -> None:
    [node, _definition] = blocks("See [it].\n\n[it]: https://a.b\n")

    assert source_of([node]) == "See [it](https://a.b).\n"


def test_picture_knows_where_it_lies_and_its_size() -> None:
    document = document_of(
        "![A](assets/a.png)\n",
        resolve=lambda written: f"/files/{written}",
        measure=lambda _address: Size(4, 3),
    )

    [picture] = document["content"][0]["content"]
    assert picture["attrs"] == {
        "src": "assets/a.png",
        "alt": "A",
        "title": "",
        "address": "/files/assets/a.png",
        "width": 4,
        "height": 3,
    }


def test_changed_blocks_stand_apart_from_their_neighbors() -> None:
    first, second = blocks("One.\n\nTwo.\n")
    new = {"type": "paragraph", "content": [{"type": "text", "text": "Between."}]}

    sent = [{"kept": first["attrs"]["source"]}, new, {"kept": second["attrs"]["source"]}]

    assert source_of(sent) == "One.\n\nBetween.\n\nTwo.\n"


def test_lists_in_a_row_stay_two() -> None:
    item = {"type": "listItem", "content": [{"type": "paragraph", "content": [_text("x")]}]}
    bullets = {"type": "bulletList", "attrs": {"tight": True}, "content": [item]}

    assert [node["type"] for node in blocks(source_of([bullets, bullets]))] == ["bulletList"] * 2
    found = blocks(source_of([{"kept": "- a\n"}, bullets]))
    assert [node["type"] for node in found if node["type"] != "markdown"] == ["bulletList"] * 2


def test_blocks_of_a_list_item_stay_apart() -> None:
    written = ["x", "> Said.", "1. a", "3. a", "- a", "- [x] a", "~~~\ncode\n~~~", "## Title"]
    written += ["| A |\n| --- |\n| b |", "$$\nx\n$$", "::: note\nx\n:::"]
    known = [node for source in written for node in blocks(f"{source}\n")]
    text = known[0]
    for first, second in product(known, repeat=2):
        item = {"type": "listItem", "content": [text, first, second, text]}
        bullets = {"type": "bulletList", "attrs": {"tight": True}, "content": [item]}

        [found] = blocks(source_of([bullets]))

        kinds = [node["type"] for node in item["content"]]
        shown = filter(_is_shown, found["content"][0]["content"])
        assert [node["type"] for node in shown] == kinds, source_of([bullets])


@pytest.mark.parametrize(
    "source",
    [
        "First.\n\n- a\n- b\n\nText.\n\n- c\n\nLast.\n",
        "# One\n\n1. a\n\n2. b\n\n   more\n\n    code\n\n> Said.\n\n    code\n\n3. c\n\n* d\n",
        "A.\n***\nB.\n\n$$\nx\n$$\nC.\n",
    ],
)
def test_moved_blocks_stay_what_they_are(source: str) -> None:
    """Cutting a block and pasting it elsewhere joins it with none of its new neighbors."""
    found = blocks(source)
    for order in permutations(found):
        sent = [{"kept": node["attrs"]["source"], "moved": True} for node in order]

        again = [node for node in blocks(source_of(sent)) if _is_shown(node)]

        assert [_without_source(node) for node in again] == [
            _without_source(node) for node in order if _is_shown(node)
        ]


def _is_shown(node: Node) -> bool:
    return node["type"] != "markdown"  # the comments that keep lists apart


def _without_source(node: Node) -> Node:
    return node | {"attrs": node["attrs"] | {"source": None}}


def test_list_beside_an_untouched_one_stays_apart() -> None:
    item = {"type": "listItem", "content": [{"type": "paragraph", "content": [_text("x")]}]}
    bullets = {"type": "bulletList", "attrs": {"tight": True}, "content": [item]}

    assert source_of([bullets, {"kept": "- a\n"}]) == "- x\n\n<!-- -->\n\n- a\n"
    assert source_of([bullets, {"kept": "1. a\n"}]) == "- x\n\n1. a\n"


def test_formulas_and_videos_come_as_learners_see_them() -> None:
    formula, video, line = blocks(
        "$$\nx\n$$\n\n![Talk](https://vimeo.com/1)\n\nSee $y$ and ![A](https://a.b/c.png).\n"
    )

    assert 'display="block"' in formula["attrs"]["html"]
    assert 'class="video"' in video["attrs"]["html"]
    shown = [each["attrs"]["html"] for each in line["content"] if "attrs" in each]
    assert shown[0].startswith("<math")
    assert "Image on a.b: A" in shown[1]
    assert "<img" not in shown[1]


def test_empty_paragraphs_are_left_out() -> None:
    assert source_of([{"type": "paragraph"}, {"type": "paragraph", "content": [_text("x")]}]) == (
        "x\n"
    )


@pytest.mark.parametrize(
    "block",
    [
        {},
        {"type": "script"},
        {"type": "heading", "attrs": {"level": 9}},
        {"type": "heading", "attrs": {"level": "2"}},
        {"type": "paragraph", "content": "x"},
        {"type": "paragraph", "content": [{"type": "text", "text": 3}]},
        {"type": "paragraph", "content": [{"type": "text", "text": "x", "marks": ["bold"]}]},
        {"type": "callout", "attrs": {"kind": "x\n:::"}, "content": []},
        {"type": "bulletList", "content": [{"type": "paragraph"}]},
        {"kept": 1},
    ],
)
def test_what_no_document_can_hold_is_refused(block: Node) -> None:
    with pytest.raises(BadDocument):
        source_of([block])


def test_bottomless_document_is_refused() -> None:
    node: Node = {"type": "paragraph"}
    for _depth in range(500):
        node = {"type": "blockquote", "content": [node]}

    with pytest.raises(BadDocument):
        source_of([node])


def _text(words: str) -> Node:
    return {"type": "text", "text": words}
