import pytest

from stepwell.transfer.dialects.mdx import convert_mdx
from stepwell.transfer.findings import Finding
from stepwell.transfer.source_text import join_lines, split_lines


def convert(text: str) -> tuple[str, list[tuple[str, int | None, str]]]:
    converted = convert_mdx(split_lines(text), "x.mdx")
    return join_lines(converted.lines).strip("\n"), [seen(each) for each in converted.findings]


def seen(finding: Finding) -> tuple[str, int | None, str]:
    return finding.kind.value, finding.line, finding.detail


def test_a_question_becomes_an_exercise_with_a_hidden_solution() -> None:
    text = """What now?

<Question
    choices={[
        {
            text: "A <code>list</code>",
            explain: "No, see <a href=\\"https://x.org\\">this</a>."
        },
        {
            text: "A dict",
            explain: "Indeed.",
            correct: true
        },
        { text: "Nothing" },
    ]}
/>

After."""
    assert convert(text) == (
        """What now?

:::: exercise Choose the right answer

1. A `list`
2. A dict
3. Nothing

::: solution

1. No, see [this](https://x.org).
2. **Right.** Indeed.
3. Not right.

:::
::::

After.""",
        [],
    )


def test_a_question_with_several_right_answers_says_so() -> None:
    text = '<Question choices={[{text: "a", correct: true}, {text: "b", correct: true}]} />'
    body, _findings = convert(text)
    assert ":::: exercise Choose every right answer" in body
    assert body.count("**Right.**") == 2


@pytest.mark.parametrize("choices", ["{choices}", "{[]}", '{["a"]}', '"a"'])
def test_a_question_that_cannot_be_read_stays_visible(choices: str) -> None:
    body, findings = convert(f"a\n\n<Question choices={choices} />")
    assert "`<Question>`" in body
    assert findings == [("component-unknown", 3, "<Question>")]


def test_a_video_becomes_a_player() -> None:
    body, findings = convert('<Youtube id="1pedAIvTWXk"/>')
    assert body == "![Video](https://www.youtube.com/watch?v=1pedAIvTWXk)"
    assert findings == []


@pytest.mark.parametrize(
    ("tag", "fence"),
    [
        ("<Tip>", "::: tip"),
        ("<Tip warning>", "::: warning"),
        ("<Tip warning={true}>", "::: warning"),
        ("<Tip warning={false}>", "::: tip"),
        ('<Tip title="How it works">', "::: tip How it works"),
    ],
)
def test_a_tip_becomes_a_callout(tag: str, fence: str) -> None:
    assert convert(f"{tag}\n\nMind *this*.\n\n</Tip>") == (f"{fence}\n\nMind *this*.\n\n:::", [])


def test_a_tip_in_one_line_becomes_a_callout() -> None:
    assert convert("<Tip>Mind this.</Tip>")[0] == "::: tip\n\nMind this.\n\n:::"


def test_both_frameworks_are_kept_under_their_names() -> None:
    text = "{#if fw === 'pt'}\n\nUse `torch`.\n\n{:else}\n\nUse `tf`.\n\n{/if}"
    assert convert(text) == (
        "::: example PyTorch\n\nUse `torch`.\n\n:::\n\n::: example TensorFlow\n\nUse `tf`.\n\n:::",
        [("component-replaced", 1, "{#if fw === 'pt'}")],
    )


def test_a_condition_in_a_quote_stays_in_it() -> None:
    body, _findings = convert("> {#if fw === 'tf'}\n> Use `tf`.\n> {/if}")
    assert body == ">\n> ::: example TensorFlow\n>\n> Use `tf`.\n>\n> :::\n>"


def test_blocks_inside_a_condition_get_shorter_fences() -> None:
    body, _findings = convert("{#if fw === 'pt'}\n<Tip>\nx\n</Tip>\n{/if}")
    assert body.startswith(":::: example PyTorch\n\n::: tip")
    assert body.endswith(":::\n\n::::")


def test_a_condition_that_nobody_opened_is_reported() -> None:
    assert convert("a\n{/if}")[1] == [("block-unbalanced", 2, "{/if}")]


def test_notebooks_become_links() -> None:
    text = """<CourseFloatingBanner chapter={2}
  notebooks={[
    {label: "Google Colab", value: "https://colab.example/x"},
    {label: "Studio", value: "https://studio.example/y"},
]} />"""
    assert convert(text) == (
        "::: note Notebooks\n[Google Colab](https://colab.example/x) · "
        "[Studio](https://studio.example/y)\n:::",
        [("component-replaced", 1, "<CourseFloatingBanner>")],
    )


