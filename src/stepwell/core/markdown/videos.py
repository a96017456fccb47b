"""Addresses of videos, and the player that asks nobody anything before it is clicked."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from urllib.parse import SplitResult, parse_qs, urlsplit

from django.utils.translation import gettext as _

_YOUTUBE_ID = re.compile(r"[\w-]{11}", re.ASCII)
_YOUTUBE_PATH = re.compile(r"/(?:embed|shorts|live|v)/([\w-]{11})/?", re.ASCII)
_VIMEO_PATH = re.compile(r"/(?:video/|channels/[\w-]+/)?(\d+)(?:/(\w+))?/?", re.ASCII)
_LOOM_PATH = re.compile(r"/(?:share|embed)/([0-9a-f]{32})/?")
_FILE_PATH = re.compile(r".*\.(?:mp4|webm|ogv|mov)", re.IGNORECASE | re.DOTALL)
_MOMENT = re.compile(r"(?:(\d{1,4})h)?(?:(\d{1,5})m)?(?:(\d{1,7})s?)?", re.ASCII)


@dataclass(frozen=True)
class Video:
    kind: str
    id: str
    address: str
    embed: str


def parse_video(address: str) -> Video | None:
    """Recognize a YouTube, Vimeo or Loom address, or a video file; None for anything else."""
    try:
        parts = urlsplit(address.strip())
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    if parts.scheme not in {"", "http", "https"}:
        return None
    if read := _HOSTS.get(host):
        return read(parts)
    return Video("file", address, address, address) if _FILE_PATH.fullmatch(parts.path) else None


def video_html(video: Video, title: str, *, is_inline: bool = False) -> str:
    """A player for a file; for other hosts a facade whose link leads to the video's own page.

    `is_inline` makes it fit inside a paragraph.
    """
    tag = "span" if is_inline else "figure"
    if video.kind == "file":
        label = title or _("Video")
        return (
            f'<{tag} class="video"><video controls preload="none" src="{escape(video.address)}"'
            f' aria-label="{escape(label)}"></video></{tag}>'
        )
    text = _("Play video: %(title)s") % {"title": title} if title else _("Play video")
    return (
        f'<{tag} class="video" data-video="{escape(video.embed)}"><a class="video-link"'
        f' href="{escape(video.address)}" rel="noopener noreferrer">{escape(text)}</a></{tag}>'
    )


def _youtube(parts: SplitResult) -> Video | None:
    query = parse_qs(parts.query)
    id_ = query.get("v", [""])[0] if parts.path == "/watch" else ""
    if path := _YOUTUBE_PATH.fullmatch(parts.path):
        id_ = path[1]
    return _youtube_video(id_, query)


def _short_youtube(parts: SplitResult) -> Video | None:
    return _youtube_video(parts.path.strip("/"), parse_qs(parts.query))


def _youtube_video(id_: str, query: dict[str, list[str]]) -> Video | None:
    if not _YOUTUBE_ID.fullmatch(id_):
        return None
    start = _seconds((query.get("t") or query.get("start") or ["0"])[0])
    return Video(
        "youtube",
        id_,
        f"https://www.youtube.com/watch?v={id_}" + (f"&t={start}s" if start else ""),
        f"https://www.youtube-nocookie.com/embed/{id_}" + (f"?start={start}" if start else ""),
    )


def _vimeo(parts: SplitResult) -> Video | None:
    match = _VIMEO_PATH.fullmatch(parts.path)
    if not match:
        return None
    # An unlisted video plays only together with its hash.
    hash_ = match[2] or re.sub(r"\W", "", parse_qs(parts.query).get("h", [""])[0])
    return Video(
        "vimeo",
        match[1],
        f"https://vimeo.com/{match[1]}" + (f"/{hash_}" if hash_ else ""),
        f"https://player.vimeo.com/video/{match[1]}" + (f"?h={hash_}" if hash_ else ""),
    )


def _loom(parts: SplitResult) -> Video | None:
    match = _LOOM_PATH.fullmatch(parts.path)
    if not match:
        return None
    id_ = match[1]
    return Video(
        "loom", id_, f"https://www.loom.com/share/{id_}", f"https://www.loom.com/embed/{id_}"
    )


def _seconds(moment: str) -> int:
    match = _MOMENT.fullmatch(moment)
    if not match:
        return 0
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds


_HOSTS: dict[str, Callable[[SplitResult], Video | None]] = {
    "loom.com": _loom,
    "m.youtube.com": _youtube,
    "music.youtube.com": _youtube,
    "player.vimeo.com": _vimeo,
    "vimeo.com": _vimeo,
    "youtu.be": _short_youtube,
    "youtube-nocookie.com": _youtube,
    "youtube.com": _youtube,
}
