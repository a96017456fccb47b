import re
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepwell.core.markdown.page import Heading, Removed
from stepwell.core.markdown.rendering import render_markdown
from stepwell.core.pictures import Size

FRAGMENTS = [
    "<script>alert(1)</script>",
    "<script",
    "</script>",
    "<ScRiPt src=//e.com>",
    "<img src=x onerror=alert(1)>",
    "<img/src=x/onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>x</script></svg>",
    "<a href='java\tscript:x'>",
    '<a href="&#106;avascript:x">',
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:x)",
    "[x](<java&#10;script:x>)",
    "![x](javascript:x)",
    "<javascript:alert(1)>",
    "[r]: vbscript:x\n",
    "[r]",
    "<style>*{}</style>",
    "<style>",
    "<b style='x:expression(1)' onclick = y>",
    "<math><mtext><style><img src onerror=x>",
    "<iframe src=javascript:x>",
    "<iframe srcdoc='<script>x</script>'>",
    "<object data=x>",
    "<base href=//e.com>",
    "<meta http-equiv=refresh>",
    "<details open ontoggle=x>",
    "<video src=//e.com/a.mp4 poster=//e.com/p.png autoplay onplay=x>",
    "<form action=x>",
    "<input type=image src=//e.com>",
    "<textarea>",
    '<noscript><p title="</noscript><img src=x onerror=x>">',
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?php",
    "?>",
    "```html\n",
    "\n```\n",
    "`",
    "$",
    "$$",
    "\n\n",
    "\n",
    "    ",
    "> ",
    "- ",
    "- [ ] ",
    "::: tip ",
    "\n:::\n",
    "# ",
    "|a|\n|-|\n|",
    "[^1]",
    "[^1]: ",
    "![a](//e.com/x.png)",
    "![a](https://youtu.be/abcdefghijk)",
    '"',
    "'",
    "<",
    ">",
    "&lt;",
    "&#x3c;",
    "onclick=x",
    "\0",
    "[",
    "](",
    ")",
    "*",
    "_",
    "~",
    "<a\n",
    "href='x'>",
    "</a>",
    "<x y=z>",
]


