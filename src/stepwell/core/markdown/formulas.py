"""TeX between dollar signs: where it is one, and its MathML."""

import re
from functools import lru_cache
from html import escape, unescape

from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.dollarmath import dollarmath_plugin

_UNKNOWN_COMMAND = re.compile(r"\\[A-Za-z]")
_SUM_OF_MONEY = re.compile(r"\d[^\\^_={}]*\s[^\\^_={}]*[A-Za-z]{2}")
# About as many signs as a phone shows on a line inside a callout; browsers break no formula.
_NARROW = 20
_TAG = re.compile(r"<[^>]*>")


def formulas_plugin(md: MarkdownIt) -> None:
    """Read `$…$` and `$$…$$` as formulas; prices, prompts and variables stay text."""
    dollarmath_plugin(
        md,
        allow_labels=False,
        allow_space=False,
        allow_digits=False,
        allow_blank_lines=False,
        double_inline=True,
    )
    rule = next(rule.fn for rule in md.inline.ruler.__rules__ if rule.name == "math_inline")

    def formula(state: StateInline, silent: bool) -> bool:
        start = state.pos
        if state.src[start] != "$":
            return False
        if not rule(state, True):
            # The rule takes the first of two dollar signs for an opening one.
            return False
        end = state.pos
        state.pos = start
        if not _is_formula(state, start, end):
            return False
        return rule(state, silent)

    md.inline.ruler.at("math_inline", formula)


def _is_formula(state: StateInline, start: int, end: int) -> bool:
    if end > state.posMax:
        return False
    before = state.src[start - 1] if start else " "
    after = state.src[end] if end < len(state.src) else " "
    if before.isalnum() or after.isalnum() or before in "$`" or after in "$`":
        return False
    tex = state.src[start:end].strip("$")
    return bool(tex.strip()) and "`" not in tex and not _SUM_OF_MONEY.match(tex)


@lru_cache(maxsize=2048)
def formula_html(tex: str, *, is_block: bool) -> str:
    """The formula as MathML, or its source as code when it is not valid TeX."""
    display = "block" if is_block else "inline"
    try:
        mathml: str = convert(tex, display=display)
    except Exception:  # The converter raises whatever its dictionaries and lists happen to raise.
        mathml = ""
    if not mathml or _UNKNOWN_COMMAND.search(mathml):
        return f'<code class="math-error">{escape(tex)}</code>'
    is_wide = len(unescape(_TAG.sub("", mathml))) > _NARROW
    if not is_block and not is_wide:
        return mathml
    # A wide formula scrolls, and what scrolls must be reachable by keyboard.
    mathml = mathml.replace("<math ", '<math tabindex="0" ', 1)
    return mathml if is_block else f'<span class="wide-formula">{mathml}</span>'
