"""The files of a course: sent from the editor or a form, and listed."""

from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from stepwell.core.errors import DomainError
from stepwell.core.slow_views import slow_view
from stepwell.courses.access import get_taught_course
from stepwell.courses.actions import remove_attachment, upload_attachment
from stepwell.courses.errors import AttachmentTooLarge, BadFile
from stepwell.courses.models import Attachment, Course
from stepwell.courses.queries import get_attachment_uses
from stepwell.courses.rendering import size_of
from stepwell.web.requests import current_user
from stepwell.web.uploads import is_too_large, upload_limit
from stepwell.web.ways_back import require_POST


@slow_view
@login_required
def attachment_list(request: HttpRequest, slug: str) -> HttpResponse:
    """List a course's files and where they are used, and take another one.

    Who asks for JSON is told how the new file is named in Markdown.
    """
    course = get_taught_course(current_user(request), slug)
    wants_json = "application/json" in request.headers.get("Accept", "")
    if request.method == "POST":
        try:
            attachment = _upload(request, course)
        except DomainError as error:
            if wants_json:
                return JsonResponse({"error": str(error)}, status=422)
            messages.error(request, str(error))
            return redirect("studio-attachments", slug)
        if wants_json:
            return JsonResponse(_described(attachment))
        messages.success(request, _("“%(name)s” is there.") % {"name": attachment.name})
        return redirect("studio-attachments", slug)
    context = {"course": course, "attachments": get_attachment_uses(course)}
    context["most"] = upload_limit(request.path)
    return render(request, "studio/course/attachments.html", context)


@require_POST
@login_required
def removal(request: HttpRequest, slug: str, attachment_id: int) -> HttpResponse:
    """Take a file away from a course."""
    course = get_taught_course(current_user(request), slug)
    attachment = get_object_or_404(course.attachments, pk=attachment_id)
    remove_attachment(attachment=attachment)
    messages.success(request, _("“%(name)s” is removed.") % {"name": attachment.name})
    return redirect("studio-attachments", slug)


def _upload(request: HttpRequest, course: Course) -> Attachment:
    file = request.FILES.get("file")
    if is_too_large(request):
        raise AttachmentTooLarge(name=_("The file"), limit=upload_limit(request.path))
    if file is None:
        raise BadFile(name=_("The file"), reason=_("Choose one first."))
    return upload_attachment(course=course, file=file, name=file.name or "")


def _described(attachment: Attachment) -> dict[str, object]:
    target = f"assets/{quote(attachment.name)}"
    size = size_of(attachment)
    sign = "!" if size else ""
    return {
        "name": attachment.name,
        "address": attachment.get_absolute_url(),
        "target": target,
        "markdown": f"{sign}[{'' if size else attachment.name}]({target})",
        "is_picture": size is not None,
        "width": size.width if size else None,
        "height": size.height if size else None,
    }
