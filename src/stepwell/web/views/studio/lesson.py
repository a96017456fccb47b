"""Writing a lesson: its editor, saving while one writes, and the texts that it had."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from stepwell.core.errors import DomainError
from stepwell.core.markdown.cost import TextTooLarge
from stepwell.core.slow_views import slow_view
from stepwell.courses.access import get_taught_lesson
from stepwell.courses.actions import restore_version, set_video, update_lesson
from stepwell.courses.errors import AddressTaken, AttachmentTooLarge, BadValue, LessonChanged
from stepwell.courses.models import Lesson
from stepwell.courses.queries import get_latest_version, get_tree, get_versions
from stepwell.courses.rendering import document_for_course
from stepwell.web.difference import differences
from stepwell.web.edit_forms import is_stale
from stepwell.web.requests import current_user
from stepwell.web.studio_forms import LessonForm
from stepwell.web.uploads import is_too_large, upload_limit
from stepwell.web.visual_text import read_draft
from stepwell.web.ways_back import require_POST


@slow_view
@login_required
def editor(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Show a lesson to be written, and save it as a plain form does."""
    lesson = get_taught_lesson(current_user(request), slug, key)
    context = {"course": lesson.course, "lesson": lesson, "tree": get_tree(lesson.course)}
    context["most"] = upload_limit(request.path)
    if request.method != "POST":
        context |= _as_it_is(lesson)
        try:
            context["document"] = document_for_course(lesson.course, lesson.body)
        except TextTooLarge as error:  # stored before there was a limit
            context |= {"document": None, "error": str(error)}
        return render(request, "studio/lesson/editor.html", context)
    typed: dict[str, Any] = {
        "title": request.POST.get("title", "").strip(),
        "body": request.POST.get("body", "").replace("\r\n", "\n"),
    }
    base = int(request.POST.get("base", "0")) if request.POST.get("base", "").isdecimal() else 0
    try:
        update_lesson(lesson=lesson, author=current_user(request), base=base, **typed)
    except LessonChanged:
        return render(request, "studio/lesson/conflict_page.html", _conflict(lesson, typed))
    except DomainError as error:
        context |= _as_it_is(lesson) | typed | {"error": str(error), "document": None}
        return render(request, "studio/lesson/editor.html", context, status=422)
    messages.success(request, _saved(lesson))
    return redirect("studio-lesson", slug, key)


@slow_view
@require_POST
@login_required
def text(request: HttpRequest, slug: str, key: str) -> JsonResponse:
    """Save what somebody writes: JSON in, the new revision and its time out.

    409 with both texts when somebody else has saved meanwhile; 422 with a sentence for what can't
    be kept.
    """
    lesson = get_taught_lesson(current_user(request), slug, key)
    try:
        draft = read_draft(request)
        changes: dict[str, Any] = {"title": draft.title.strip(), "body": draft.markdown}
        changes |= {"base": draft.base, "sitting": draft.sitting}
        update_lesson(lesson=lesson, author=current_user(request), **changes)
    except LessonChanged as error:
        context = _conflict(get_taught_lesson(current_user(request), slug, key), changes)
        html = render_to_string("studio/lesson/conflict.html", context, request)
        return JsonResponse({"error": str(error), "html": html}, status=409)
    except DomainError as error:
        return JsonResponse({"error": str(error)}, status=422)
    now = formats.time_format(timezone.localtime(lesson.updated_at), "TIME_FORMAT")
    saved = _("Saved %(time)s · Learners see it.") if lesson.is_visible else _("Saved %(time)s")
    return JsonResponse({"revision": lesson.revision, "saved": saved % {"time": now}})


@slow_view
@require_POST
@login_required
def draft(request: HttpRequest, slug: str, key: str) -> JsonResponse:
    """Turn what is being written from one form into the other; nothing is saved."""
    lesson = get_taught_lesson(current_user(request), slug, key)
    try:
        markdown = read_draft(request).markdown
        document = document_for_course(lesson.course, markdown)
    except DomainError as error:
        return JsonResponse({"error": str(error)}, status=422)
    return JsonResponse({"markdown": markdown, "document": document})


@slow_view
@login_required
def settings(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Show and change what the outline and the address say of a lesson."""
    lesson = get_taught_lesson(current_user(request), slug, key)
    is_sent = request.method == "POST"
    sent = (request.POST, request.FILES) if is_sent else ()
    form = LessonForm.of(lesson, *sent)
    if is_too_large(request):
        form.add_error(
            "video_file",
            str(AttachmentTooLarge(name=_("The file"), limit=upload_limit(request.path))),
        )
    elif is_sent and form.is_valid():
        try:
            set_video(lesson=lesson, **form.video_parts, **form.changes)
        except DomainError as error:
            form.add_error(
                "slug" if isinstance(error, AddressTaken | BadValue) else "video", str(error)
            )
        else:
            messages.success(request, _saved(lesson))
            return redirect("studio-lesson", slug, key)
    most = upload_limit(request.path)
    context = {"course": lesson.course, "lesson": lesson, "form": form, "most": most}
    return render(request, "studio/lesson/settings.html", context)


@login_required
def history(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """List the texts that a lesson had."""
    lesson = get_taught_lesson(current_user(request), slug, key)
    context = {"course": lesson.course, "lesson": lesson, "versions": get_versions(lesson)}
    return render(request, "studio/lesson/history.html", context)


@slow_view
@login_required
def version(request: HttpRequest, slug: str, key: str, version_id: int) -> HttpResponse:
    """Show how a text that a lesson had differs from the one of now, and bring it back."""
    lesson = get_taught_lesson(current_user(request), slug, key)
    found = get_object_or_404(lesson.versions.select_related("author"), pk=version_id)
    if request.method == "POST" and is_stale(request.POST, revision=lesson.revision):
        messages.warning(
            request, _("The text was changed meanwhile. Compare it again, then choose.")
        )
        return redirect("studio-lesson-version", slug, key, version_id)
    if request.method == "POST":
        found.lesson = lesson
        restore_version(version=found, author=current_user(request))
        messages.success(request, _restored(lesson))
        return redirect("studio-lesson", slug, key)
    context = {
        "course": lesson.course,
        "lesson": lesson,
        "version": found,
        "pieces": differences(found.body, lesson.body),
    }
    return render(request, "studio/lesson/version.html", context)


def _saved(lesson: Lesson) -> str:
    return _("Saved. Learners see it.") if lesson.is_visible else _("Saved.")


def _restored(lesson: Lesson) -> str:
    if lesson.is_visible:
        return _("The text of then is back. Learners see it. The one until now is kept, too.")
    return _("The text of then is back. The one until now is kept, too.")


def _as_it_is(lesson: Lesson) -> dict[str, Any]:
    return {"title": lesson.title, "body": lesson.body, "error": ""}


def _conflict(lesson: Lesson, mine: dict[str, str]) -> dict[str, Any]:
    """Return both texts: the current one, and the one that somebody wrote from an older version."""
    return {
        "course": lesson.course,
        "lesson": lesson,
        "latest": get_latest_version(lesson),
        "mine": mine,
        "pieces": differences(lesson.body, mine["body"]),
    }