class Guard(HTMLParser):
    """Fails on anything in a page that runs, or that asks another host."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in {"script", "style", "iframe", "object", "embed", "base", "form", "svg"}
        for name, value in attrs:
            plain = re.sub(r"[\x00-\x20]", "", value or "").lower()
            assert not name.startswith("on")
            assert name not in {"style", "srcset", "action", "srcdoc"}
            if name in {"href", "src", "poster", "data-video"}:
                assert not re.match(r"(?:javascript|vbscript|data):", plain)
            if (tag, name) in {("img", "src"), ("video", "poster")}:
                assert not re.match(r"[a-z]+:|[/\\]{2}", plain)


def check(html: str) -> None:
    guard = Guard()
    guard.feed(html)
    guard.close()


@given(st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=5), max_size=25).map("".join))
def test_page_from_hostile_fragments_is_harmless(source: str) -> None:
    check(render_markdown(source).html)


@pytest.mark.parametrize(
    "source",
    [
        "![" * 1500 + "a" + "](b)" * 1500,
        ">" * 2000 + " a",
        "::: a\n" * 2000,
        "$" + "{" * 5000 + "$",
        "<a " * 2000,
        "- " * 500 + "a",
    ],
    ids=["images", "quotes", "callouts", "braces", "open tags", "lists"],
)
def test_page_nested_beyond_reason_renders(source: str) -> None:
    check(render_markdown(source).html)


def test_headings_begin_below_the_page_title() -> None:
    page = render_markdown("# One\n\n## Two `code`\n\n# Three")

    assert page.headings == (
        Heading(2, "one", "One"),
        Heading(3, "two-code", "Two code"),
        Heading(2, "three", "Three"),
    )
    assert '<h2 id="one">One <a class="header-anchor" href="#one"' in page.html


def test_headings_skip_no_level_and_end_at_six() -> None:
    page = render_markdown("### A\n\n###### B\n\n##### C\n\n### D")
    deep = render_markdown("\n\n".join("#" * n + " x" for n in range(1, 7)))

    assert [heading.level for heading in page.headings] == [2, 3, 3, 2]
    assert [heading.level for heading in deep.headings] == [2, 3, 4, 5, 6, 6]


def test_anchors_are_unique_and_keep_unicode() -> None:
    page = render_markdown("# Größe\n\n# Größe\n\n# 数学\n\n# ???\n\n# fn1")

    assert [heading.anchor for heading in page.headings] == [
        "größe",
        "größe-1",
        "数学",
        "section-",
        "section-fn1",
    ]


def test_destination_is_resolved_as_written() -> None:
    seen: list[str] = []

    def resolve(destination: str) -> str | None:
        seen.append(destination)
        return {"a%20b.md": "/one/", "c d.md": "/two/", "e&f.md": "/three/"}.get(destination)

    page = render_markdown("[x](a%20b.md) [y](<c d.md>) [z]\n\n[z]: e&amp;f.md", resolve=resolve)

    assert set(seen) == {"a%20b.md", "c d.md", "e&f.md"}
    assert [f'href="{to}"' in page.html for to in ("/one/", "/two/", "/three/")] == [True] * 3


def test_destination_of_raw_html_is_resolved() -> None:
    page = render_markdown(
        '<img src="x.png" alt="X" width="9" align="left">\n\nA <a href=y.md>link</a>',
        resolve=lambda destination: f"/files/{destination}",
    )

    assert '<img src="/files/x.png" alt="X" width="9" loading="lazy" decoding="async">' in page.html
    assert '<a href="/files/y.md">link</a>' in page.html
    assert page.removed == ()


def test_unresolved_permalink_stays() -> None:
    assert '<a href="lesson:abc#x">' in render_markdown("[x](lesson:abc#x)").html


def test_external_link_is_marked_and_stays_in_its_tab() -> None:
    html = render_markdown("[x](https://e.com) <https://e.org> https://e.net [y](/here)").html

    assert html.count('rel="noopener noreferrer"') == 3
    assert "target" not in html
    assert '<a href="/here">y</a>' in html


def test_image_of_this_site_loads_lazily() -> None:
    html = render_markdown('![A "cat"](cat.png "Title")').html

    assert (
        '<p><img src="cat.png" alt="A &quot;cat&quot;" title="Title" loading="lazy"'
        ' decoding="async"></p>' in html
    )


@pytest.mark.parametrize(
    ("source", "sides"),
    [
        ("![](x.png)", 'width="800" height="600"'),
        ("<img src=x.png>", 'width="800" height="600"'),
        ("<img src=x.png width=400>", 'width="400" height="300"'),
        ("<img src=x.png height=60>", 'height="60" width="80"'),
        ("<img src=x.png width=400 height=400>", 'width="400" height="400"'),
        ("<img src=x.png width=50%>", 'width="50%"'),
        (f"<img src=x.png width={'9' * 20}>", f'width="{"9" * 20}"'),
        ("![](y.png)", ""),
    ],
)
def test_image_keeps_its_place_free(source: str, sides: str) -> None:
    html = render_markdown(source, measure={"x.png": Size(800, 600)}.get).html

    assert " ".join(re.findall(r'(?:width|height)="[^"]*"', html)) == sides


def test_image_of_another_host_is_not_measured() -> None:
    asked: list[str] = []
    render_markdown("![](https://e.com/x.png) ![](//e.com/y.png)", measure=asked.append)

    assert asked == []


@pytest.mark.parametrize("address", ["https://e.com/x.png", "//e.com/x.png", "http:/e.com/x.png"])
def test_image_of_another_host_becomes_a_link(address: str) -> None:
    html = render_markdown(f"![A cat]({address})").html

    assert html.startswith('<figure class="remote-image"><a href="')
    assert ": A cat</a></figure>" in html
    assert "<img" not in html


def test_remote_image_in_a_link_becomes_its_text() -> None:
    html = render_markdown("[![Open](https://e.com/badge.svg)](https://e.org/)").html

    assert '<a href="https://e.org/" rel="noopener noreferrer">' in html
    assert '<span class="remote-image">Open</span></a>' in html
    assert html.count("<a ") == 1


def test_remote_image_amid_text_stays_in_its_paragraph() -> None:
    html = render_markdown("See ![x](https://e.com/x.png) here.").html

    assert '<p>See <span class="remote-image"><a href="https://e.com/x.png"' in html
    assert "<figure" not in html


def test_image_with_a_video_address_becomes_a_player() -> None:
    html = render_markdown("![How it works](https://youtu.be/abcdefghijk)").html

    assert html.strip() == (
        '<figure class="video" data-video="https://www.youtube-nocookie.com/embed/abcdefghijk">'
        '<a class="video-link" href="https://www.youtube.com/watch?v=abcdefghijk"'
        ' rel="noopener noreferrer">Play video: How it works</a></figure>'
    )


def test_image_with_a_video_file_plays_it_from_where_it_resolves() -> None:
    html = render_markdown("![Demo](a.mp4)", resolve=lambda name: f"/files/{name}").html

    assert '<video controls="" preload="none" src="/files/a.mp4" aria-label="Demo">' in html


def test_table_scrolls_by_keyboard_and_has_a_name_of_its_own() -> None:
    html = render_markdown("| a | b |\n|---|--:|\n| 1 | 2 |\n\n| c |\n|---|\n| 3 |").html

    assert '<div class="table" tabindex="0" role="region" aria-label="Table 1">' in html
    assert 'aria-label="Table 2"' in html
    assert '<td class="align-right">2</td>' in html
    assert "style=" not in html


def test_task_list_says_what_is_done_and_has_no_controls() -> None:
    html = render_markdown("- [ ] Read `this`\n- [x] Write\n- Neither").html

    hidden = '<span class="visually-hidden">'
    assert f'<li class="task">{hidden}To do:</span> Read <code>this</code></li>' in html
    assert f'<li class="task is-done">{hidden}Done:</span> Write</li>' in html
    assert "<li>Neither</li>" in html
    assert "<input" not in html


def test_footnote_links_there_and_back() -> None:
    html = render_markdown("A[^n]\n\n[^n]: Note.").html

    assert '<a href="#fn1" id="fnref1">' in html
    assert '<li id="fn1" class="footnote-item"><p>Note. <a href="#fnref1"' in html


def test_unsafe_markdown_links_lose_their_address_and_are_reported() -> None:
    page = render_markdown(
        "a\n\n[x](javascript:a) [y](ftp://e.com) [z](JAVA&#10;SCRIPT:b)\n"
        "![i](data:image/png;base64,x)"
    )

    assert page.html.startswith("<p>a</p>\n<p>x y z")
    assert "<a" not in page.html
    assert "<img" not in page.html
    assert set(page.removed) == {
        Removed(3, "javascript: link", True),
        Removed(3, "ftp: link", False),
        Removed(4, "data: image", False),
    }


def test_rendering_twice_gives_the_same() -> None:
    source = "# A\n\n```python\nx\n```\n\n[^1] $x$\n\n[^1]: b\n\n<script>x</script>"

    assert render_markdown(source) == render_markdown(source)


def test_rendering_in_threads_gives_the_same() -> None:
    sources = [f"# H{n}\n\n[a](b{n}.md) ![v](https://e.com/{n}.png) $x_{n}$" for n in range(50)]

    with ThreadPoolExecutor(8) as pool:
        pages = list(pool.map(render_markdown, sources))

    assert pages == [render_markdown(source) for source in sources]
