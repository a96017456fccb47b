"""Where a link leads, and how it is written."""

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, unquote

from django.utils.translation import gettext as _

from stepwell.core.markdown.links import Body
from stepwell.transfer.errors import UnreadableSource

SCHEME = "source:"
_EXTERNAL = re.compile(r"(?i)[a-z][a-z0-9+.-]*:|//")
_UNSAFE = re.compile(r"""[\s"#%&()<>?\[\\\]^`{|}:]""")


@dataclass(frozen=True)
class LocalLink:
    """A link to something in the same folder: its path below the root, and what follows it."""

    path: str
    suffix: str = ""

    @property
    def anchor(self) -> str:
        return self.suffix.rpartition("#")[2] if "#" in self.suffix else ""


def is_local(destination: str) -> bool:
    """Say whether a destination is a path, neither an address elsewhere nor a mere anchor."""
    return bool(destination) and destination[0] != "#" and not _EXTERNAL.match(destination)


def locate(destination: str, *, base: str, line: int | None = None) -> LocalLink:
    """Return what the local `destination` in the file `base` means, seen from the root.

    Raises `UnreadableSource` for a path that climbs out of the root.
    """
    found = re.match(r"(?P<path>[^?#]*)(?P<suffix>.*)\Z", destination, re.S)
    path, suffix = (unquote(found["path"]), found["suffix"]) if found else (destination, "")
    start = "" if path.startswith("/") else posixpath.dirname(base)
    whole = posixpath.normpath(posixpath.join(start, path.lstrip("/")))
    if whole == ".." or whole.startswith("../") or "\x00" in whole:
        reason = _("The link to %(link)s leads out of the folder.") % {"link": destination}
        raise UnreadableSource(base, reason, line)
    return LocalLink(whole, suffix)


def source_link(path: str, suffix: str = "") -> str:
    """Return the canonical form of a link to `path`."""
    return SCHEME + encode(path) + suffix


def read_source_link(destination: str) -> LocalLink | None:
    """Return where a canonical link leads, or None for any other link."""
    if not destination.startswith(SCHEME):
        return None
    path, hash_mark, anchor = destination.removeprefix(SCHEME).partition("#")
    return LocalLink(unquote(path), hash_mark + anchor)


def relative_link(link: LocalLink, *, base: str) -> str:
    """Return `link` as a path that is relative to the file `base`."""
    return encode(posixpath.relpath(link.path, posixpath.dirname(base) or ".")) + link.suffix


def rewrite(body: Body, replace: Callable[[str], str | None]) -> tuple[Body, list[str]]:
    """Return a body with new destinations, and the old ones that could not be written in place."""
    try:
        return body.rewritten(replace), []
    except ValueError:  # one stubborn link must not hold up the others
        stuck: list[str] = []
    for destination in dict.fromkeys(link.destination for link in body.links):
        new = replace(destination)
        try:
            body = body.rewritten({destination: new}.get)
        except ValueError:
            stuck.append(destination)
    return body, stuck


def encode(path: str) -> str:
    """Percent-encode what would end or bend a Markdown destination; letters stay readable."""
    return _UNSAFE.sub(lambda found: quote(found[0], safe=""), path)
