"""Authors' own HTML: what may stay, in a form that asks no other host, and a report of the rest."""

import re
from html import escape

from django.utils.translation import gettext as _

from . import addresses
from .page import Page
from .policy import ATTRIBUTES, QUIET_ATTRIBUTES, REFUSED_TAGS, TAGS, VOID_TAGS
from .raw_html import Comment, Tag, Text, read_raw_html
from .videos import parse_video, video_html

_HOSTILE_TAGS = frozenset({"applet", "base", "embed", "object", "script"})
_HOSTILE_STYLE = re.compile(
    r"expression\s*\(|javascript:|vbscript:|-moz-binding|behavior\s*:|@import"
)
_PIXELS = re.compile(r"[0-9]{1,5}")
_FOOTNOTE_ID = re.compile(r"fn(?:ref)?\d")


def authors_html(chunk: str, line: int, page: Page, *, is_block: bool) -> str:
    """What may stay of a piece of raw HTML that begins on `line`; `page` is told of the rest."""
    written, counted = [], 0
    for piece in read_raw_html(chunk):
        line += chunk.count("\n", counted, piece.start)
        counted = piece.start
        written.append(_piece(piece, line, page, is_block=is_block))
    return "".join(written)


def _piece(piece: Text | Comment | Tag, line: int, page: Page, *, is_block: bool) -> str:
    if isinstance(piece, Text):
        return piece.source.replace("<", "&lt;")
    if isinstance(piece, Tag):
        page.cost.add_parts(1 + len(piece.attributes))
        return _tag(piece, line, page, is_block=is_block)
    if not piece.source.startswith("<!--"):
        page.remove(line, piece.source[:2] + "…>")
    return ""


def _tag(tag: Tag, line: int, page: Page, *, is_block: bool) -> str:
    if tag.name not in TAGS | REFUSED_TAGS and not _hostile_attributes(tag):
        return escape(tag.source, quote=False)
    if tag.is_closing:
        return _closing_tag(tag, page)
    for what in _hostile_attributes(tag):
        page.remove(line, what, is_hostile=True)
    if tag.name == "iframe":
        return _frame(tag, line, page, is_block=is_block)
    if tag.name == "img":
        return _image(tag, line, page)
    if tag.name in TAGS or tag.name == "h1":
        return _opening_tag(tag, line, page)
    page.remove(line, f"<{tag.name}>", is_hostile=_is_hostile_tag(tag))
    return ""


def _opening_tag(tag: Tag, line: int, page: Page) -> str:
    kept = _kept_attributes(tag, line, page)
    if tag.name == "a":
        page.open_links.append("href" in kept)
        if addresses.is_remote(kept.get("href", "")):
            kept["rel"] = "noopener noreferrer"
    elif tag.name in {"audio", "video"}:
        kept |= {"controls": "", "preload": "none"}
    if tag.name not in VOID_TAGS:
        page.cost.open_tag(tag.name)
    # The page has an h1 of its own.
    return _open_tag("h2" if tag.name == "h1" else tag.name, kept)


def _closing_tag(tag: Tag, page: Page) -> str:
    page.cost.close_tag(tag.name)
    if tag.name == "h1":
        return "</h2>"
    if tag.name not in TAGS or tag.name in VOID_TAGS:
        return ""
    if tag.name == "a" and page.open_links:
        page.open_links.pop()
    return f"</{tag.name}>"


def _open_tag(name: str, attributes: dict[str, str]) -> str:
    written = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
    return f"<{name}{written}>"


def _hostile_attributes(tag: Tag) -> list[str]:
    found = []
    for attribute in tag.attributes:
        if attribute.name.startswith("on") or attribute.name == "srcdoc":
            found.append(attribute.name)
        elif attribute.name == "style" and _is_hostile_style(attribute.value):
            found.append("style")
        elif addresses.is_hostile(attribute.value) and attribute.name not in {"alt", "title"}:
            noun = "image" if tag.name == "img" else "link"
            found.append(f"{addresses.scheme_of(attribute.value)}: {noun}")
    return found


def _is_hostile_style(css: str) -> bool:
    return bool(_HOSTILE_STYLE.search(re.sub(r"/\*.*?\*/|\\", "", css, flags=re.DOTALL).lower()))


