"""What is done to a lesson in the studio's outline."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from stepwell.core.slow_views import slow_view
from stepwell.courses.access import get_taught_lesson, get_taught_module
from stepwell.courses.actions import (
    archive_lesson,
    create_lesson,
    duplicate_lesson,
    move_lesson,
    publish_lesson,
    restore_lesson,
    unpublish_lesson,
    update_lesson,
)
from stepwell.courses.queries import get_tree, is_empty
from stepwell.learning.queries import get_lesson_impact
from stepwell.web.edit_forms import is_stale
from stepwell.web.requests import current_user, redirect_full_page
from stepwell.web.views.studio.moves import opened_menu, place_of, wanted_place
from stepwell.web.views.studio.outline import (
    Note,
    ask_about_empty,
    changed_outline,
    renamed_meanwhile,
)
from stepwell.web.ways_back import require_POST


@require_POST
@login_required
def creation(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Add a draft lesson at the end of a module."""
    module = get_taught_module(current_user(request), slug, key)
    lesson = create_lesson(module=module, title=request.POST.get("title", "").strip())
    note = Note(_("“%(title)s” is added as a draft.") % {"title": lesson})
    return changed_outline(request, module.course, note)


@require_POST
@login_required
def title(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Rename a lesson."""
    lesson = get_taught_lesson(current_user(request), slug, key)
    wanted = request.POST.get("title", "").strip()
    if is_stale(request.POST, title=lesson.title):
        note = renamed_meanwhile(lesson, wanted)
        return changed_outline(request, lesson.course, note, renamed=key)
    update_lesson(lesson=lesson, title=wanted, author=current_user(request))
    note = Note(_("It is called “%(title)s” now.") % {"title": lesson})
    return changed_outline(request, lesson.course, note)


@slow_view
@login_required
def status(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Make the wanted `state` so: "published" or "draft".

    Ask first about an `empty` lesson, and say what hiding one would do.
    """
    lesson = get_taught_lesson(current_user(request), slug, key)
    wanted = request.POST.get("state")
    if request.method != "POST" and request.GET.get("state") == "published":
        return ask_about_empty(request, lesson.course, [lesson])
    if request.method != "POST":
        context = {"course": lesson.course, "lesson": lesson, "impact": get_lesson_impact(lesson)}
        return render(request, "studio/outline/hiding.html", context)
    undo = reverse("studio-lesson-status", args=[slug, key])
    if wanted == "published" and "empty" not in request.POST and is_empty(lesson):
        asked = {"state": wanted, "from": request.POST.get("from", "")}
        address = reverse("studio-lesson-status", args=[slug, key])
        return redirect_full_page(request, redirect(f"{address}?{urlencode(asked)}"))
    if request.POST.get("empty") == "draft":
        note = Note(_("“%(title)s” is a draft.") % {"title": lesson})
    elif wanted == "published":
        publish_lesson(lesson=lesson)
        note = Note(_("“%(title)s” is published.") % {"title": lesson}, undo, "draft")
    else:
        unpublish_lesson(lesson=lesson)
        note = Note(_("“%(title)s” is a draft now.") % {"title": lesson}, undo, "published")
    if request.POST.get("from") == "editor":
        messages.success(request, note.sentence)
        return redirect("studio-lesson", slug, key)
    return changed_outline(request, lesson.course, note)


@require_POST
@login_required
def move(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Move a lesson: the wanted `way` is "up" or "down", or it comes into a `module`."""
    lesson = get_taught_lesson(current_user(request), slug, key)
    home, before = wanted_place(request.POST, key, get_tree(lesson.course))
    module = get_taught_module(current_user(request), slug, home)
    neighbor = get_taught_lesson(current_user(request), slug, before) if before else None
    move_lesson(lesson=lesson, module=module, before=neighbor)
    words = {"title": lesson, "module": module, "place": place_of(lesson, module.lessons)}
    note = Note(_("“%(title)s” is lesson %(place)s of “%(module)s” now.") % words)
    return changed_outline(request, lesson.course, note, opened=opened_menu(request.POST, key))


@slow_view
@require_POST
@login_required
def copies(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Make a draft with the same content right after a lesson."""
    lesson = get_taught_lesson(current_user(request), slug, key)
    copy = duplicate_lesson(lesson=lesson)
    note = Note(_("“%(title)s” is a draft below it.") % {"title": copy})
    return changed_outline(request, lesson.course, note, focus=f"title-{copy.key}")


@slow_view
@login_required
def archiving(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Say what archiving a lesson would do, and do it."""
    lesson = get_taught_lesson(current_user(request), slug, key)
    if request.method != "POST":
        context = {
            "course": lesson.course,
            "part": lesson,
            "noun": "lesson",
            "impact": get_lesson_impact(lesson),
        }
        return render(request, "studio/outline/archiving.html", context)
    archive_lesson(lesson=lesson)
    undo = reverse("studio-lesson-restoration", args=[slug, key])
    note = Note(_("“%(title)s” is archived.") % {"title": lesson}, undo=undo)
    return changed_outline(request, lesson.course, note)


@require_POST
@login_required
def restoration(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Bring a lesson back, to the end of its module."""
    lesson = restore_lesson(lesson=get_taught_lesson(current_user(request), slug, key))
    words = {"title": lesson, "module": lesson.module}
    note = Note(_("“%(title)s” is back, at the end of “%(module)s”.") % words)
    return changed_outline(request, lesson.course, note)
