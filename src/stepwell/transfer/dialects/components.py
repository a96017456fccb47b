"""MDX components, and the Markdown that replaces each in a lesson."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from stepwell.core.markdown.videos import parse_video
from stepwell.transfer.dialects.containers import closing, opening
from stepwell.transfer.dialects.inline_html import as_code, escape, to_markdown
from stepwell.transfer.dialects.javascript import Literal, NotLiteralError, parse_literal
from stepwell.transfer.dialects.tags import Tag
from stepwell.transfer.findings import Finding, FindingKind
from stepwell.transfer.source_text import SourceLine


@dataclass(frozen=True)
class Place:
    """The place of a component: file, line, and the indentation or quote before it."""

    path: str
    line: int
    prefix: str = ""

    def lines(self, *texts: str) -> list[SourceLine]:
        return [SourceLine((self.prefix + text).rstrip(), self.line) for text in texts]

    def finding(self, kind: FindingKind, detail: str) -> Finding:
        return Finding(kind, self.path, self.line, detail)


Component = Callable[[Tag, Place, list[Finding]], list[SourceLine]]


def note(place: Place, title: str, text: str, kind: str = "note") -> list[SourceLine]:
    """Return a callout of one paragraph."""
    return [
        opening(place.prefix, kind, title, place.line),
        *place.lines(text),
        closing(place.prefix, place.line),
    ]


def unknown_component(tag: Tag, place: Place, findings: list[Finding]) -> list[SourceLine]:
    """Say in the lesson that something stood here that can't be shown."""
    mark = f"</{tag.name}>" if tag.is_closing else f"<{tag.name}>"
    findings.append(place.finding(FindingKind.COMPONENT_UNKNOWN, mark))
    text = _("The imported text has %(mark)s here, which can't be shown.")
    return note(place, "", text % {"mark": as_code(mark)})


def youtube(tag: Tag, place: Place, _findings: list[Finding]) -> list[SourceLine]:
    title = escape(tag.attributes.get("title") or _("Video"))
    video = tag.attributes.get("id", "")
    return place.lines(f"![{title}](https://www.youtube.com/watch?v={video})")


def tip(tag: Tag, place: Place, _findings: list[Finding]) -> list[SourceLine]:
    if tag.is_closing:
        return [closing(place.prefix, place.line)]
    is_warning = "warning" in tag.attributes or tag.expressions.get("warning") == "true"
    kind = "warning" if is_warning else "tip"
    return [opening(place.prefix, kind, tag.attributes.get("title", ""), place.line)]


def option(tag: Tag, place: Place, _findings: list[Finding]) -> list[SourceLine]:
    """One of several variants, such as a tab; each is shown under its name."""
    if tag.is_closing:
        return [closing(place.prefix, place.line)]
    words = tag.attributes
    title = words.get("label") or words.get("value") or words.get("id", "")
    return [opening(place.prefix, "example", title, place.line)]


def nothing(tag: Tag, place: Place, findings: list[Finding]) -> list[SourceLine]:
    """A frame or a switch of the website that it was written for: no content of its own."""
    if not tag.is_closing and tag.name[0].isupper():
        findings.append(place.finding(FindingKind.COMPONENT_LEFT_OUT, f"<{tag.name}>"))
    return []


def banner(tag: Tag, place: Place, findings: list[Finding]) -> list[SourceLine]:
    """The links to a lesson's notebooks."""
    try:
        notebooks = parse_literal(tag.expressions.get("notebooks", "[]"))
    except NotLiteralError:
        return unknown_component(tag, place, findings)
    links = [
        f"[{escape(label)}]({address.strip()})"
        for label, address in map(_label_and_address, _objects(notebooks))
        if address
    ]
    if not links:
        return nothing(tag, place, findings)
    findings.append(place.finding(FindingKind.COMPONENT_REPLACED, f"<{tag.name}>"))
    return note(place, _("Notebooks"), " · ".join(links))


def frame(tag: Tag, place: Place, findings: list[Finding]) -> list[SourceLine]:
    """Content of another site: a player if it is a video, otherwise a link."""
    if tag.is_closing:
        return []
    address = tag.attributes.get("src", "")
    title = escape(tag.attributes.get("title", "").strip() or urlsplit(address).hostname or address)
    if parse_video(address):
        return place.lines(f"![{title}]({address})")
    if not address.startswith(("https://", "http://")):
        return place.lines(f"[{title}](<{address}>)")
    findings.append(place.finding(FindingKind.EMBED_REPLACED, address))
    text = _("This part stands on another site: %(link)s")
    return note(place, _("Try it"), text % {"link": f"[{title}](<{address}>)"})


def question(tag: Tag, place: Place, findings: list[Finding]) -> list[SourceLine]:
    """A quiz question: its options, and a hidden solution with the right ones and the reasons."""
    try:
        choices = _objects(parse_literal(tag.expressions.get("choices", "")))
    except NotLiteralError:
        choices = []
    if not choices:
        return unknown_component(tag, place, findings)
    rights = [choice.get("correct") is True for choice in choices]
    title = _("Choose every right answer") if sum(rights) > 1 else _("Choose the right answer")
    options, reasons = [], []
    for number, (choice, is_right) in enumerate(zip(choices, rights, strict=True), 1):
        options.append(f"{number}. {to_markdown(str(choice.get('text') or ''))}")
        reason = to_markdown(str(choice.get("explain") or ""))
        right, wrong = _("Right."), _("Not right.")
        verdict = f"**{right}** {reason}" if is_right else reason or wrong
        reasons.append(f"{number}. {verdict}")
    return [
        opening(place.prefix, "exercise", title, place.line),
        *place.lines("", *options, ""),
        opening(place.prefix, "solution", "", place.line),
        *place.lines("", *reasons, ""),
        closing(place.prefix, place.line),
        closing(place.prefix, place.line),
    ]


def _objects(value: Literal) -> list[dict[str, Literal]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _label_and_address(notebook: dict[str, Literal]) -> tuple[str, str]:
    address = str(notebook.get("value") or "")
    return str(notebook.get("label") or address), address


COMPONENTS: dict[str, Component] = {
    "CourseFloatingBanner": banner,
    "DocNotebookDropdown": banner,
    "FrameworkSwitchCourse": nothing,
    "Question": question,
    "Tip": tip,
    "Youtube": youtube,
    "center": nothing,
    "div": nothing,
    "hfoption": option,
    "hfoptions": nothing,
    "iframe": frame,
}
