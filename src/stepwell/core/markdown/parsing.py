"""The one parser of Stepwell Markdown, which also remembers where each destination is written."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote

from markdown_it import MarkdownIt
from markdown_it.common.utils import unescapeAll
from markdown_it.helpers import parseLinkDestination, parseLinkLabel
from markdown_it.parser_block import ParserBlock
from markdown_it.ruler import Rule
from markdown_it.rules_block import StateBlock, reference
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.gfm_autolink import gfm_autolink_plugin

from .anchors import anchors_plugin
from .callouts import callouts_plugin
from .cost import PARTS_OF_PICTURE, Cost, require_short
from .formulas import formulas_plugin

# Deeper than anyone writes, and shallow enough for Python's stack inside a web request.
_MAX_NESTING = 40
# More brackets than any body has; a bracket that is never closed is read many times.
_MAX_BRACKETS = 20_000
_LABEL = re.compile(r"\[(?:\\.|[^\\\[\]])*\]:\s*", re.DOTALL)
NEWLINE = re.compile(r"\r\n?|\n")
_SPACES = " \t\n"
_PROTOCOL = re.compile(r"(?:^|[ \t\r\n*_~(])(?:https?|mailto|xmpp):\Z")
_LONGEST_ADDRESS = 2_000  # of those without brackets
_LONG_WORD = re.compile(rf"\S{{{_LONGEST_ADDRESS}}}")
_MOST_MISSES = 200  # what only looks like a bare address
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_LONGEST_HOST = 300
_BRACKETS = {"image": "![", "link": "["}
_TRACED_RULES = frozenset(
    {
        "autolink",
        "gfm_autolink_email",
        "gfm_autolink_protocol",
        "gfm_autolink_www",
        "html_inline",
        "image",
        "link",
    }
)
_TRACED_TOKENS = frozenset({"html_inline", "image", "link_open"})
# The letters that rules begin with; a rule that is not named here is asked at every letter.
# Without this, 150,000 open brackets take 3.4 s instead of 0.4.
_STARTS = {
    "autolink": "<",
    "backticks": "`",
    "emphasis": "*_",
    "entity": "&",
    "escape": "\\",
    "footnote_ref": "[",
    "gfm_autolink_email": "@",
    "gfm_autolink_protocol": ":",
    "gfm_autolink_www": "w",
    "html_inline": "<",
    "image": "!",
    "link": "[",
    "math_inline": "$",
    "newline": "\n",
    "strikethrough": "~",
}

InlineRule = Callable[[StateInline, bool], bool]


@dataclass(frozen=True)
class Destination:
    """A destination as its author wrote it: escapes and entities resolved, percent signs kept.

    `start` and `end` count in the inline content, for a definition in its line; they leave out
    angle brackets.
    """

    written: str
    start: int
    end: int
    is_angled: bool
    line: int = 0


class _BlockState(StateBlock):
    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Token:
        self.env["cost"].add_parts(1)
        return super().push(ttype, tag, nesting)


class _BlockParser(ParserBlock):
    def parse(
        self,
        src: str,
        md: MarkdownIt,
        env: Any,
        outTokens: list[Token],  # noqa: N803  as named there
    ) -> list[Token]:
        state = _BlockState(src, md, env, outTokens)
        self.tokenize(state, state.line, state.lineMax)
        return state.tokens


class _Parser(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: ARG002, N802  the library's own name
        """Take every link for one: what is unsafe is removed, and reported, when rendering."""
        return True

    def normalizeLink(self, url: str) -> str:  # noqa: N802  the library's own name
        """Encode an address; the library takes long for letters that are not ASCII."""
        head, rest = url[:_LONGEST_HOST], url[_LONGEST_HOST:]
        encoded = _NOT_ASCII.sub(lambda found: quote(found[0], errors="replace"), rest)
        return super().normalizeLink(head + encoded)


def parse(
    source: str, known: Mapping[str, Any] | None = None, *, is_limited: bool = True
) -> tuple[list[Token], dict[str, Any]]:
    """Tokens and their environment: `definitions` maps labels to `Destination`s.

    Lines count from 0. Inline tokens carry in `meta` the `line` where their content begins; in
    them links, images and raw HTML carry their `line` and `span`, links and images also their
    `destination` unless it comes from a definition. `known` is what another source defines, of
    which this one is a part. Raises `TextTooLarge`.
    """
    if is_limited:
        require_short(source)
    cost = Cost(is_limited)
    env: dict[str, Any] = {"definitions": {}, "cost": cost} | _copied(known or {})
    tokens = PARSER.parse(source, env)
    lines = source_lines(source)
    for token in tokens:
        if token.type == "inline" and token.map:
            token.meta["line"] = _first_line(token.content, lines, *token.map)
            line, counted = token.meta["line"], 0
            for child in token.children or ():
                if "span" in child.meta:
                    start = child.meta["span"][0]
                    line += token.content.count("\n", counted, start)
                    counted = start
                    child.meta["line"] = line
    return tokens, env


def _copied(known: Mapping[str, Any]) -> dict[str, Any]:
    """Copy what the parser adds to; definitions and footnotes themselves never change."""
    copied = {name: dict(value) for name, value in known.items()}
    if footnotes := copied.get("footnotes"):
        copied["footnotes"] = {name: value.copy() for name, value in footnotes.items()}
    return copied


def source_lines(source: str) -> list[str]:
    """The lines as the parser counts them, with the one character that it replaces replaced."""
    return NEWLINE.split(source.replace("\0", "\ufffd"))


def _first_line(content: str, lines: list[str], first: int, end: int) -> int:
    """Blank beginnings are trimmed from contents, at times with their line."""
    text = content.partition("\n")[0].strip()
    return next((line for line in range(first, end) if text in lines[line]), first)


def destination_of(token: Token, env: Mapping[str, Any]) -> Destination | None:
    """Where a link or image leads, whether written in place or in a definition."""
    found: Destination | None = token.meta.get("destination")
    if found is None and "label" in token.meta:
        found = env["definitions"].get(token.meta["label"])
    return found


def _bare(rule: InlineRule) -> InlineRule:
    """The rule for bare addresses, spared what can be none: it reads far in both directions."""

    def guard(state: StateInline, silent: bool) -> bool:
        pos, end = state.pos, state.posMax
        if state.src[pos] == ":" and not _PROTOCOL.search(state.src, max(0, pos - 7), pos + 1):
            return False
        if _LONG_WORD.match(state.src, pos) or state.env.get("misses", 0) > _MOST_MISSES:
            return False
        state.posMax = min(end, pos + _LONGEST_ADDRESS)
        is_address = rule(state, silent)
        state.posMax = end
        state.env["misses"] = state.env.get("misses", 0) + (not is_address and not silent)
        return is_address

    return guard


def _rationed(rule: InlineRule, opening: str) -> InlineRule:
    """The rule, until the body's ration of brackets is used up: those after it are text."""

    def ration(state: StateInline, silent: bool) -> bool:
        if not state.src.startswith(opening, state.pos):
            return False
        state.env["brackets"] = state.env.get("brackets", 0) + 1
        return state.env["brackets"] <= _MAX_BRACKETS and rule(state, silent)

    return ration


