"""How a course's Markdown becomes the HTML that is stored beside it."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from django.urls import reverse
from django.utils.http import RFC3986_SUBDELIMS
from django.utils.translation import override

from stepwell.core.keys import ALPHABET, LENGTH
from stepwell.courses.models import Course

if TYPE_CHECKING:
    from stepwell.core.markdown.links import Body
    from stepwell.core.markdown.rendering import Rendered

_PERMALINK = re.compile(rf"(lesson|page):([{ALPHABET}]{{{LENGTH}}})(#.*)?\Z", re.S)
_ATTACHMENT = re.compile(r"assets/([^?#]+)(.*)\Z", re.S)


# Gives the HTML of a course's text: by rendering it, or from where it was rendered before.
Render = Callable[[Course, str], str]


def html_for_course(course: Course, source: str) -> str:
    """Return only the HTML of `render_for_course`."""
    return render_for_course(course, source).html


def render_for_course(course: Course, source: "str | Body") -> "Rendered":
    """Render Markdown with `assets/…`, `lesson:KEY` and `page:KEY` turned into stable addresses.

    The addresses hold keys, not slugs, so that stored HTML outlives every renaming. What only
    resembles them stays as it was written. The words that rendering adds, such as the title of a
    note, are in the course's language, whoever saves it.
    """

    def resolve(destination: str) -> str | None:
        if found := _PERMALINK.match(destination):
            noun, key, anchor = found.groups("")
            return reverse(f"{noun}-permalink", args=[key]) + anchor
        if found := _ATTACHMENT.match(destination):
            return attachment_address(course, found[1]) + found[2]
        return None

    # Whoever only learns never needs it: 20 MB a process, and a tenth of a second at its start.
    from stepwell.core.markdown.rendering import render_markdown

    with override(course.language):
        if isinstance(source, str):
            return render_markdown(source, resolve=resolve)
        return source.rendered(resolve=resolve)


def attachment_address(course: Course, name: str) -> str:
    """Return where an attachment is served; `name` may be percent-encoded, as in Markdown."""
    # Quoted as `reverse` does, so that it can be compared with `Attachment.get_absolute_url`.
    return f"/files/{course.key}/{quote(unquote(name), safe=RFC3986_SUBDELIMS + '/~:@')}"
