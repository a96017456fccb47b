"""What is done to a module in the studio's outline."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stepwell.core.slow_views import slow_view
from stepwell.courses.access import get_taught_course, get_taught_module
from stepwell.courses.actions import (
    archive_module,
    create_module,
    move_module,
    publish_lessons,
    restore_module,
    update_module,
)
from stepwell.courses.queries import get_empty_lessons, get_tree
from stepwell.learning.queries import get_module_impact
from stepwell.web.edit_forms import is_stale
from stepwell.web.requests import current_user, redirect_full_page
from stepwell.web.views.studio.moves import opened_menu, place_of, wanted_neighbor
from stepwell.web.views.studio.outline import (
    Note,
    ask_about_empty,
    changed_outline,
    has_unnamed,
    renamed_meanwhile,
)
from stepwell.web.ways_back import require_POST


@require_POST
@login_required
def creation(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a module at the end."""
    course = get_taught_course(current_user(request), slug)
    module = create_module(course=course, title=request.POST.get("title", "").strip())
    note = Note(_("“%(title)s” is added.") % {"title": module})
    return changed_outline(request, course, note, focus=f"add-to-{module.key}")


@require_POST
@login_required
def title(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Rename a module."""
    module = get_taught_module(current_user(request), slug, key)
    wanted = request.POST.get("title", "").strip()
    if is_stale(request.POST, title=module.title):
        note = renamed_meanwhile(module, wanted)
        return changed_outline(request, module.course, note, renamed=key)
    update_module(module=module, title=wanted)
    note = Note(_("It is called “%(title)s” now.") % {"title": module})
    return changed_outline(request, module.course, note)


@require_POST
@login_required
def move(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Move a module: the wanted `way` is "up" or "down", or it comes in front of another one."""
    module = get_taught_module(current_user(request), slug, key)
    order = [each.key for each in get_tree(module.course)]
    before = wanted_neighbor(request.POST, key, order)
    neighbor = get_taught_module(current_user(request), slug, before) if before else None
    move_module(module=module, before=neighbor)
    words = {"title": module, "place": place_of(module, module.course.modules)}
    note = Note(_("“%(title)s” is module %(place)s now.") % words)
    return changed_outline(request, module.course, note, opened=opened_menu(request.POST, key))


@slow_view
@login_required
def publication(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Publish all lessons of a module; ask first whether `empty` ones are to be published."""
    module = get_taught_module(current_user(request), slug, key)
    empty = get_empty_lessons(module.course, module=module)
    if request.method != "POST":
        return ask_about_empty(request, module.course, empty)
    if has_unnamed(request.POST, empty):
        return redirect_full_page(request, redirect("studio-module-publication", slug, key))
    with_empty = request.POST.get("empty") != "draft"
    count = publish_lessons(module=module, with_empty=with_empty)
    sentence = ngettext("%(n)s lesson is published.", "%(n)s lessons are published.", count)
    return changed_outline(request, module.course, Note(sentence % {"n": count}))


@slow_view
@login_required
def archiving(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Say what archiving a module would do, and do it."""
    module = get_taught_module(current_user(request), slug, key)
    if request.method != "POST":
        context = {
            "course": module.course,
            "part": module,
            "noun": "module",
            "impact": get_module_impact(module),
        }
        return render(request, "studio/outline/archiving.html", context)
    archive_module(module=module)
    undo = reverse("studio-module-restoration", args=[slug, key])
    note = Note(_("“%(title)s” is archived.") % {"title": module}, undo=undo)
    return changed_outline(request, module.course, note)


@require_POST
@login_required
def restoration(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Bring a module back with its lessons."""
    module = restore_module(module=get_taught_module(current_user(request), slug, key))
    note = Note(_("“%(title)s” is back, at the end of the outline.") % {"title": module})
    return changed_outline(request, module.course, note)
