"""How a course's Markdown becomes the HTML that is stored beside it."""

import re
from collections.abc import Callable, Collection
from functools import partial
from html import unescape
from typing import TYPE_CHECKING, Any, Union
from urllib.parse import quote, unquote

from django.urls import reverse
from django.utils.http import RFC3986_SUBDELIMS
from django.utils.translation import override

from stepwell.core.keys import ALPHABET, LENGTH
from stepwell.courses.models import Attachment, Course

if TYPE_CHECKING:
    from stepwell.core.markdown.links import Body
    from stepwell.core.markdown.rendering import Rendered
    from stepwell.core.pictures import Size

_PERMALINK = re.compile(rf"(lesson|page):([{ALPHABET}]{{{LENGTH}}})(#.*)?\Z", re.S)
_ATTACHMENT = re.compile(r"assets/([^?#]+)(.*)\Z", re.S)
_PICTURE = re.compile(r'<img src="([^"]*)"')

# Gives the HTML of a course's text: by rendering it, or from where it was rendered before.
Render = Callable[[Course, str], str]
# Gives the size of a course's picture by its name.
MeasureByName = Callable[[str], Union["Size", None]]


def html_for_course(course: Course, source: str) -> str:
    """Return only the HTML of `render_for_course`."""
    return render_for_course(course, source).html


def render_for_course(
    course: Course, source: "str | Body", *, measure: MeasureByName | None = None
) -> "Rendered":
    """Render Markdown with `assets/…`, `lesson:KEY` and `page:KEY` turned into stable addresses.

    The addresses hold keys, not slugs, so that stored HTML outlives every renaming. What only
    resembles them stays as it was written. Pictures come with the size that `measure` gives, or
    else their attachment. The words that rendering adds, such as the title of a note, are in the
    course's language, not in that of its author.
    """

    resolve, size_at = partial(_resolve, course), partial(_size_at, course, measure)
    # Learners never need it, and it costs 20 MB a process and a tenth of a second at its start.
    from stepwell.core.markdown.rendering import render_markdown

    with override(course.language):
        if isinstance(source, str):
            return render_markdown(source, resolve=resolve, measure=size_at)
        return source.rendered(resolve=resolve, measure=size_at)


def document_for_course(course: Course, source: str) -> dict[str, Any]:
    """Return a text as the visual editor shows it; see `core.markdown.visual.document_of`."""
    from stepwell.core.markdown.visual import document_of

    with override(course.language):
        return document_of(
            source, resolve=partial(_resolve, course), measure=partial(_size_at, course, None)
        )


def _resolve(course: Course, destination: str) -> str | None:
    if found := _PERMALINK.match(destination):
        noun, key, anchor = found.groups("")
        return reverse(f"{noun}-permalink", args=[key]) + anchor
    if found := _ATTACHMENT.match(destination):
        return attachment_address(course, found[1]) + found[2]
    return None


def _size_at(course: Course, measure: MeasureByName | None, address: str) -> "Size | None":
    name = _name_at(course, address)
    return (measure or partial(size_in, course))(name) if name else None


def shows_any(course: Course, html: str, names: Collection[str]) -> bool:
    """Say whether rendered text shows one of these pictures of the course."""
    return any(_name_at(course, unescape(each)) in names for each in _PICTURE.findall(html))


def _name_at(course: Course, address: str) -> str:
    """Return the name of the course's attachment at an address; empty for any other address."""
    files = attachment_address(course, "")
    name = unquote(re.split("[?#]", address)[0].removeprefix(files))
    return name if address.startswith(files) and "\0" not in name else ""


def size_in(course: Course, name: str) -> "Size | None":
    """Return how large a picture of the course is; see `size_of`."""
    found = course.pk and Attachment.objects.filter(course=course, name=name).first()
    return size_of(found) if found else None


def size_of(attachment: Attachment) -> "Size | None":
    """Return how large a picture is; None for any other file, and for one that is missing."""
    from stepwell.core.pictures import read_size

    try:
        with attachment.file.open() as stream:
            return read_size(stream, attachment.name)
    except FileNotFoundError:
        return None


def attachment_address(course: Course, name: str) -> str:
    """Return where an attachment is served; `name` may be percent-encoded, as in Markdown."""
    # Quoted as `reverse` does, so that it can be compared with `Attachment.get_absolute_url`.
    return f"/files/{course.key}/{quote(unquote(name), safe=RFC3986_SUBDELIMS + '/~:@')}"
