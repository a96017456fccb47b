import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepwell.core.markdown.link_places import Link
from stepwell.core.markdown.links import Body, find_links, rewrite_links
from stepwell.core.markdown.rendering import render_markdown

PIECES = [
    "[a](b)",
    '![i](p.png "t")',
    "[x](<s p.md> 't')",
    "[![a](b)](c)",
    "[r]",
    "[r]: d.md\n",
    "[s][r]",
    "<https://e.com/>",
    "https://e.com/x_y",
    "<me@e.com>",
    "<a href='q'>",
    "</a>",
    "<img src=z.png>",
    "`[n](o)`",
    "```\n",
    "\n",
    "\n\n",
    "> ",
    "- ",
    "1. ",
    "    ",
    "\t",
    "| [c](d\\|e) | f |\n|--|--|\n",
    "# ",
    "::: tip ",
    ":::\n",
    "[^1]",
    "[^1]: ",
    "(",
    ")",
    "[",
    "]",
    "*",
    "\\",
    "$",
    "\r\n",
    "\r",
    "\0",
    "<div>",
    "<!-- [a](b) -->",
    "text ",
    "- [ ] ",
    "\u2028",
    "\xa0",
    "\x0c",
]
SOURCES = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=20).map("".join)


def destinations(source: str) -> list[str]:
    return [link.destination for link in find_links(source)]


@given(SOURCES)
def test_rewriting_with_the_same_destinations_changes_nothing(source: str) -> None:
    assert rewrite_links(source, lambda destination: destination) == source


@given(SOURCES, st.sampled_from(["n.md", "n w.md", "n(.md", "https://e.org/?a&amp;b", "a|b"]))
def test_rewriting_is_exact_or_refused(source: str, new: str) -> None:
    try:
        rewritten = rewrite_links(source, lambda _destination: new)
    except ValueError:
        return
    assert destinations(rewritten) == [new] * len(destinations(source))


def test_links_are_found_wherever_they_stand() -> None:
    source = """\
[a](one.md "t") ![b](<two two.png>)
> - [c][ref] and [![d](three.png)](four%20x.md)

| x | [e](p\\|q) |
|---|---|
| <https://e.com> | me@e.com |

[ref]: five.md 'title'
[unused]: six.md

<p><img src="seven.png">
<a href='eight&amp;nine'>x</a></p>

Text[^1] <a href=ten>y</a>

[^1]: [f](eleven)
"""
    assert find_links(source) == [
        Link(1, "one.md", False),
        Link(1, "two two.png", True),
        Link(2, "three.png", True),
        Link(2, "four%20x.md", False),
        Link(4, "p|q", False),
        Link(6, "https://e.com", False),
        Link(6, "mailto:me@e.com", False),
        Link(8, "five.md", False),
        Link(11, "seven.png", True),
        Link(12, "eight&nine", False),
        Link(14, "ten", False),
        Link(16, "eleven", False),
    ]


@pytest.mark.parametrize(
    "source",
    [
        "`[a](b)`",
        "    [a](b)",
        "```\n[a](b)\n```",
        "~~~\n![a](b)\n~~~",
        r"\[a](b)",
        "<!-- [a](b) -->",
        "<script>'<a href=b>'</script>",
        "$[a](b)$",
        "<code>`<a href='b'>`</code>",
    ],
)
def test_code_and_comments_hold_no_links(source: str) -> None:
    assert find_links(source) == []
    assert rewrite_links(source, lambda _destination: "new") == source