def _is_hostile_tag(tag: Tag) -> bool:
    return (
        tag.name in _HOSTILE_TAGS
        or (tag.name == "meta" and tag.attribute("http-equiv").strip().lower() == "refresh")
        or (tag.name == "link" and "stylesheet" in tag.attribute("rel").lower())
        or (tag.name == "style" and _is_hostile_style(tag.content))
        or (tag.name == "svg" and bool(re.search(r"<script|\son\w+\s*=", tag.content, re.I)))
    )


def _kept_attributes(tag: Tag, line: int, page: Page) -> dict[str, str]:
    allowed = ATTRIBUTES["*"] | ATTRIBUTES.get(tag.name, frozenset())
    hostile = _hostile_attributes(tag)
    kept: dict[str, str] = {}
    for attribute in tag.attributes:
        # An anchor's name is the id of former days.
        name = "id" if (tag.name, attribute.name) == ("a", "name") else attribute.name
        if name in kept or name in hostile:
            continue
        if name in allowed:
            value = _kept_value(tag.name, name, attribute.value, line, page)
            if value is not None:
                kept[name] = value
        elif name not in QUIET_ATTRIBUTES:
            page.remove(line, name)
    return kept


def _kept_value(tag_name: str, name: str, value: str, line: int, page: Page) -> str | None:
    if name == "id":
        if value in page.ids or _FOOTNOTE_ID.match(value):
            return None
        page.ids.add(value)
    elif name == "poster":
        address = page.address_of(value.strip(), line, noun="image")
        if address and addresses.is_remote(address):
            page.remove(line, "poster")
            return None
        return address
    elif name in {"href", "src"}:
        return page.address_of(value.strip(), line, noun="image" if tag_name == "img" else "link")
    return value


def _image(tag: Tag, line: int, page: Page) -> str:
    kept = _kept_attributes(tag, line, page)
    return image_html(kept.pop("src", None), kept.pop("alt", ""), page, attributes=kept)


def image_html(
    address: str | None,
    alt: str,
    page: Page,
    *,
    attributes: dict[str, str],
    is_figure: bool = False,
) -> str:
    """An image of this site; a link to an image of another; its text when it has no address."""
    if address is None:
        return escape(alt)
    if not addresses.is_remote(address):
        written = {"src": address, "alt": alt, **attributes, **_size(address, page, attributes)}
        return _open_tag("img", {**written, "loading": "lazy", "decoding": "async"})
    host = addresses.host_of(address)
    text = _("Image on %(host)s") % {"host": host}
    if alt:
        text = _("Image on %(host)s: %(alt)s") % {"host": host, "alt": alt}
    if page.is_in_link:
        return f'<span class="remote-image">{escape(alt or text)}</span>'
    link = _open_tag("a", {"href": address, "rel": "noopener noreferrer"}) + escape(text) + "</a>"
    tag = "figure" if is_figure else "span"
    return f'<{tag} class="remote-image">{link}</{tag}>'


def _size(address: str, page: Page, written: dict[str, str]) -> dict[str, str]:
    """Width and height for an image, so that its place is free before it comes.

    Where its author gave one of them, the other follows.
    """
    given = {side: written[side] for side in ("width", "height") if side in written}
    size = page.measure(address) if len(given) < 2 else None
    if size is None or not all(map(_PIXELS.fullmatch, given.values())):
        return {}
    if "width" in given:
        return {"height": str(round(int(given["width"]) * size.height / size.width))}
    if "height" in given:
        return {"width": str(round(int(given["height"]) * size.width / size.height))}
    return {"width": str(size.width), "height": str(size.height)}


def _frame(tag: Tag, line: int, page: Page, *, is_block: bool) -> str:
    written, title = tag.attribute("src").strip(), tag.attribute("title").strip()
    video = parse_video(written)
    if video and video.kind != "file":
        return video_html(video, title, is_inline=not is_block)
    page.remove(line, "<iframe>")
    address = page.address_of(written, line) if written else None
    if address is None:
        return escape(title)
    text = title or _("Page on %(host)s") % {"host": addresses.host_of(address)}
    attributes = {"href": address}
    if addresses.is_remote(address):
        attributes["rel"] = "noopener noreferrer"
    link = _open_tag("a", attributes) + escape(text) + "</a>"
    return f"<p>{link}</p>" if is_block else link
