import pytest

from stepwell.core.markdown.rendering import render_markdown


def test_code_of_a_known_language_is_highlighted_without_styles() -> None:
    html = render_markdown("```python\ndef f(): pass\n```").html

    assert html.startswith(
        '<figure class="code" data-language="python">'
        '<pre tabindex="0" role="region" aria-label="Code 1: python">'
        '<code><span class="k">def</span>'
    )
    assert "style=" not in html


@pytest.mark.parametrize("info", ["nosuchlanguage", "", "  "])
def test_other_code_is_escaped(info: str) -> None:
    html = render_markdown(f"```{info}\n<b> & $x$\n```").html

    assert "<code>&lt;b&gt; &amp; $x$\n</code>" in html


def test_indented_code_keeps_its_blank_lines() -> None:
    html = render_markdown("    a\n\n      b\n").html

    assert html == (
        '<figure class="code"><pre tabindex="0" role="region" aria-label="Code 1">'
        "<code>a\n\n  b\n</code></pre></figure>\n"
    )


@pytest.mark.parametrize(
    ("info", "language"), [("Python title=x", "python"), ("{.bash}", "bash"), ("c++", "c++")]
)
def test_language_is_read_from_any_info_string(info: str, language: str) -> None:
    assert f'data-language="{language}"' in render_markdown(f"```{info}\nx\n```").html


def test_each_code_block_has_a_name_of_its_own() -> None:
    html = render_markdown("```\na\n```\n\n```\nb\n```").html

    assert 'aria-label="Code 1"' in html
    assert 'aria-label="Code 2"' in html
