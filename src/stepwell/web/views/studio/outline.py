"""The outline of a course as its authors see it: one tree of modules and lessons."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from stepwell.courses.access import get_taught_course
from stepwell.courses.models import Course, Lesson, Module
from stepwell.courses.queries import get_tree
from stepwell.learning.queries import has_learners
from stepwell.web.requests import current_user


@dataclass(frozen=True)
class Note:
    """What a change did, in a sentence; `undo` is the address that takes `state` to undo it."""

    sentence: str
    undo: str = ""
    state: str = ""


@login_required
def outline(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the course's tree.

    `rename` names the module or lesson whose title is being changed, `move` the lesson for which a
    module is being chosen.
    """
    course = get_taught_course(current_user(request), slug)
    asked = {"renamed": request.GET.get("rename", ""), "moved": request.GET.get("move", "")}
    return render(request, "studio/outline/detail.html", _tree(course, **asked))


def changed_outline(
    request: HttpRequest,
    course: Course,
    note: Note,
    *,
    renamed: str = "",
    opened: str = "",
    focus: str = "",
) -> HttpResponse:
    """Answer a change of the tree: to htmx by the tree as it is, or by the page it was asked on.

    `renamed` is the key of the module or lesson whose title is being changed, `opened` that of the
    one whose menu stays open, `focus` the id of what is used next.
    """
    if not request.htmx:  # type: ignore[attr-defined]  # set by HtmxMiddleware
        messages.success(request, note.sentence)
        is_from_archive = request.POST.get("from") == "archive"
        return redirect("studio-archive" if is_from_archive else "studio-outline", course.slug)
    context = _tree(course, renamed=renamed, opened=opened) | {"note": note, "focus": focus}
    return render(request, "studio/outline/change.html", context)


def has_unnamed(sent: Mapping[str, str], empty: list[Lesson]) -> bool:
    """Tell whether lessons are empty that the question about them did not name, if it was asked.

    An answer that doesn't say which ones were `named` is about all of them.
    """
    if "empty" not in sent:
        return bool(empty)
    named = sent.get("named")
    return named is not None and not {lesson.key for lesson in empty} <= set(named.split())


def ask_about_empty(request: HttpRequest, course: Course, empty: list[Lesson]) -> HttpResponse:
    """Ask whether empty lessons are to be published.

    The answer is sent as `empty`, the keys of these lessons as `named`.
    """
    sent = request.POST if request.method == "POST" else request.GET
    context = {"course": course, "empty": empty, "state": sent.get("state", "")}
    context |= {"origin": sent.get("from", ""), "named": " ".join(each.key for each in empty)}
    return render(request, "studio/outline/empty.html", context)


def renamed_meanwhile(part: Module | Lesson, typed: str) -> Note:
    """Say that somebody else has changed a title while its form was open; both are named."""
    words = {"title": part.title, "typed": typed}
    return Note(
        _("Somebody renamed it to “%(title)s” meanwhile. Rename it again to call it “%(typed)s”.")
        % words
    )


def _tree(
    course: Course, *, renamed: str = "", moved: str = "", opened: str = ""
) -> dict[str, object]:
    return {
        "course": course,
        "tree": get_tree(course),
        "has_learners": has_learners(course),
        "renamed": renamed,
        "moved": moved,
        "opened": opened,
        "focus": "",
    }
