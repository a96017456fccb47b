"""The owner's settings: the school, its mail, and the files that its look is made of."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.core.mail import EmailMessage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from stepwell.core.errors import DomainError
from stepwell.core.slow_views import slow_view, waiting_view
from stepwell.school import queries
from stepwell.school.actions import logo_path, remove_logo, set_logo, update_school
from stepwell.school.colors import palette, read_color
from stepwell.school.errors import BadLogo, PaleAccent
from stepwell.school.mail import send_now
from stepwell.school.outgoing import dismiss_mail, try_mail_again, words_of
from stepwell.school.queries import get_school, get_settings, get_stamp
from stepwell.web.edit_forms import is_stale
from stepwell.web.requests import current_user, owners_only
from stepwell.web.school_forms import MailForm, SchoolForm
from stepwell.web.ways_back import require_POST

LONGEST_TEST = 5  # seconds for each answer of the mail server


@login_required
@owners_only
def school(request: HttpRequest) -> HttpResponse:
    """Show and change name, description, color, and who may sign up."""
    form = SchoolForm.of(get_settings(), request.POST or None)
    near = ""
    if form.is_valid():
        try:
            update_school(**form.taken(*form.fields))
        except DomainError as error:
            form.add_error("accent", str(error))
            near = error.data["near"] if isinstance(error, PaleAccent) else ""
        else:
            messages.success(request, _("Saved."))
            return redirect("studio-school")
    return render(request, "studio/school/detail.html", {"form": form, "near": near})


@slow_view
@require_POST
@login_required
@owners_only
def logo(request: HttpRequest) -> HttpResponse:
    """Take a picture as the logo, or show the three steps again."""
    picture = request.FILES.get("picture")
    if is_stale(request.POST, picture=get_settings().logo):
        messages.warning(request, _("The logo was changed meanwhile. Look at it, then choose."))
        return redirect("studio-school")
    try:
        if request.POST.get("state") == "steps":
            remove_logo()
        elif picture is not None:
            set_logo(picture=picture)
            messages.success(request, _("This is the logo now."))
        else:
            raise BadLogo
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("studio-school")


@login_required
@owners_only
def mail(request: HttpRequest) -> HttpResponse:
    """Show and change the mail server."""
    now = get_settings()
    form = MailForm.of(now, request.POST or None)
    if form.is_valid():
        try:
            update_school(**form.changes(now))
        except DomainError as error:
            form.add_error("host", str(error))
        else:
            messages.success(request, _("Saved. Send a test message to see that it works."))
            return redirect("studio-mail")
    unsent = queries.get_unsent_mail()
    context = {"form": form, "is_set": bool(now.email_url), "unsent": unsent}
    return render(request, "studio/school/mail.html", context)


@waiting_view
@require_POST
@login_required
@owners_only
def test_mail(request: HttpRequest) -> HttpResponse:
    """Send a message to the owner's own address, and say what the server answered.

    A server that takes its time gets the message from the worker.
    """
    person = current_user(request)
    words = _("If you can read this, the mail of your classroom works.")
    message = EmailMessage(_("A test message"), words, None, [person.email])
    try:
        send_now(message, get_settings(), timeout=LONGEST_TEST)
    except TimeoutError:
        message.send()
        sentence = _("The mail server gave no answer in %(n)s seconds. The message waits below.")
        messages.warning(request, sentence % {"n": LONGEST_TEST})
    except OSError as error:  # what mail servers and networks say no with
        sentence = _("It was not sent. The server said: %(reason)s")
        messages.error(request, sentence % {"reason": words_of(error)})
    else:
        folder = queries.get_mail_folder()
        if folder:
            sentence = _("There is no mail server yet. The message lies in the folder %(folder)s.")
            messages.warning(request, sentence % {"folder": folder})
        else:
            sentence = _("The mail server took the message to %(email)s.")
            messages.success(request, sentence % {"email": person.email})
    return redirect("studio-mail")


@require_POST
@login_required
@owners_only
def unsent_mail(request: HttpRequest, mail_id: int | None = None) -> HttpResponse:
    """Dismiss a mail that was not sent, or try it again, or all of them, as `state` says."""
    if mail_id is not None and request.POST.get("state") == "dismissed":
        dismiss_mail(mail_id)
        messages.success(request, _("The mail is dismissed."))
    elif count := try_mail_again(mail_id):
        sentence = ngettext("%(n)s mail is tried again.", "%(n)s mails are tried again.", count)
        messages.success(request, sentence % {"n": count})
    else:
        messages.info(request, _("There is nothing to send any more."))
    return redirect("studio-mail")


@require_safe
def logo_file(_request: HttpRequest, name: str) -> HttpResponseBase:
    """Serve a logo; its address names its content, so that browsers keep it for good."""
    path = logo_path(name)
    if not (name.isalnum() and default_storage.exists(path)):
        raise Http404
    response = FileResponse(default_storage.open(path), content_type="image/png")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@require_safe
def colors(_request: HttpRequest, stamp: str) -> HttpResponse:  # noqa: ARG001  it makes the address new
    """Serve the accent as a style sheet that sets the tokens of links and buttons."""
    color = read_color(get_school(get_stamp()).accent)
    if color is None:
        raise Http404
    shades = palette(color)
    day = f"--water: {shades.day}; --water-deep: {shades.day_deep};"
    night = f"--water: {shades.night}; --water-deep: {shades.night_deep};"
    text = (
        f"@layer tokens {{ :root {{ {day} }}"
        f" @media (prefers-color-scheme: dark) {{ :root {{ {night} }} }} }}\n"
    )
    response = HttpResponse(text, content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