def _traced(rule: InlineRule) -> InlineRule:
    """The rule, with the span of what it read left on its token."""

    def trace(state: StateInline, silent: bool) -> bool:
        start, count = state.pos, len(state.tokens)
        if not rule(state, silent):
            return False
        if not silent:
            token = next((t for t in state.tokens[count:] if t.type in _TRACED_TOKENS), None)
            if token:
                _leave_trace(state, token, start)
            if token and token.type == "image":
                state.env["cost"].add_parts(PARTS_OF_PICTURE - 1)
            if token and "label" in token.meta:
                state.env["cost"].bring_in(token.attrs)
        return True

    return trace


def _by_letter(rules: Sequence[Rule[InlineRule]]) -> InlineRule:
    """Return all rules as one, which asks only those that can begin with the current letter."""

    def beginning_with(letter: str) -> list[InlineRule]:
        return [rule.fn for rule in rules if letter in _STARTS.get(rule.name, letter)]

    asked = {letter: beginning_with(letter) for letter in "".join(_STARTS.values())}
    others = [rule.fn for rule in rules if rule.name not in _STARTS]

    def ask(state: StateInline, silent: bool) -> bool:
        count = len(state.tokens)
        for rule in asked.get(state.src[state.pos], others):
            if rule(state, silent):
                if not silent:
                    state.env["cost"].add_parts(len(state.tokens) - count)
                return True
        return False

    return ask


