import pytest

from stepwell.core.markdown.rendering import render_markdown


@pytest.mark.parametrize("kind", ["note", "tip", "important", "warning", "example", "exercise"])
def test_callout_has_its_kind_and_title(kind: str) -> None:
    html = render_markdown(f"::: {kind}\nBody\n:::").html

    assert html == (
        f'<aside class="callout callout-{kind}" role="note">\n'
        f'<p class="callout-title">{kind.capitalize()}</p>\n<p>Body</p>\n</aside>\n'
    )


@pytest.mark.parametrize("kind", ["solution", "details"])
def test_hidden_callout_opens_on_demand(kind: str) -> None:
    html = render_markdown(f":::{kind}\nBody\n:::\n\nafter").html

    assert html == (
        f'<details class="callout callout-{kind}">\n<summary>{kind.capitalize()}</summary>\n'
        "<p>Body</p>\n</details>\n<p>after</p>\n"
    )


def test_callout_takes_a_title_with_markup() -> None:
    html = render_markdown("::: tip Use *this* `one`\nx\n:::").html

    assert '<p class="callout-title">Use <em>this</em> <code>one</code></p>' in html


def test_unknown_kind_shows_as_a_note_that_names_it() -> None:
    html = render_markdown("::: keypoints\nx\n:::\n\n::: spoiler Look here\ny\n:::").html

    assert html.count('class="callout callout-note"') == 2
    assert '<p class="callout-title">keypoints</p>' in html
    assert '<p class="callout-title">spoiler Look here</p>' in html


@pytest.mark.parametrize("fences", [("::::", ":::"), (":::", ":::"), (":::", "::::::::")])
def test_callouts_nest_whatever_the_length_of_their_fences(fences: tuple[str, str]) -> None:
    outer, inner = fences
    html = render_markdown(
        f"{outer} exercise\na\n\n{inner} solution\nb\n{inner}\n\nc\n{outer}\n\nd"
    ).html

    start, end = html.index("<details"), html.index("</details>")
    assert "<p>b</p>" in html[start:end]
    assert "<p>c</p>\n</aside>\n<p>d</p>" in html[end:]


def test_fence_inside_code_closes_nothing() -> None:
    html = render_markdown("::: tip\n```\n:::\n```\n- ~~~\n  :::\n  ~~~\n\nend\n:::\n\nout").html

    assert "<p>end</p>\n</aside>\n<p>out</p>" in html


def test_unclosed_callout_ends_with_its_list_item() -> None:
    html = render_markdown("- ::: tip\n  a\n\n- b\n\nc").html

    assert html.count("</li>") == 2
    assert html.endswith("</ul>\n<p>c</p>\n")


def test_stray_fence_stays_text() -> None:
    assert render_markdown("a\n\n:::\n\nb").html == "<p>a</p>\n<p>:::</p>\n<p>b</p>\n"


@pytest.mark.parametrize(
    ("mark", "kind", "title"),
    [("NOTE", "note", "Note"), ("tip", "tip", "Tip"), ("CAUTION", "warning", "Caution")],
)
def test_alert_is_a_callout(mark: str, kind: str, title: str) -> None:
    html = render_markdown(f"> [!{mark}]\n> Body").html

    assert html == (
        f'<aside class="callout callout-{kind}" role="note">\n'
        f'<p class="callout-title">{title}</p>\n<p>Body</p>\n</aside>\n'
    )
