import re

import pytest

from stepwell.core.markdown.rendering import render_markdown

MARKDOWN = "| a |\n|---|\n| 1 |\n"
HTML = "<table>\n<tr><th>a</th></tr>\n<tr><td>1</td></tr>\n</table>\n"


@pytest.mark.parametrize(
    "source",
    [
        MARKDOWN,
        HTML,
        f"<div>\n\n{HTML}\n</div>",
        HTML.replace("\n", "\n\n"),
        "a <table><td>1</table>",
    ],
)
def test_table_stands_in_a_box_that_scrolls_by_keyboard(source: str) -> None:
    html = render_markdown(source).html

    box = '<div class="table" tabindex="0" role="region" aria-label="Table 1">\n<table>'
    assert html.count("<table>") == html.count(box) == 1
    assert "</table>\n</div>" in html


def test_tables_of_either_kind_are_numbered_in_their_order() -> None:
    html = render_markdown(f"{HTML}\n{MARKDOWN}\n{HTML}").html

    assert re.findall('aria-label="(.*?)"', html) == ["Table 1", "Table 2", "Table 3"]


def test_table_within_a_table_has_no_box_of_its_own() -> None:
    html = render_markdown(f"<table><tr><td>{HTML}</td></tr></table>\n\nafter").html

    assert html.count("<table>") == 2
    assert html.count('<div class="table"') == html.count("</div>") == 1


@pytest.mark.parametrize("tag", ["<table>", "</table>", "</table></div>", "<table><table>"])
def test_unbalanced_table_leaves_other_boxes_closed(tag: str) -> None:
    html = render_markdown(f"{tag}\n\n{MARKDOWN}\n\n{tag}").html

    assert html.count("<div") == html.count("</div>")
    assert html.count("<table>") == html.count("</table>")


@pytest.mark.parametrize("text", ['<p title="<table>">a</p>', "`<table>`", "\\<table>"])
def test_table_that_is_only_text_gets_no_box(text: str) -> None:
    assert 'class="table"' not in render_markdown(text).html


@pytest.mark.parametrize(
    "source",
    [
        "|   | a |\n|---|---|\n| 1 | 2 |\n",
        "<table><tr><th></th><th>a</th></tr></table>",
        "<table><tr>\n<th scope='col'>\n &nbsp;<br> </th>\n<th>a</th></tr></table>",
        "<table><tr><th><th>a</table>",
    ],
)
def test_empty_header_is_a_plain_cell(source: str) -> None:
    html = render_markdown(source).html

    assert html.count("<th>") == html.count("</th>") == 1
    assert "<th>a</th>" in html
    assert html.count("<td") == html.count("</td>") >= 1
    assert "scope" not in html
