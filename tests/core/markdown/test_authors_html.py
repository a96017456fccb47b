import pytest

from stepwell.core.markdown.page import Removed
from stepwell.core.markdown.rendering import render_markdown


def removed_from(source: str) -> list[tuple[int, str, bool]]:
    return [(each.line, each.what, each.is_hostile) for each in render_markdown(source).removed]


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("<script>alert(1)</script>", "<script>"),
        ("text <script>alert(1)</script>", "<script>"),
        ("<p onclick='x()'>a</p>", "onclick"),
        ("a <b onMouseOver = x>b</b>", "onmouseover"),
        ("<a href='javascript:x'>a</a>", "javascript: link"),
        ("<a href='java&#9;script:x'>a</a>", "javascript: link"),
        ("<img src='vbscript:x'>", "vbscript: image"),
        ("<iframe srcdoc='<p>'></iframe>", "srcdoc"),
        ("<object data='x'></object>", "<object>"),
        ("<embed src='x'>", "<embed>"),
        ("<base href='//e.com'>", "<base>"),
        ("<meta http-equiv='Refresh' content='0'>", "<meta>"),
        ("<link rel='stylesheet' href='x.css'>", "<link>"),
        ("<b style='width: exp/**/ression(1)'>a</b>", "style"),
        ("<style>b { x: expression(1) }</style>", "<style>"),
        ("<svg onload='x()'></svg>", "onload"),
        ("<thing onload='x()'>", "onload"),
    ],
)
def test_hostile_html_is_taken_out_and_reported(source: str, what: str) -> None:
    page = render_markdown(f"first\n\n{source}\n\nlast")

    assert Removed(3, what, True) in page.removed
    assert "<p>first</p>" in page.html
    assert "<p>last</p>" in page.html
    assert "alert" not in page.html


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("<form action='x'><button>Go</button></form>", ["<form>", "<button>"]),
        ("<style>b { color: red }</style>", ["<style>"]),
        ("<svg><path d='x'/></svg>", ["<svg>"]),
        ("<b data-x='1' class='c' style='color: red'>a</b>", ["data-x"]),
        ("<td align=center bgcolor=red border=1>a</td>", []),
        (
            "<video src='a.mp4' autoplay poster='https://e.com/p.png'></video>",
            ["autoplay", "poster"],
        ),
        ("<!-- a comment -->", []),
        ("<?php x ?>", ["<?…>"]),
    ],
)
def test_other_html_is_taken_out_and_reported_as_harmless(source: str, what: list[str]) -> None:
    assert removed_from(source) == [(1, each, False) for each in what]


def test_removed_html_names_its_own_line() -> None:
    source = "> quoted\n> <b\n>  onclick=x>b</b>\n\n<div>\n\n- item\n  <i onfocus=y>i</i>\n\n</div>"

    assert removed_from(source) == [(2, "onclick", True), (8, "onfocus", True)]


def test_prose_html_stays() -> None:
    source = (
        "<details open><summary>More</summary>\n\n"
        "Press <kbd>Ctrl</kbd>, H<sub>2</sub>O\n\n</details>\n\n"
        "<table><tr><td colspan='2'>x</td></tr></table>\n"
    )
    page = render_markdown(source)

    assert '<details open=""><summary>More</summary>' in page.html
    assert "<p>Press <kbd>Ctrl</kbd>, H<sub>2</sub>O</p>" in page.html
    assert '<td colspan="2">x</td>' in page.html
    assert page.removed == ()


def test_unknown_name_in_angle_brackets_is_shown() -> None:
    page = render_markdown("Connect to <your host> now.\n\n<Widget a='1'>\n")

    assert "Connect to &lt;your host&gt; now." in page.html
    assert "&lt;Widget a='1'&gt;" in page.html
    assert page.removed == ()


def test_frame_of_a_video_host_becomes_a_player() -> None:
    page = render_markdown('<iframe src="https://player.vimeo.com/video/12" title="T"></iframe>')

    assert '<figure class="video" data-video="https://player.vimeo.com/video/12">' in page.html
    assert "Play video: T" in page.html
    assert page.removed == ()


def test_frame_of_another_host_becomes_a_link_and_is_reported() -> None:
    page = render_markdown('<iframe src="https://e.com/app"></iframe>')

    assert '<a href="https://e.com/app" rel="noopener noreferrer">Page on e.com</a>' in page.html
    assert page.removed == (Removed(1, "<iframe>", False),)


def test_remote_image_in_raw_html_becomes_a_link() -> None:
    html = render_markdown('<p><img src="https://e.com/x.png" alt="X"></p>').html

    assert '<a href="https://e.com/x.png" rel="noopener noreferrer">Image on e.com: X</a>' in html
    assert "<img" not in html


def test_raw_title_goes_below_the_title_of_the_page() -> None:
    assert render_markdown("<h1 align='center'>T</h1>").html.strip() == "<h2>T</h2>"


def test_id_is_kept_unless_a_heading_has_it() -> None:
    html = render_markdown("# Setup\n\n<a name='old'></a><b id='setup'>b</b><i id='fn1'>i</i>").html

    assert '<a id="old"></a><b>b</b><i>i</i>' in html


def test_forged_parts_of_our_own_lose_their_marks() -> None:
    html = render_markdown(
        '<figure class="video" data-video="https://e.com"><input type="checkbox" checked>x</figure>'
    ).html

    assert html.strip() == "<figure>x</figure>"


def test_unclosed_script_takes_nothing_else_along() -> None:
    page = render_markdown("before <script> after")

    assert page.html == "<p>before  after</p>\n"
    assert page.removed == (Removed(1, "<script>", True),)
