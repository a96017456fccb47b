"""Pieces of HTML that templates of both languages ask for: icons, covers, players, times."""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime, time
from functools import lru_cache
from itertools import groupby
from threading import Lock
from typing import cast
from urllib.parse import quote

from cachetools import LRUCache, cached
from django.conf import settings
from django.template.backends.jinja2 import Template
from django.template.loader import get_template, render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from stepwell.core import clock
from stepwell.core.markdown.videos import parse_video, video_html
from stepwell.courses.models import COVER_WIDTHS, Course, Lesson
from stepwell.courses.outlines import Outline, OutlineCourse, OutlineModule
from stepwell.courses.rendering import attachment_address
from stepwell.learning.queries import CourseState, Progress
from stepwell.web.covers import draw_cover
from stepwell.web.words import ago, lesson_count, progress_words

ASSETS = "assets/"
# How wide a cover is shown in each place, in the words of HTML.
COVER_SIZES = {
    "card": "(width < 40rem) 92vw, 24rem",
    "continue": "(width < 48rem) 92vw, 22rem",
    "page": "(width < 62rem) 92vw, 26rem",
    "row": "5.5rem",
}
WHOLE_OUTLINE = 60  # lessons; of longer ones, the modules that matter now are drawn whole
# What is drawn of outlines is kept under their version, as they are, and not at all if they aren't.
KEPT_ROWS = 2 * settings.SITE.outline_cache  # some 250 bytes each: two for a lesson and language
KEPT_COURSES = min(2_000, settings.SITE.outline_cache)


@lru_cache(maxsize=100)
def icon(name: str) -> SafeString:
    """Return an icon of the sprite; screen readers skip it, since text is beside it."""
    return format_html(
        '<svg class="icon" aria-hidden="true" width="20" height="20"><use href="{}#{}"/></svg>',
        static("img/icons.svg"),
        name,
    )


def cover(course: Course | OutlineCourse, place: str, *, is_first: bool = False) -> SafeString:
    """Show a course's cover, drawn if it has no picture.

    `place` is one of `COVER_SIZES`; the first one of a page loads at once.
    """
    return _cover(course.key, course.cover, COVER_SIZES[place], is_first)


@lru_cache(maxsize=1000)
def _cover(key: str, picture: str, sizes: str, is_first: bool) -> SafeString:
    if not picture:
        return SafeString(render_to_string("components/cover.html", {"cover": draw_cover(key)}))
    addresses = [reverse("cover", args=[key, picture, width]) for width in COVER_WIDTHS]
    widths = zip(addresses, COVER_WIDTHS, strict=True)
    return format_html(
        '<img class="cover" src="{}" srcset="{}" sizes="{}" width="400" height="225" alt=""{}>',
        addresses[0],
        ", ".join(f"{address} {width}w" for address, width in widths),
        sizes,
        "" if is_first else SafeString(' loading="lazy"'),
    )


def upload_attributes(most: int) -> SafeString:
    """Return what a form with files of at most so many MiB is told; see `studio/upload.js`."""
    return format_html(
        'data-upload data-most="{}" data-sending="{}" data-large="{}" data-failure="{}"',
        most,
        _("Sending: %(n)s %%"),
        _("The file is larger than %(limit)s MiB. Make it smaller.") % {"limit": most},
        _("The file could not be sent. Try again."),
    )


@cached(LRUCache(KEPT_COURSES), key=lambda outline: (outline.version, get_language()), lock=Lock())
def course_face(outline: Outline) -> SafeString:
    """Show what a course's card says to everyone; kept as long as the course stays as it is."""
    return SafeString(render_to_string("components/course_face.html", {"outline": outline}))


@cached(
    LRUCache(KEPT_ROWS, getsizeof=len),
    key=lambda outline, state: (outline.version, state, get_language()),
    lock=Lock(),
)
def outline_rows(outline: Outline, state: str) -> dict[int, SafeString]:
    """Show each lesson of an outline in a state, by lesson id; kept as the course's face is."""
    row = _macro("components/outline_row.html", "outline_row")
    return {lesson.id: SafeString(row(lesson, state)) for lesson in outline.lessons}


def outline_parts(
    state: CourseState, opened: Collection[str], level: int
) -> Iterator[OutlineModule | SafeString]:
    """Yield the modules of an outline, those between them that are closed as HTML.

    `opened` holds the keys of those that are not, `level` is that of headings. A short outline has
    no closed modules.
    """
    outline = state.outline
    if len(outline.lessons) <= WHOLE_OUTLINE:
        yield from outline.modules
        return
    kept = _closed_modules(outline)
    for is_open, group in groupby(outline.modules, lambda module: module.key in opened):
        if is_open:
            yield from group
            continue
        closed = []
        for module in group:
            done = len(module.lesson_ids & state.completed_ids) if state.enrolled else None
            key = (module.key, done, level)
            closed.append(
                kept.get(key) or kept.setdefault(key, _close(outline, module, done, level))
            )
        yield SafeString("".join(closed))


