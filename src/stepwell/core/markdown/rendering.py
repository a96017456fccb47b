"""From the source of a body to its HTML."""

from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it.token import Token
from markdown_it.utils import EnvType

from .callouts import callout_kind
from .cost import Cost
from .page import Heading, Measure, Page, Removed, Resolve
from .parsing import PARSER, parse
from .plain_text import plain_text
from .policy import sanitized
from .renderer import RENDERER, is_figure
from .tables import finished_tables

_ALIGNMENTS = {"text-align:center": "align-center", "text-align:right": "align-right"}


@dataclass(frozen=True)
class Rendered:
    html: str
    headings: tuple[Heading, ...]
    removed: tuple[Removed, ...]


def leave(_destination: str) -> None:
    return None


def render_markdown(source: str, *, resolve: Resolve = leave, measure: Measure = leave) -> Rendered:
    """Render a body to HTML that is safe to show and asks no other host for anything.

    `resolve` is given each destination as its author wrote it (escapes resolved, percent signs
    kept) and returns the address to link to, or None to leave it. `measure` is given the address
    of each picture of this site and returns its size, or None where it isn't known. What the
    page may not contain is taken out and listed in `removed`. Raises only `TextTooLarge`.
    """
    return render_tokens(*parse(source), resolve=resolve, measure=measure)


def render_tokens(
    tokens: list[Token],
    env: EnvType,
    *,
    resolve: Resolve,
    measure: Measure = leave,
    colors_code: bool = True,
) -> Rendered:
    """Render what `parse` gave, using it up; see `render_markdown`."""
    cost: Cost = env["cost"]
    page = Page(resolve, measure, cost, colors_code)
    env["page"] = page
    headings = _place_headings(tokens)
    page.ids.update(heading.anchor for heading in headings)
    _align_cells(tokens)
    _name_alerts(tokens)
    _drop_inline_scripts(tokens)
    _free_figures(tokens, env)
    html = cost.require_html(RENDERER.render(tokens, PARSER.options, env))
    html = cost.require_html(sanitized(html))
    if "<table" in html:
        html = cost.require_html(sanitized(finished_tables(html, page)))
    removed = sorted(page.removed, key=lambda each: each.line)
    return Rendered(html, headings, tuple(removed))


def _place_headings(tokens: Sequence[Token]) -> tuple[Heading, ...]:
    """Headings begin at h2, below the page's own h1, and skip no level on their way down."""
    headings, outline = [], list[int]()
    for opening, inline, closing in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if opening.type != "heading_open":
            continue
        written = int(opening.tag[1])
        while outline and outline[-1] >= written:
            outline.pop()
        outline.append(written)
        level = min(len(outline) + 1, 6)
        opening.tag = closing.tag = f"h{level}"
        anchor = str(opening.attrGet("id"))
        text = " ".join(plain_text(inline.children).split())
        headings.append(Heading(level, anchor, text))
        inline.children = [*(inline.children or ()), Token("permalink", "a", 0, content=anchor)]
    return tuple(headings)


def _align_cells(tokens: Sequence[Token]) -> None:
    for token in tokens:
        if token.type in {"td_open", "th_open"}:
            alignment = _ALIGNMENTS.get(str(token.attrs.pop("style", "")))
            if alignment:
                token.attrSet("class", alignment)


def _name_alerts(tokens: Sequence[Token]) -> None:
    for opening, title_opening, inline in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if opening.type == "alert_open" and (known := callout_kind(opening.info)):
            opening.meta["callout"], title = known
            title_opening.attrs["class"] = "callout-title"
            inline.children = [Token("text", "", 0, content=title)]


def _drop_inline_scripts(tokens: Sequence[Token]) -> None:
    """Join a script or style inside a paragraph with its content, so that it goes as a whole."""
    for token in tokens:
        if token.children and any(child.type == "html_inline" for child in token.children):
            for name in ("script", "style", "svg"):
                token.children = _joined(token.children, name)


def _joined(children: Sequence[Token], name: str) -> list[Token]:
    """Return the tokens, those between the tags of that name left out."""
    kept: list[Token] = []
    first = None  # the place of the opening tag in `kept`
    for child in children:
        kept.append(child)
        if child.type != "html_inline" or child.meta.get("is_whole"):
            continue
        tag = child.content.lower()
        if first is None and tag.startswith(f"<{name}") and not tag[len(name) + 1].isalnum():
            first = len(kept) - 1
        elif first is not None and tag.startswith(f"</{name}"):
            kept[first].content += f"</{name}>"
            kept[first].meta["is_whole"] = True
            del kept[first + 1 :]
            first = None
    return kept


def _free_figures(tokens: Sequence[Token], env: EnvType) -> None:
    """Replace paragraphs that hold only figures by the figures: HTML allows none in a paragraph."""
    for opening, inline, closing in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if opening.type != "paragraph_open":
            continue
        children = inline.children or []
        images = [child for child in children if child.type == "image"]
        others = [child for child in children if child.type not in {"image", "softbreak"}]
        is_alone = not any(child.content.strip() or child.nesting for child in others)
        if images and is_alone and all(is_figure(image, env) for image in images):
            opening.hidden = closing.hidden = True
            for image in images:
                image.meta["is_figure"] = True
