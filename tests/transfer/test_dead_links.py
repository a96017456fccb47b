import pytest

from stepwell.core.markdown.links import Body
from stepwell.transfer.dead_links import without_links


def _without(body: str, dead: list[str]) -> tuple[str, list[str]]:
    shorter, stuck = without_links(Body(body), dead)
    return shorter.source, stuck


@pytest.mark.parametrize(
    ("body", "dead", "words"),
    [
        ("![i](/etc/passwd)", "/etc/passwd", "*i*"),
        ("![](x.png) and [l](x.png)", "x.png", " and l"),
        (r"[l](\\evil\x) on", r"\evil\x", "l on"),
        ("[l](a&amp;b.md 'A \"title\"') [m](<a&b.md> (t))", "a&b.md", "l m"),
        ("[`x[0]` and \\]](x.md)", "x.md", "`x[0]` and \\]"),
        ("[![alt](a.png)](x.md)", "x.md", "![alt](a.png)"),
        ("[![alt](a.png)](x.md)", "a.png", "[*alt*](x.md)"),
        ('<img src="../a%20b?c#d%25.png">', "../a%20b?c#d%25.png", ""),
        ('so <img alt="a *b* &lt;c" src=x.png> on', "x.png", "so <em>a &#42;b&#42; &#60;c</em> on"),
        (
            "<div>\n<a class=\"c\" href='x.md'>l <b>m</b></a>\n</div>",
            "x.md",
            "<div>\nl <b>m</b>\n</div>",
        ),
        ('<video poster="x.png" controls></video>', "x.png", "<video controls></video>"),
        ("`[l](x.md)` [l](x.md)", "x.md", "`[l](x.md)` l"),
    ],
)
def test_a_dead_link_leaves_its_words(body: str, dead: str, words: str) -> None:
    assert _without(body, [dead]) == (words, [])


def test_other_links_stay_as_they_are() -> None:
    body = r"[a](x.md) <a href=y.md>b</a> ![c](<y z.png> 'd') [e](x.md#f)"
    assert _without(body, ["x.md"]) == (body.replace("[a](x.md)", "a"), [])


def test_a_link_that_is_written_too_oddly_stays_and_is_named() -> None:
    body = '[a](x.md) [b][c] <a href="z.md">open\n\n[c]: y.md'
    shorter, stuck = _without(body, ["x.md", "y.md", "z.md"])
    assert shorter == body.replace("[a](x.md)", "a")
    assert stuck == ["y.md", "z.md"]
