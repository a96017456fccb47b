import pytest

from stepwell.core.markdown.rendering import render_markdown


@pytest.mark.parametrize(
    "source", ["$x^2$", "($x$)", "*$a+b$*", "$5$", r"$10 \times 3$", "$x$, $y$."]
)
def test_formula_becomes_mathml(source: str) -> None:
    html = render_markdown(source).html

    assert '<math display="inline">' in html
    assert "$" not in html


@pytest.mark.parametrize("source", ["$$\n\\sum_i x_i\n$$", "> $$\n> x\n> $$", "so $$x$$ there"])
def test_displayed_formula_can_be_scrolled_by_keyboard(source: str) -> None:
    html = render_markdown(source).html

    assert 'display="block"' in html
    assert 'tabindex="0"' in html


def test_wide_formula_in_a_sentence_scrolls_by_keyboard() -> None:
    html = render_markdown(f"so ${'a + ' * 20} b$ holds").html

    assert '<p>so <span class="wide-formula"><math tabindex="0"' in html
    assert "</math></span> holds</p>" in html


def test_short_formula_in_a_sentence_is_no_stop_of_the_tab_key() -> None:
    html = render_markdown(r"so $\frac{\alpha_i}{\beta_j} = x$ holds").html

    assert "tabindex" not in html
    assert "wide-formula" not in html


@pytest.mark.parametrize(
    "source",
    [
        "costs $5 and $6",
        "between $5 or US$ 6",
        "the `$PATH`",
        "a $ prompt and $ again",
        "$HOME/$USER",
        "$5/month or 6 in US$",
        "it is $5 for `$PATH`",
        r"\$x\$",
        "$$",
        "$ x $",
    ],
)
def test_dollars_of_prose_stay_text(source: str) -> None:
    html = render_markdown(source).html

    assert "<math" not in html
    assert "math-error" not in html
    assert html.count("$") == source.count("$")


@pytest.mark.parametrize("tex", [r"\frac", r"\left(", r"\nosuchthing{x}", "x_", r"\begin{matrix}"])
def test_broken_formula_shows_its_source(tex: str) -> None:
    html = render_markdown(f"${tex}$").html

    assert f'<code class="math-error">{tex}</code>' in html
