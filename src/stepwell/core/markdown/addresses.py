"""What an address says about itself: its scheme, its host, whether a page may hold it."""

import re
from urllib.parse import urlsplit

# `lesson:` and `page:` are Stepwell's permalinks, which stay visible where nothing resolves them.
SAFE_SCHEMES = frozenset({"", "http", "https", "lesson", "mailto", "page", "tel"})
_HOSTILE_SCHEMES = frozenset({"javascript", "livescript", "vbscript"})
_CONTROL = "".join(map(chr, range(0x21)))
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")


def _as_browsers_read_it(address: str) -> str:
    return re.sub(r"[\t\n\r]", "", address.strip(_CONTROL)).replace("\\", "/")


def scheme_of(address: str) -> str:
    """The scheme in lower case, or nothing; not fooled by what browsers skip over."""
    match = _SCHEME.match(_as_browsers_read_it(address))
    return match[1].lower() if match else ""


def is_safe(address: str) -> bool:
    return scheme_of(address) in SAFE_SCHEMES


def is_hostile(address: str) -> bool:
    return scheme_of(address) in _HOSTILE_SCHEMES


def is_remote(address: str) -> bool:
    """Whether a browser would ask another host for it."""
    plain = _as_browsers_read_it(address)
    return plain.startswith("//") or scheme_of(plain) in {"http", "https"}


def host_of(address: str) -> str:
    try:
        return urlsplit(_as_browsers_read_it(address)).hostname or address
    except ValueError:
        return address