@pytest.mark.parametrize(
    ("source", "rewritten"),
    [
        ('[a](b "t")', '[a](new "t")'),
        ("[a](<b c> 't')", "[a](<new> 't')"),
        ("[a](b(c)d)", "[a](new)"),
        ("[a](b\\)c)", "[a](new)"),
        ("[a]( b\n 't' )", "[a]( new\n 't' )"),
        ("[![a](b)](c)", "[![a](new)](new)"),
        ("**[a](b)** _![c](d)_", "**[a](new)** _![c](new)_"),
        ("> 1. [a\n>    b](c)", "> 1. [a\n>    b](new)"),
        ("- [x] [a](b)", "- [x] [a](new)"),
        ("## [a](b) ##", "## [a](new) ##"),
        ("[a](b)\n===", "[a](new)\n==="),
        ("[a][r] ![b][r]\n\n[r]: <c d> 't'", "[a][r] ![b][r]\n\n[r]: <new> 't'"),
        ("> [r]:\n>   c\n\n[r]", "> [r]:\n>   new\n\n[r]"),
        ("|a|b|\n|-|-|\n|b|[x](b)|", "|a|b|\n|-|-|\n|b|[x](new)|"),
        ("|a|\n|-|\n|`[x](b)`|[x](b)|", "|a|\n|-|\n|`[x](b)`|[x](b)|"),
        ('<a class="b" href="b">b</a>', '<a class="b" href="new">b</a>'),
        ("<img alt=b src=b>", '<img alt=b src="new">'),
        ("<div>\n  <img\n src='b'></div>", "<div>\n  <img\n src='new'></div>"),
        ("<https://b.com>", "[https://b.com](new)"),
        ("see www.b.com.", "see [www.b.com](new)."),
        ("::: tip [a](b)\n[c](d)\n:::", "::: tip [a](new)\n[c](new)\n:::"),
        ("a[^1]\n\n[^1]: [a](b)\n\n    ![c](d)", "a[^1]\n\n[^1]: [a](new)\n\n    ![c](new)"),
        ("[a](b)\r\n\r\n`[c](d)` [e](f)\r", "[a](new)\r\n\r\n`[c](d)` [e](new)\r"),
        ("1.\ta\n\n\t[b](c)\n", "1.\ta\n\n\t[b](new)\n"),
        ("\0[a](b)", "\0[a](new)"),
        ("\xa0\n[a](b)", "\xa0\n[a](new)"),
        ("- [ ]  \n  [a](b)", "- [ ]  \n  [a](new)"),
    ],
)
def test_only_destinations_change(source: str, rewritten: str) -> None:
    assert rewrite_links(source, lambda _destination: "new") == rewritten


@pytest.mark.parametrize(
    ("new", "written"),
    [
        ("a b.md", "[x](<a b.md>)"),
        ("a(b).md", "[x](a(b).md)"),
        ("a(b.md", r"[x](a\(b.md)"),
        ("a<b", r"[x](a\<b)"),
        ("a\\b", r"[x](a\\b)"),
        ("?a=1&b=2", "[x](?a=1&b=2)"),
        ("?a&copy;", r"[x](?a\&copy;)"),
        ("ä%20.md", "[x](ä%20.md)"),
        ("", "[x](<>)"),
    ],
)
def test_new_destination_is_written_so_that_it_reads_back(new: str, written: str) -> None:
    assert rewrite_links("[x](y)", lambda _destination: new) == written
    assert destinations(written) == [new]


@pytest.mark.parametrize("new", ["a\nb", "a\0b"])
def test_destination_that_cannot_be_written_is_refused(new: str) -> None:
    with pytest.raises(ValueError, match="line 1"):
        rewrite_links("[x](y)", lambda _destination: new)


def test_pipe_in_a_table_is_escaped() -> None:
    assert rewrite_links("|a|\n|-|\n|[x](y)|", lambda _: "b|c") == "|a|\n|-|\n|[x](b\\|c)|"


def test_quote_in_an_attribute_is_escaped() -> None:
    assert rewrite_links("<a href='x'>", lambda _: "it's") == "<a href='it&#39;s'>"
    assert rewrite_links('<a href="x">', lambda _: 'a"b') == '<a href="a&quot;b">'


def test_replacement_of_none_keeps_that_destination() -> None:
    rewritten = rewrite_links("[a](b) [c](d)", lambda name: "new" if name == "d" else None)

    assert rewritten == "[a](b) [c](new)"


@pytest.mark.parametrize("opening", ["[", "!["])
def test_brackets_beyond_the_ration_are_text(opening: str) -> None:
    link = f"{opening}a](b)"

    assert len(find_links(f"{opening * 100}\n\n{link}")) == 1
    assert find_links(f"{opening * 20_000}\n\n{link}") == []


def test_line_of_each_link_in_a_long_paragraph() -> None:
    links = find_links("[a](1) [b](2)\n[c](3)\ntext\n[d](4)")

    assert [link.line for link in links] == [1, 1, 2, 4]


def test_a_body_is_rendered_as_often_as_one_likes() -> None:
    source = "## A\n\n[x](y) <script>z</script>\n\n```python\nif x: pass\n```"
    body = Body(source).rewritten({"y": "z"}.get)

    first, second = (body.rendered(resolve=lambda _: None) for _time in range(2))

    assert first == second == render_markdown(source.replace("y)", "z)"))
    assert [link.destination for link in body.links] == ["z"]


def test_a_body_without_colors_differs_in_nothing_else() -> None:
    body = Body("[x](javascript:y)\n\n```python\nif x: pass\n```")

    colored = body.rendered(resolve=lambda _: None)
    plain = body.rendered(resolve=lambda _: None, colors_code=False)

    assert "if x: pass" in plain.html
    assert "if x: pass" not in colored.html
    assert re.sub("</?span[^>]*>", "", colored.html) == plain.html
    assert colored.removed == plain.removed
