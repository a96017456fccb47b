import pytest

from stepwell.transfer.dialects.inline_html import as_code, escape, to_markdown


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("plain", "plain"),
        ("a <em>b</em> <strong>c</strong>", "a *b* **c**"),
        ("<code>x_y</code>", "`x_y`"),
        ('see <a href="https://x.org/a b">it</a>', "see [it](https://x.org/a%20b)"),
        ("&lt;mask&gt; and [MASK]", r"\<mask\> and \[MASK\]"),
        ("snake_case * 2", r"snake\_case \* 2"),
        ("the `Trainer` API", "the `Trainer` API"),
        ("one<br>two\n three", "one two three"),
        ("an <unknown> tag", r"an \<unknown\> tag"),
        ("<code>open", "`open`"),
        ("[<code>x</code> y](https://x.org/) or [z](/a)", "[`x` y](https://x.org/) or [z](/a)"),
        ("`[a](b)` and ![c](d) [MASK]", r"`[a](b)` and !\[c\](d) \[MASK\]"),
    ],
)
def test_html_becomes_markdown(html: str, markdown: str) -> None:
    assert to_markdown(html) == markdown


def test_code_holds_any_backticks() -> None:
    assert as_code("a`b") == "``a`b``"
    assert as_code("`a`") == "`` `a` ``"


def test_escaping_leaves_code_alone() -> None:
    assert escape("*a* `*b*`") == r"\*a\* `*b*`"
