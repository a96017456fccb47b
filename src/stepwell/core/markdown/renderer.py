"""How each token becomes HTML."""

from collections.abc import Sequence
from html import escape
from typing import cast

from django.utils.translation import gettext as _
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from . import addresses
from .authors_html import authors_html, image_html
from .formulas import formula_html
from .highlighting import highlighted, language_of
from .page import Page
from .parsing import PARSER, destination_of
from .plain_text import plain_text
from .videos import parse_video, video_html


class LessonRenderer(RendererHTML):
    """Rules by token type; `env["page"]` is the `Page` being made."""

    def fence(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, env: EnvType) -> str:
        token, page = tokens[idx], _page(env)
        language = language_of(token.info)
        number = page.number("code")
        if language:
            label = _("Code %(number)s: %(language)s") % {"number": number, "language": language}
        else:
            label = _("Code %(number)s") % {"number": number}
        has_colors = bool(language) and page.colors_code and page.cost.may_color(token.content)
        code = highlighted(token.content, language if has_colors else "", page.cost)
        attribute = f' data-language="{escape(language)}"' if language else ""
        return (
            f'<figure class="code"{attribute}>'
            f'<pre tabindex="0" role="region" aria-label="{escape(label)}">'
            f"<code>{code}</code></pre></figure>\n"
        )

    def code_block(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return self.fence(tokens, idx, options, env)

    def list_item_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, _env: EnvType
    ) -> str:
        token = tokens[idx]
        if "checked" not in token.meta:
            return self.renderToken(tokens, idx, options, _env)
        is_done = token.meta["checked"]
        # Not a checkbox: nobody can tick it, and disabled ones are faded.
        token.attrSet("class", "task is-done" if is_done else "task")
        words = _("Done:") if is_done else _("To do:")
        opening = self.renderToken(tokens, idx, options, _env)
        return f'{opening}<span class="visually-hidden">{words}</span> '

    def math_inline(
        self, tokens: Sequence[Token], idx: int, _options: OptionsDict, env: EnvType
    ) -> str:
        return _formula(tokens[idx], env, is_block=False)

    def math_inline_double(
        self, tokens: Sequence[Token], idx: int, _options: OptionsDict, env: EnvType
    ) -> str:
        return _formula(tokens[idx], env, is_block=True)

    def math_block(
        self, tokens: Sequence[Token], idx: int, _options: OptionsDict, env: EnvType
    ) -> str:
        return f'<p class="formula">{_formula(tokens[idx], env, is_block=True)}</p>\n'

    def alert_open(
        self, tokens: Sequence[Token], idx: int, _options: OptionsDict, _env: EnvType
    ) -> str:
        return f'<aside class="callout callout-{tokens[idx].meta["callout"]}" role="note">\n'

    def alert_close(
        self, _tokens: Sequence[Token], _idx: int, _options: OptionsDict, _env: EnvType
    ) -> str:
        return "</aside>\n"

    def permalink(
        self, tokens: Sequence[Token], idx: int, _options: OptionsDict, _env: EnvType
    ) -> str:
        label = _("Link to this section")
        return (
            f' <a class="header-anchor" href="#{escape(tokens[idx].content)}"'
            f' aria-label="{escape(label)}">#</a>'
        )

    def link_open(
        self, tokens: Sequence[Token], idx: int, _options: OptionsDict, env: EnvType
    ) -> str:
        token, page = tokens[idx], _page(env)
        address = _address(token, "href", env)
        page.open_links.append(address is not None)
        if address is None:
            return ""
        title = f' title="{escape(str(token.attrs["title"]))}"' if "title" in token.attrs else ""
        rel = ' rel="noopener noreferrer"' if addresses.is_remote(address) else ""
        return f'<a href="{escape(address)}"{title}{rel}>'

    def link_close(
        self, _tokens: Sequence[Token], _idx: int, _options: OptionsDict, env: EnvType
    ) -> str:
        links = _page(env).open_links
        return "</a>" if links and links.pop() else ""

    def image(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, env: EnvType) -> str:
        token, page = tokens[idx], _page(env)
        alt = plain_text(token.children)
        address = _address(token, "src", env)
        video = parse_video(address) if address else None
        in_figure = bool(token.meta.get("is_figure"))
        if video and not page.is_in_link:
            return video_html(video, alt, is_inline=not in_figure)
        if video:
            return escape(alt or video.address)
        title = {"title": str(token.attrs["title"])} if "title" in token.attrs else {}
        return image_html(address, alt, page, attributes=title, is_figure=in_figure)

    def html_block(
        self, tokens: Sequence[Token], idx: int, _options: OptionsDict, env: EnvType
    ) -> str:
        token = tokens[idx]
        line = token.map[0] + 1 if token.map else 1
        return authors_html(token.content, line, _page(env), is_block=True)

    def html_inline(
        self, tokens: Sequence[Token], idx: int, _options: OptionsDict, env: EnvType
    ) -> str:
        token = tokens[idx]
        return authors_html(token.content, _line(token), _page(env), is_block=False)


def _formula(token: Token, env: EnvType, *, is_block: bool) -> str:
    tex = token.content.strip()
    _page(env).cost.add_parts(len(tex) + 4)
    return formula_html(tex, is_block=is_block)


def _page(env: EnvType) -> Page:
    page: Page = env["page"]
    return page


def _line(token: Token) -> int:
    line: int = token.meta.get("line", 0) + 1
    return line


def _address(token: Token, attribute: str, env: EnvType) -> str | None:
    """Return where a link or image leads after resolving, or None if a page may not hold it."""
    page = _page(env)
    found = destination_of(token, env)
    written = found.written if found else str(token.attrs[attribute])
    noun = "image" if attribute == "src" else "link"
    address = page.address_of(written, _line(token), noun=noun)
    # What nobody resolved keeps the parser's percent-encoding.
    return str(token.attrs[attribute]) if address == written else address


def is_figure(image: Token, env: EnvType) -> bool:
    """Whether an image becomes a player, or a link to the host that has it."""
    address = _address(image, "src", env)
    return address is not None and (addresses.is_remote(address) or bool(parse_video(address)))


RENDERER = LessonRenderer(PARSER)
# Footnotes keep the rules that their plugin brings.
RENDERER.rules = {**cast("RendererHTML", PARSER.renderer).rules, **RENDERER.rules}
