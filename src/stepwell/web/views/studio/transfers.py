"""Importing and exporting courses in the browser."""

from pathlib import Path

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files import File
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stepwell.accounts.models import User
from stepwell.core.errors import DomainError
from stepwell.core.slow_views import slow_view
from stepwell.courses.access import get_taught_course
from stepwell.courses.models import Course
from stepwell.transfer.errors import AnswerMissing
from stepwell.transfer.models import Transfer
from stepwell.transfer.transfers import (
    answer_import,
    cancel_transfer,
    confirm_import,
    file_of,
    forget_answers,
    get_transfers,
    may_look_at,
    start_export,
    start_import,
)
from stepwell.web.ranges import file_response
from stepwell.web.requests import current_user, instructors_only
from stepwell.web.uploads import is_too_large, upload_limit
from stepwell.web.ways_back import require_POST


@slow_view
@login_required
@instructors_only
def new_import(request: HttpRequest) -> HttpResponse:
    """Take a course folder as a zip file."""
    error = ""
    if request.method == "POST":
        transfer, error = _take(request, None)
        if transfer is not None:
            return redirect("studio-transfer", transfer.key)
    return render(request, "studio/transfers/new.html", _form(request, error))


@slow_view
@login_required
def course_transfers(request: HttpRequest, slug: str) -> HttpResponse:
    """Offer a course as a zip file, and take one to update it."""
    course = get_taught_course(current_user(request), slug)
    error = ""
    if request.method == "POST" and request.POST.get("kind") == "export":
        return redirect(
            "studio-transfer", start_export(person=current_user(request), course=course).key
        )
    if request.method == "POST":
        transfer, error = _take(request, course)
        if transfer is not None:
            return redirect("studio-transfer", transfer.key)
    context = {"course": course} | _form(request, error, course)
    return render(request, "studio/transfers/course.html", context)


@login_required
def transfer_detail(request: HttpRequest, key: str) -> HttpResponse:
    """Show how far a transfer is, its plan or its report."""
    return render(request, "studio/transfers/detail.html", _story(request, key))


@login_required
def transfer_state(request: HttpRequest, key: str) -> HttpResponse:
    """Show what of a transfer's page changes, for the page itself to ask again and again."""
    return render(request, "studio/transfers/state.html", _story(request, key))


@require_POST
@login_required
def confirmation(request: HttpRequest, key: str) -> HttpResponse:
    """Have a planned import done."""
    transfer, publish = _own(current_user(request), key), request.POST.get("publish") == "yes"
    try:
        confirm_import(transfer=transfer, publish=publish)
    except AnswerMissing as error:
        messages.error(request, str(error))
    return redirect("studio-transfer", key)


@slow_view
@require_POST
@login_required
def answers(request: HttpRequest, key: str) -> HttpResponse:
    """Take the answers to a plan's questions, or forget them, and have a new plan made."""
    transfer = _own(current_user(request), key)
    try:
        if "again" in request.POST:
            forget_answers(transfer=transfer)
        else:
            answer_import(transfer=transfer, answers=request.POST.dict())
    except AnswerMissing as error:
        messages.error(request, str(error))
    return redirect("studio-transfer", key)


@require_POST
@login_required
def cancellation(request: HttpRequest, key: str) -> HttpResponse:
    """Give up a transfer that has changed nothing yet."""
    transfer = cancel_transfer(transfer=_own(current_user(request), key))
    if transfer.state != Transfer.State.CANCELLED:
        messages.error(request, _("It was too late to cancel it."))
        return redirect("studio-transfer", key)
    messages.success(request, _("It is cancelled. Nothing was changed."))
    return redirect("studio")


@require_safe
@login_required
def download(request: HttpRequest, key: str) -> HttpResponseBase:
    """Send an exported course."""
    transfer = _own(current_user(request), key)
    path = file_of(transfer)
    if path is None:
        raise Http404
    return file_response(
        request,
        File(Path(path).open("rb"), name=transfer.name),
        etag=f'"{transfer.key}"',
        as_attachment=True,
        filename=transfer.name,
        content_type="application/zip",
    )


def _story(request: HttpRequest, key: str) -> dict[str, object]:
    transfer = _own(current_user(request), key)
    return {"transfer": transfer, "course": transfer.course}


def _form(request: HttpRequest, error: str, course: Course | None = None) -> dict[str, object]:
    return {
        "error": error,
        "most": upload_limit(request.path),
        "transfers": get_transfers(current_user(request), course),
    }


def _take(request: HttpRequest, course: Course | None) -> tuple[Transfer | None, str]:
    """Return the import that was started, or the sentence that says why it was not."""
    file = request.FILES.get("file")
    if is_too_large(request):
        limit = {"limit": upload_limit(request.path)}
        return None, _("The file is larger than %(limit)s MiB. Make it smaller.") % limit
    if file is None:
        return None, _("Choose a zip file first.")
    try:
        name = file.name or ""
        return start_import(person=current_user(request), file=file, name=name, course=course), ""
    except DomainError as error:
        return None, str(error)


def _own(user: User, key: str) -> Transfer:
    transfers = Transfer.objects.select_related("course")
    transfer = transfers.filter(key=key).first()
    if transfer is None or not may_look_at(user, transfer):
        raise Http404
    return transfer
