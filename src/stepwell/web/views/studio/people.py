"""Enrolling a class by email, and taking people out of it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from stepwell.accounts.errors import MailedJustNow
from stepwell.accounts.models import User
from stepwell.core.slow_views import slow_view
from stepwell.courses.access import get_taught_course
from stepwell.learning.actions import (
    Outcome,
    Result,
    enroll_by_email,
    forget_pending_enrollment,
    remove_learner,
    send_pending_again,
)
from stepwell.learning.queries import get_pending_enrollments
from stepwell.web.address_list import MOST_BYTES, MOST_LINES, decoded, read_addresses
from stepwell.web.requests import current_user
from stepwell.web.uploads import is_too_large
from stepwell.web.ways_back import require_POST


@slow_view
@login_required
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a list of addresses, and say line by line what became of each."""
    course = get_taught_course(current_user(request), slug)
    context = {"course": course, "typed": "", "error": "", "report": None}
    if request.method == "POST":
        text, context["error"] = _text(request)
        context["typed"] = request.POST.get("emails", "") if context["error"] else ""
        if text is not None:
            entries = read_addresses(text)
            emails = [entry.text for entry in entries if entry.is_address]
            outcomes = iter(enroll_by_email(course=course, emails=emails, by=current_user(request)))
            context["report"] = [
                (each.line, next(outcomes) if each.is_address else Outcome(each.text, Result.BAD))
                for each in entries
            ]
    context["pending"] = get_pending_enrollments(course)
    return render(request, "studio/learners/people.html", context)


@require_POST
@login_required
def removal(request: HttpRequest, slug: str, handle: str) -> HttpResponse:
    """Take a learner out of a course."""
    course = get_taught_course(current_user(request), slug)
    person = get_object_or_404(User, handle=handle, enrollments__course=course)
    remove_learner(course=course, user=person)
    sentence = _("%(name)s is no longer in the course. Their progress is kept.")
    messages.success(request, sentence % {"name": person.name})
    return redirect("studio-learners", slug)


@require_POST
@login_required
def withdrawal(request: HttpRequest, slug: str, pending_id: int) -> HttpResponse:
    """Forget somebody who was to be enrolled later."""
    course = get_taught_course(current_user(request), slug)
    pending = get_object_or_404(course.pending_enrollments, pk=pending_id)
    forget_pending_enrollment(pending=pending)
    messages.success(request, _("%(email)s is off the list.") % {"email": pending.address})
    return redirect("studio-people", slug)


@slow_view
@require_POST
@login_required
def mail(request: HttpRequest, slug: str, pending_id: int) -> HttpResponse:
    """Send somebody's invitation to a course once more."""
    course = get_taught_course(current_user(request), slug)
    pending = get_object_or_404(course.pending_enrollments, pk=pending_id)
    try:
        send_pending_again(pending=pending, by=current_user(request))
    except MailedJustNow as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, _("The mail to %(email)s is sent again.") % {"email": pending.address}
        )
    return redirect("studio-people", slug)


def _text(request: HttpRequest) -> tuple[str | None, str]:
    """Return the list that was sent, or the sentence that says why it can't be read."""
    text = request.POST.get("emails", "")
    file = request.FILES.get("file")
    if file is not None:
        read = decoded(file.read(MOST_BYTES)) if (file.size or 0) <= MOST_BYTES else None
        if read is None:
            return None, _("The file can’t be read. Save it as CSV, of at most 2 MB.")
        text = f"{text}\n{read}" if text.strip() else read
    if is_too_large(request):
        return None, _("The file can’t be read. Save it as CSV, of at most 2 MB.")
    if not text.strip():
        return None, _("Paste addresses, or choose a file.")
    if len(text.splitlines()) > MOST_LINES:
        sentence = _("These are more than %(n)s lines. Send them in parts.")
        return None, sentence % {"n": MOST_LINES}
    return text, ""
