"""The environment of our own templates, which are Jinja: what each may call, and its strictness."""

from functools import lru_cache
from typing import Any

from allauth.socialaccount.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest
from django.template.defaultfilters import truncatechars
from django.templatetags.static import static
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language, get_language_bidi, get_language_info
from django_htmx.jinja import htmx_script
from jinja2 import Environment, StrictUndefined

from stepwell.web import markup, words
from stepwell.web.steps import draw_lessons, draw_modules


def environment(**options: Any) -> Environment:
    """Return what Django's Jinja2 backend renders with; a name that nobody gave is an error."""
    settled = {"trim_blocks": True, "lstrip_blocks": True, "undefined": StrictUndefined}
    made = Environment(**options | settled)  # noqa: S701  Django's backend turns autoescape on
    made.globals |= {
        "_": words.translate,
        "get_language": get_language,
        "get_language_bidi": get_language_bidi,
        "languages": [
            (code, capfirst(get_language_info(code)["name_local"]))
            for code, _name in settings.LANGUAGES
        ],
        "url": url,
        "static": lru_cache(maxsize=100)(static),
        "htmx_script": lru_cache(maxsize=1)(htmx_script),
        "has_single_sign_on": has_single_sign_on,
        "draw_lessons": draw_lessons,
        "draw_modules": draw_modules,
        "course_face": markup.course_face,
        "cover": markup.cover,
        "icon": markup.icon,
        "moment": markup.moment,
        "outline_list": markup.outline_list,
        "video_player": markup.video_player,
        "written_in": markup.written_in,
        "earlier_attempts": words.earlier_attempts,
        "kept_words": words.kept_words,
        "new_lessons": words.new_lessons,
        "progress_words": words.progress_words,
    }
    made.filters |= {
        "capfirst": capfirst,
        "duration": words.duration,
        "lesson_count": words.lesson_count,
        "truncatechars": truncatechars,
    }
    return made


@lru_cache(maxsize=10_000)
def url(name: str, *args: Any) -> str:
    """Return the address of a named page.

    Kept once found: a lesson page asks for that of each lesson in its outline.
    """
    return reverse(name, args=args)


def has_single_sign_on(request: HttpRequest) -> bool:
    """Tell whether people can sign in here with an account of another site."""
    return bool(get_adapter().list_providers(request))