def _leave_trace(state: StateInline, token: Token, start: int) -> None:
    end = state.pos
    if token.info == "auto":
        start = _bare_start(state.src, start)
        address = state.src[start:end].strip("<>")
        if address.startswith("www."):
            address = f"http://{address}"
        elif ":" not in address:
            address = f"mailto:{address}"
        token.meta["destination"] = Destination(address, start, end, is_angled=False)
    elif token.type in {"link_open", "image"} and state.src[end - 1] == ")":
        is_image = token.type == "image"
        label_end = parseLinkLabel(state, start + is_image, not is_image)
        token.meta["destination"] = _read_destination(state.src, label_end + 2, end)
    token.meta["span"] = (start, end)


def _bare_start(content: str, position: int) -> int:
    """Bare addresses are recognized at their colon or at sign: step back to where they begin."""
    pattern = {":": r"(?:https?|mailto|xmpp)$", "@": r"[A-Za-z0-9.+_-]+$"}.get(content[position])
    match = re.search(pattern, content[max(0, position - 300) : position]) if pattern else None
    return position - len(match[0]) if match else position


def _read_destination(text: str, position: int, maximum: int) -> Destination:
    while position < maximum and text[position] in _SPACES:
        position += 1
    result = parseLinkDestination(text, position, maximum)
    end = result.pos if result.ok else position
    is_angled = text[position : position + 1] == "<" and end > position
    if is_angled:
        position, end = position + 1, end - 1
    return Destination(unescapeAll(text[position:end]), position, end, is_angled)


def _traced_reference(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    known = len(state.env.get("references", ()))
    if not reference(state, start_line, end_line, silent):
        return False
    references = state.env.get("references", {})
    if not silent and len(references) > known:
        label = next(reversed(references))
        state.env["definitions"][label] = _read_definition(state, start_line)
    return True


def _read_definition(state: StateBlock, start_line: int) -> Destination:
    starts = [state.bMarks[line] for line in range(start_line, state.line)]
    starts[0] += state.tShift[start_line]
    pieces = [
        state.src[start : state.eMarks[start_line + offset]] + "\n"
        for offset, start in enumerate(starts)
    ]
    text = "".join(pieces)
    label = _LABEL.match(text)
    found = _read_destination(text, label.end() if label else 0, len(text))
    offset = text.count("\n", 0, found.start)
    # Positions in the text become columns of the source's own line.
    in_piece = found.start - sum(map(len, pieces[:offset]))
    absolute = starts[offset] + in_piece
    column = absolute - (state.src.rfind("\n", 0, absolute) + 1)
    return Destination(
        found.written,
        column,
        column + found.end - found.start,
        found.is_angled,
        start_line + offset,
    )


def _make_parser() -> MarkdownIt:
    options = {"maxNesting": _MAX_NESTING, "store_labels": True}
    parser = _Parser("gfm-like2", options)
    blocks = _BlockParser()
    blocks.ruler, parser.block = parser.block.ruler, blocks
    parser.disable("linkify")
    parser.use(gfm_autolink_plugin)
    parser.use(footnote_plugin, inline=False)
    parser.use(anchors_plugin)
    parser.use(formulas_plugin)
    parser.use(callouts_plugin)
    for rule in parser.inline.ruler.__rules__:
        if rule.name.startswith("gfm_autolink"):
            rule.fn = _bare(rule.fn)
        if rule.name in _BRACKETS:
            rule.fn = _rationed(rule.fn, _BRACKETS[rule.name])
        if rule.name in _TRACED_RULES:
            rule.fn = _traced(rule.fn)
    inline = parser.inline.ruler
    inline.push("by_letter", _by_letter([rule for rule in inline.__rules__ if rule.enabled]))
    inline.enableOnly("by_letter")
    parser.block.ruler.at("reference", _traced_reference)
    # Rule chains are compiled at first use; done here, threads never see them half made.
    parser.parse("warm", {"cost": Cost()})
    return parser


PARSER = _make_parser()
