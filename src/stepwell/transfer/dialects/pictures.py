"""Pictures and links that are written as HTML tags."""

import re

from stepwell.transfer.dialects.components import Place
from stepwell.transfer.dialects.inline_html import escape
from stepwell.transfer.dialects.tags import Tag
from stepwell.transfer.findings import Finding, FindingKind

INLINE = frozenset({"a", "img"})


def image(tag: Tag, place: Place, findings: list[Finding]) -> str:
    """An image in Markdown; the twin for dark pages is left out."""
    words = tag.attributes
    address = words.get("src", "").strip()
    if re.search(r"(?:^|\s)hidden(?:\s|$)", words.get("class", "")):
        findings.append(place.finding(FindingKind.DARK_IMAGE_LEFT_OUT, address))
        return ""
    alt = " ".join(words.get("alt", "").split())
    return f"![{escape(alt)}]({destination(address)})" if address else ""


def destination(address: str) -> str:
    """Return an address as a Markdown link writes it."""
    return f"<{address}>" if re.search(r"[\s()]", address) else address
