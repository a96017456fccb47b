"""Links between their canonical form in documents and the one that is stored."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from stepwell.core.markdown.links import Body
from stepwell.transfer.links import (
    LocalLink,
    encode,
    read_source_link,
    rewrite,
    source_link,
)

_STORED = re.compile(r"(?P<noun>lesson|page):(?P<key>[a-z2-7]{12})(?P<suffix>#.*)?\Z", re.S)


@dataclass(frozen=True)
class StoredLinks:
    """The keys of lessons and pages, and the names of attachments, by path in the source."""

    lessons: Mapping[str, str]
    pages: Mapping[str, str]
    files: Mapping[str, str]

    def store(self, body: Body) -> Body:
        """Return a document's body as it is stored."""
        return rewrite(body, self._stored)[0]

    def _stored(self, destination: str) -> str | None:
        link = read_source_link(destination)
        if link is None:
            return None
        if link.path in self.lessons:
            return f"lesson:{self.lessons[link.path]}{link.suffix}"
        if link.path in self.pages:
            return f"page:{self.pages[link.path]}{link.suffix}"
        if link.path in self.files:
            return f"assets/{encode(self.files[link.path])}{link.suffix}"
        return None

    def unstore(self, body: str) -> str:
        """Return a stored body as a document's; links to what is not here stay as they are."""
        return rewrite(Body(body, is_limited=False), self._canonical)[0].source

    def _canonical(self, destination: str) -> str | None:
        found = _STORED.match(destination)
        if found:
            keys = self.lessons if found["noun"] == "lesson" else self.pages
            path = next((path for path, key in keys.items() if key == found["key"]), None)
            return source_link(path, found["suffix"] or "") if path else None
        link = stored_attachment(destination)
        path = next((p for p, name in self.files.items() if link and name == link.path), None)
        return source_link(path, link.suffix) if path and link else None


def attachments_in(body: Body) -> set[str]:
    """Return the names of the attachments that a stored body shows or links to."""
    links = (stored_attachment(link.destination) for link in body.links)
    return {link.path for link in links if link is not None}


def stored_attachment(destination: str) -> LocalLink | None:
    """Return the name of the attachment that a stored link leads to, and what follows it."""
    found = re.match(r"assets/(?P<name>[^?#]+)(?P<suffix>.*)\Z", destination, re.S)
    return LocalLink(unquote(found["name"]), found["suffix"]) if found else None
