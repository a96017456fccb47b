"""Stepwell Markdown: rendering bodies, finding and rewriting their links, players for videos."""

from .link_places import Link
from .links import Body, find_links, rewrite_links
from .page import Heading, Removed, Resolve
from .plain_text import render_plain_summary
from .rendering import Rendered, render_markdown
from .videos import Video, parse_video, video_html

__all__ = [
    "Body",
    "Heading",
    "Link",
    "Removed",
    "Rendered",
    "Resolve",
    "Video",
    "find_links",
    "parse_video",
    "render_markdown",
    "render_plain_summary",
    "rewrite_links",
    "video_html",
]
