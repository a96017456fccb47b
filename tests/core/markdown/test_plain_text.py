from stepwell.core.markdown.plain_text import render_plain_summary


def test_summary_is_the_text_of_the_first_paragraphs() -> None:
    source = (
        "# Title\n\nOne *two* [three](x) `four`.\n\n```\ncode\n```\n\n<div>raw</div>\n\n- five\n"
    )

    assert render_plain_summary(source) == "One two three four. five"


def test_summary_leaves_out_titles_images_tables_and_notes() -> None:
    source = (
        "::: tip Title\n![alt](x.png) One[^1]\n:::\n\n> [!NOTE]\n> two\n\n"
        "| a |\n|---|\n| b |\n\n[^1]: Note."
    )

    assert render_plain_summary(source) == "One two"


def test_summary_is_cut_after_a_word() -> None:
    assert render_plain_summary("alpha beta, gamma delta", length=13) == "alpha beta…"
    assert render_plain_summary("alpha beta", length=10) == "alpha beta"
    assert render_plain_summary("a" * 30, length=10) == "a" * 9 + "…"


def test_summary_of_nothing_is_empty() -> None:
    assert render_plain_summary("") == ""