@cached(LRUCache(KEPT_COURSES), key=lambda outline: (outline.version, get_language()), lock=Lock())
def _closed_modules(_outline: Outline) -> dict[tuple[str, int | None, int], SafeString]:
    """Return where the closed forms of an outline's modules are kept."""
    return {}


def _close(
    outline: Outline, module: OutlineModule, completed: int | None, level: int
) -> SafeString:
    count = len(module.lessons)
    words = lesson_count(count) if completed is None else progress_words(Progress(completed, count))
    draw = _macro("components/outline_closed.html", "outline_closed")
    return SafeString(draw(outline.course, module, words, level))


def _macro(template: str, name: str) -> Callable[..., str]:
    module = cast("Template", get_template(template)).template.module
    return cast("Callable[..., str]", vars(module)[name])


def outline_list(
    module: OutlineModule, state: CourseState, special: Mapping[int, str]
) -> SafeString:
    """Show a module's lessons; `special` holds the rows that differ on this page, by lesson id."""
    opened = outline_rows(state.outline, "open" if state.enrolled else "closed")
    completed = outline_rows(state.outline, "completed")
    done = state.completed_ids
    return SafeString(
        "".join(
            special.get(lesson.id) or (completed if lesson.id in done else opened)[lesson.id]
            for lesson in module.lessons
        )
    )


def video_player(lesson: Lesson) -> SafeString:
    """Show a lesson's video: a file in a player, another site's as a link that becomes one."""
    if lesson.video.startswith(ASSETS):
        return _own_player(lesson)
    video = parse_video(lesson.video)
    if video is None:
        return format_html('<p><a href="{}">{}</a></p>', lesson.video, _("Watch the video"))
    return SafeString(video_html(video, lesson.title))


def _own_player(lesson: Lesson) -> SafeString:
    def address(name: str) -> str:
        return attachment_address(lesson.course, quote(name.removeprefix(ASSETS))) if name else ""

    poster = format_html(' poster="{}"', address(lesson.poster)) if lesson.poster else ""
    track = (
        format_html(
            '<track kind="captions" src="{}" srclang="{}" label="{}" default>',
            address(lesson.captions),
            lesson.course.language,
            _("Captions"),
        )
        if lesson.captions
        else ""
    )
    return format_html(
        '<figure class="video"><video controls preload="metadata" src="{}" aria-label="{}"'
        ' data-position="{}"{}>{}</video></figure>',
        address(lesson.video),
        lesson.title,
        reverse("video-position", args=[lesson.key]),
        poster,
        track,
    )


def written_in(course: Course | OutlineCourse) -> SafeString:
    """Name the language and direction of a course's words, which may not be those of the page."""
    return _in_language(course.language)


@lru_cache(maxsize=100)
def _in_language(code: str) -> SafeString:
    is_rtl = code.partition("-")[0] in settings.LANGUAGES_BIDI
    return format_html(' lang="{}" dir="{}"', code, "rtl" if is_rtl else "ltr")


def moment(when: datetime, recent: int = 7) -> SafeString:
    """Show a time relative if it is less than `recent` days ago, else as a date.

    Exact on hover and for machines.
    """
    local = timezone.localtime(when)
    language = get_language()
    day = _written_out(local.date(), language)
    age = clock.now() - when
    # Not `format_html`, which escapes all four each time: a page may show a hundred of these.
    return SafeString(
        f'<time datetime="{when.isoformat(timespec="seconds")}" '
        f'title="{day}, {_time_of_day(local.hour, local.minute, language)}">'
        f"{escape(ago(age)) if age.days < recent else day}</time>"
    )


def with_moment(sentence: str, when: datetime) -> SafeString:
    """Show a time in a sentence, at its `%(when)s`: languages put it in different places."""
    return SafeString(escape(sentence) % {"when": moment(when)})


@lru_cache(maxsize=1000)
def _written_out(day: date, _language: str | None) -> SafeString:
    """Write a day in the language that is active, once for all who come across it."""
    return escape(formats.date_format(day, "DATE_FORMAT"))


@lru_cache(maxsize=3000)
def _time_of_day(hour: int, minute: int, _language: str | None) -> SafeString:
    return escape(formats.time_format(time(hour, minute), "TIME_FORMAT"))
