"""Time and memory of the worst texts that the limits of `stepwell.core.markdown.cost` permit."""

import json
import os
import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from stepwell.core.markdown.cost import MOST_CHARACTERS, TextTooLarge
from stepwell.core.markdown.rendering import render_markdown
from stepwell.core.markdown.visual import document_of

MIB = 1024  # ru_maxrss counts in KiB

# What a text begins with, and what it then repeats.
WORST: dict[str, tuple[str, str]] = {
    "a long definition used often": (f"[a]: /{'z' * 20_000}\n\n", "[a] "),
    "a long title used often": (f'[a]: / "{"z" * 20_000}"\n\n', "![a] "),
    "footnotes": ("[^a]: note\n\n", "[^a]"),
    "quotes": ("", "> a\n\n"),
    "lists": ("", "- a\n* b\n"),
    "nested lists": ("", "- a\n  - b\n    - c\n"),
    "open brackets": ("", "["),
    "open links": ("", "[a]("),
    "open titles": ("", '[a](b "'),
    "nested images": ("![" * 30_000 + "a", "](b)"),
    "pictures of another host": ("", "![](//b)"),
    "emphasis": ("", "*a **b* c** "),
    "lines": ("", "a\n"),
    "hard breaks": ("", "\\\n"),
    "a wide table": ("|a" * 1_000 + "|\n" + "|-" * 1_000 + "|\n", "b|\n"),
    "tables": ("", "|a|b|\n|-|-|\n|c|d|\n\n"),
    "tags": ("", "<div></div>"),
    "open formatting in paragraphs": (
        "".join(f"<b id={number}>" for number in range(29)),
        "<p>",
    ),
    "open drawings": ("<div>\n", "<svg>\n"),
    "drawings in a line": ("x ", "<svg></svg>"),
    "open quotes in a tag": ("<div>\n", '<x "'),
    "open CDATA": ("x ", "<![CDATA["),
    "attributes that are removed": ("", "<b onclick=x></b>\n"),
    "letters that are encoded": ("", '"'),
    "an address that is encoded": ("[a](<", "\N{GRINNING FACE}"),
    "bare addresses": ("", "http://a.b "),
    "no addresses": ("", "http:"),
    "open addresses": ("", "<http://a"),
    "bad mail addresses": ("", "a@"),
    "brackets behind an address": ("http://a.b/", ")"),
    "formulas": ("", "$a$ "),
    "wide formulas": ("", f"${'1+' * 20}1$ "),
    "code": ("```c++\n", "a\n"),
    "blank code": ("```c++\n", "\n"),
    "code of unknown languages": ("", "```xy\na\n```\n"),
    "code of many languages": ("", "".join(f"```x{n}\n\n```\n" for n in range(400))),
    "callouts": ("", "::: note\n"),
    "spaces in a callout's title": ("::: a", " "),
    "headings": ("", "#\n"),
    "underlined headings": ("", "a\n=\n"),
    "open definitions": ("", "[a\n"),
    "definitions": ("", "[a]: b\n\n"),
}


@dataclass(frozen=True)
class Figures:
    """What one text took; `size` is the largest that is permitted, in characters."""

    name: str
    size: int
    seconds: float
    mib: int
    html: int


def worst_text(name: str, size: int) -> str:
    """Return a text of so many characters."""
    start, piece = WORST[name]
    return (start + piece * (size // len(piece)))[:size]


def measure_texts(*, in_editor: bool) -> Iterator[Figures]:
    """Yield the figures of each text, as a page or as a document of the visual editor.

    Each is measured in a process of its own: CPU time, and how far the peak of memory rises.
    """
    for name in WORST:
        yield Figures(name, *_in_child(partial(_measure, name, in_editor=in_editor)))


def _measure(name: str, *, in_editor: bool) -> tuple[int, float, int, int]:
    size = _in_child(partial(_largest_permitted, name))[0]
    text = worst_text(name, int(size))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    html = json.dumps(document_of(text)) if in_editor else render_markdown(text).html
    seconds = time.process_time() - start
    rise = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return int(size), seconds, rise // MIB, len(html)


def _largest_permitted(name: str) -> tuple[int]:
    """Return the largest permitted size, to within a hundredth of the limit."""
    least, most = 0, MOST_CHARACTERS
    if _is_permitted(name, most):
        return (most,)
    while most - least > MOST_CHARACTERS // 100:
        middle = (least + most) // 2
        least, most = (middle, most) if _is_permitted(name, middle) else (least, middle)
    return (least,)


def _is_permitted(name: str, size: int) -> bool:
    try:
        render_markdown(worst_text(name, size))
    except TextTooLarge:
        return False
    return True


def _in_child(measure: Callable[[], tuple[float, ...]]) -> list[int]:
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.write(writer, json.dumps(measure()).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as answer:
        figures: list[int] = json.loads(answer.read())
    os.waitpid(child, 0)
    return figures
