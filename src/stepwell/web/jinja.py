"""The environment of our own templates, which are Jinja: what each may call, and its strictness."""

from collections.abc import MutableMapping
from functools import lru_cache
from typing import Any, cast

from allauth.socialaccount.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat, truncatechars
from django.templatetags.static import static
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language, get_language_bidi, get_language_info
from django_htmx.jinja import htmx_script
from jinja2 import Environment, StrictUndefined, Template, nodes
from jinja2.visitor import NodeTransformer

from stepwell.school.queries import count_failed_mail
from stepwell.web import markup, rewards, words
from stepwell.web.edit_forms import shown_values
from stepwell.web.finish import finish_sentences
from stepwell.web.steps import (
    draw_lessons,
    draw_lessons_after,
    draw_level,
    draw_modules,
    draw_share,
)

# Called with literals, these return the same on all pages of a language.
SETTLED = {"_", "get_language", "get_language_bidi", "htmx_script", "icon", "static", "url"}


class PageEnvironment(Environment):
    """Compiles a template once for each language, with all that is settled then as plain text."""

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002  as Jinja names it
    ) -> Template:
        if self.overlayed:
            return super().get_template(name, parent, globals)
        return self._in_language(get_language()).get_template(name, parent, globals)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Share one plain dictionary: no template of ours has globals of its own."""
        return super().make_globals(d) if d else self.globals

    def _in_language(self, code: str | None) -> Environment:
        kept: dict[str | None, Environment] = vars(self).setdefault("languages", {})
        return kept.get(code) or kept.setdefault(code, self.overlay())

    def _generate(self, source: nodes.Template, *names: Any, **options: Any) -> str:
        return super()._generate(_Settling().visit(source), *names, **options)


class _Settling(NodeTransformer):
    """Puts what a call returns in place of the call."""

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802  as Jinja names it
        self.generic_visit(node)
        name = getattr(node.node, "name", None)
        if name not in SETTLED or not all(isinstance(each, nodes.Const) for each in node.args):
            return node
        given = (each.as_const() for each in node.args)
        call: Any = cast("Environment", node.environment).globals[name]
        answer = call(*given)
        text = nodes.Const(answer, lineno=node.lineno, environment=node.environment)
        if not hasattr(answer, "__html__"):
            return text
        text.value = str(answer)
        return nodes.MarkSafe(text, lineno=node.lineno, environment=node.environment)


def environment(**options: Any) -> Environment:
    """Return what Django's Jinja2 backend renders with; a name that nobody gave is an error."""
    strict = {"trim_blocks": True, "lstrip_blocks": True, "undefined": StrictUndefined}
    made = PageEnvironment(**options | strict)
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
        "draw_lessons_after": draw_lessons_after,
        "draw_level": draw_level,
        "draw_modules": draw_modules,
        "draw_share": draw_share,
        "course_face": markup.course_face,
        "cover": markup.cover,
        "shown_values": shown_values,
        "icon": markup.icon,
        "moment": markup.moment,
        "outline_list": markup.outline_list,
        "outline_parts": markup.outline_parts,
        "upload_attributes": markup.upload_attributes,
        "video_player": markup.video_player,
        "written_in": markup.written_in,
        "badge_picture": rewards.badge_picture,
        "badge_words": rewards.badge_words,
        "date_words": rewards.date_words,
        "day_count": rewards.day_count,
        "day_marks": rewards.day_marks,
        "entry_words": rewards.entry_words,
        "goal_words": rewards.goal_words,
        "level_words": rewards.level_words,
        "month_marks": rewards.month_marks,
        "finish_sentences": finish_sentences,
        "news_sentences": rewards.news_sentences,
        "point_count": rewards.point_count,
        "streak_words": rewards.streak_words,
        "year_cells": rewards.year_cells,
        "year_words": rewards.year_words,
        "count_failed_mail": count_failed_mail,
        "earlier_attempts": words.earlier_attempts,
        "empty_lessons": words.empty_lessons,
        "failed_mails": words.failed_mails,
        "impact_completed": words.impact_completed,
        "impact_finishing": words.impact_finishing,
        "impact_suspended": words.impact_suspended,
        "impact_learners": words.impact_learners,
        "kept_words": words.kept_words,
        "mail_words": words.mail_words,
        "new_lessons": words.new_lessons,
        "callout_names": words.callout_names,
        "outcome_words": words.outcome_words,
        "progress_words": words.progress_words,
        "taught_by": words.taught_by,
        "unchanged_lines": words.unchanged_lines,
        "unsent_words": words.unsent_words,
    }
    made.filters |= {
        "capfirst": capfirst,
        "duration": words.duration,
        "filesizeformat": filesizeformat,
        "learner_count": words.learner_count,
        "lesson_count": words.lesson_count,
        "truncatechars": truncatechars,
        "with_moment": markup.with_moment,
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
