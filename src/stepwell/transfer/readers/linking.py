"""Links of a page in their canonical form; those that lead nowhere become plain words."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from stepwell.core.markdown.link_places import Link
from stepwell.core.markdown.links import Body
from stepwell.core.markdown.videos import parse_video
from stepwell.transfer.dead_links import without_links
from stepwell.transfer.findings import Finding, FindingKind
from stepwell.transfer.links import rewrite, source_link
from stepwell.transfer.readers.shelf import Shelf
from stepwell.transfer.readers.texts import Text


@dataclass
class Linked:
    """A body with canonical links, the files that it shows or offers, and what was amiss."""

    body: Body
    files: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)


def relink(text: Text, shelf: Shelf, taken: Collection[str]) -> Linked:
    """Rewrite the links of a page to the `taken` pages and to files."""
    linked = Linked(text.body)
    destinations: dict[str, str] = {}
    dead: dict[str, None] = {}
    for link in text.links:
        if shelf.is_ours(text.path, link.destination, text.line(link.line)):
            kind, new = _inner(text, link, shelf, taken, linked.files)
            if new is None:
                dead[link.destination] = None
        else:
            kind, new = _outer(text, link)
        if new is not None:
            destinations[link.destination] = new
        if kind is not None:
            line = text.line(link.line)
            linked.findings.append(Finding(kind, text.path, line, link.destination))
    linked.body, odd = without_links(linked.body, dead)
    linked.body, stuck = rewrite(linked.body, destinations.get)
    linked.findings = [
        replace(each, kind=FindingKind.LINK_STUCK) if each.detail in odd else each
        for each in linked.findings
    ]
    linked.findings += [Finding(FindingKind.LINK_STUCK, text.path, None, name) for name in stuck]
    return linked


def _inner(
    text: Text, link: Link, shelf: Shelf, taken: Collection[str], files: set[str]
) -> tuple[FindingKind | None, str | None]:
    """Return what is amiss with a link into the folder, and its canonical form if it lives."""
    target = shelf.target(text.path, link.destination, text.line(link.line))
    if target is None:
        return (FindingKind.IMAGE_MISSING if link.is_image else FindingKind.LINK_BROKEN), None
    if not target.is_text:
        files.add(target.path)
        return None, source_link(target.path, target.suffix)
    if target.path not in taken:
        return FindingKind.LINK_OUTSIDE, None
    kind, suffix = _anchor(target.suffix, shelf.text(target.path))
    return kind, source_link(target.path, suffix)


def _outer(text: Text, link: Link) -> tuple[FindingKind | None, str | None]:
    """Return what is amiss with a link within the page or to the web, and a better form of it."""
    destination = link.destination
    if destination.startswith("#"):
        kind, anchor = _anchor(destination, text)
        return kind, anchor if anchor != destination else None
    is_web_image = link.is_image and destination.lower().startswith(("http:", "https:"))
    is_elsewhere = is_web_image and parse_video(destination) is None
    return (FindingKind.IMAGE_ELSEWHERE if is_elsewhere else None), None


def _anchor(suffix: str, text: Text) -> tuple[FindingKind | None, str]:
    """Return whether the heading is missing, and its name in the right case."""
    before, mark, anchor = suffix.partition("#")
    if not anchor or unquote(anchor) in text.anchors:
        return None, suffix
    if unquote(anchor).lower() in text.anchors:
        return None, before + mark + anchor.lower()
    return FindingKind.ANCHOR_MISSING, suffix