@pytest.mark.parametrize(
    "tag", ["<CourseFloatingBanner chapter={1} />", "<FrameworkSwitchCourse {fw} />"]
)
def test_what_holds_nothing_to_read_is_left_out_and_reported(tag: str) -> None:
    name = tag.split(maxsplit=1)[0] + ">"
    assert convert(f"{tag}\n\nText") == ("Text", [("component-left-out", 1, name)])


def test_an_unknown_component_leaves_a_visible_note() -> None:
    body, findings = convert("One\n\n<Chart data={x} />\n\nTwo")
    assert body == (
        "One\n\n::: note\nThe imported text has `<Chart>` here, which can't be shown.\n:::\n\nTwo"
    )
    assert findings == [("component-unknown", 3, "<Chart>")]


def test_embedded_content_becomes_a_link() -> None:
    text = '<iframe\n  src="https://demo.example/x"\n  title="Demo"\n></iframe>'
    assert convert(text) == (
        "::: note Try it\nThis part stands on another site: [Demo](<https://demo.example/x>)\n:::",
        [("embed-replaced", 1, "https://demo.example/x")],
    )


def test_an_embedded_video_becomes_a_player() -> None:
    body, _findings = convert('<iframe src="https://www.youtube.com/embed/1pedAIvTWXk"></iframe>')
    assert body == "![www.youtube.com](https://www.youtube.com/embed/1pedAIvTWXk)"


def test_images_become_markdown_without_their_dark_twins() -> None:
    text = """<div class="flex justify-center">
<img class="block dark:hidden" src="a.png" alt="An [arrow]"/>
<img class="hidden dark:block" src="a-dark.png" alt="An arrow"/>
</div>"""
    assert convert(text) == (r"![An \[arrow\]](a.png)", [("dark-image-left-out", 3, "a-dark.png")])


def test_a_linked_image_becomes_a_linked_image() -> None:
    text = (
        '<a class="c" href="/model">\n<img src="a.png"/>\n<img class="hidden" src="b.png"/>\n</a>'
    )
    assert convert(text)[0] == "[\n![](a.png)\n](/model)"


def test_text_in_frames_is_no_code_for_being_indented() -> None:
    text = '<div>\n    <div style="x;\n    y">\n        Input\n    </div>\n</div>'
    assert convert(text)[0] == "Input"


def test_a_link_that_is_never_closed_is_reported() -> None:
    assert convert('<a href="x.html">text')[1] == [("link-broken", None, "x.html")]


def test_tags_in_code_are_code() -> None:
    text = "`<Tip>` and ``{#if fw === 'pt'}`` and `\\\\(x\\\\)`\n\n```\n<Question />\n[[x]]\n```"
    assert convert(text) == (text, [])


def test_html_tables_are_left_alone() -> None:
    text = '<table>\n<tr><td><img src="a.png"></td></tr>\n</table>\n\n<img src="b.png">'
    assert convert(text)[0] == text.replace('<img src="b.png">', "![](b.png)")


def test_pictures_and_links_in_html_blocks_stay_html() -> None:
    text = """<p align="center">
<a href="/model"><img src="a.png"
alt="A"/></a><img class="hidden" src="b.png"/>
</p>

<a href="x.md">x</a>"""
    assert convert(text)[0] == (
        '<p align="center">\n<a href="/model"><img src="a.png" alt="A"/></a>\n</p>\n\n[x](x.md)'
    )


def test_tags_that_run_script_stay_to_be_refused() -> None:
    text = '<img src="x" onerror="alert(1)">'
    assert convert(text)[0] == text


def test_heading_anchors_and_formulas_are_rewritten() -> None:
    text = "## Welcome 🤗![[welcome]]\n\nSo \\\\( a_i \\\\) and \\\\(b\\\\)."
    assert convert(text)[0] == "## Welcome 🤗!\n\nSo $a_i$ and $b$."


def test_options_stand_one_below_the_other() -> None:
    text = '<hfoptions id="f">\n<hfoption value="tgi" label="TGI">\nA\n</hfoption>\n</hfoptions>'
    assert convert(text)[0] == "::: example TGI\n\nA\n\n:::"


def test_lines_keep_the_numbers_of_the_file() -> None:
    converted = convert_mdx(split_lines("<Tip>\n\nText\n\n</Tip>\n\nAfter", first=10), "x.mdx")
    numbers = {line.text: line.number for line in converted.lines}
    assert (numbers["Text"], numbers["After"]) == (12, 16)


def test_many_tags_in_one_line_take_no_long_time() -> None:
    body, _findings = convert('<img src="a.png">' * 20_000)
    assert body.count("![](a.png)") == 20_000
