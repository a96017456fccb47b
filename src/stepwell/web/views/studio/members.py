"""Who is here: roles, closed accounts, and who was invited."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stepwell.accounts import errors, queries
from stepwell.accounts.actions import set_role
from stepwell.accounts.errors import MailedJustNow
from stepwell.accounts.invitations import (
    invite_person,
    send_invitation_again,
    withdraw_invitation,
)
from stepwell.accounts.models import Invitation, Role, User
from stepwell.accounts.people import readmit_person, suspend_person
from stepwell.accounts.queries import People, get_open_invitations
from stepwell.core.errors import DomainError
from stepwell.core.slow_views import slow_view
from stepwell.web.address_list import read_addresses
from stepwell.web.edit_forms import is_stale
from stepwell.web.requests import current_user, owners_only, page_query
from stepwell.web.ways_back import require_POST

ROWS_PER_PAGE = 50


@slow_view
@login_required
@owners_only
def member_list(request: HttpRequest) -> HttpResponse:
    """List all people, searched and filtered."""
    search = request.GET.get("q", "").strip()
    role, state = request.GET.get("role", ""), request.GET.get("state", "")
    people: Paginator[User] = Paginator(People(search, role, state), ROWS_PER_PAGE)  # type: ignore[arg-type]  # reads slices
    context = {
        "page": people.get_page(request.GET.get("page")),
        "rest": page_query(q=search, role=role, state=state),
        "search": search,
        "role": role,
        "state": state,
        "roles": Role.choices,
        "invitations": get_open_invitations(),
    }
    return render(request, "studio/school/members.html", context)


@slow_view
@require_POST
@login_required
@owners_only
def member(request: HttpRequest, handle: str) -> HttpResponse:
    """Give a person the wanted `role`, or close or open their account by `state`."""
    person = get_object_or_404(User, handle=handle)
    try:
        if is_stale(request.POST, role=person.role):
            words = {"name": person.name, "role": person.get_role_display()}
            messages.warning(
                request,
                _("The role of %(name)s was changed to %(role)s meanwhile. Choose again.") % words,
            )
            return redirect(f"{reverse('studio-members')}?{request.GET.urlencode()}".rstrip("?"))
        if request.POST.get("role") in Role.values:
            set_role(user=person, role=Role(request.POST["role"]))
        elif request.POST.get("state") == "suspended":
            suspend_person(user=person)
        elif request.POST.get("state") == "active":
            readmit_person(user=person)
        else:
            return HttpResponseBadRequest(_("Say which role, or whether the account is open."))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Saved: %(name)s.") % {"name": person.name})
    return redirect(f"{reverse('studio-members')}?{request.GET.urlencode()}".rstrip("?"))


@slow_view
@require_POST
@login_required
@owners_only
def invitations(request: HttpRequest) -> HttpResponse:
    """Invite people by email, one or several."""
    sent, known = 0, 0
    for entry in read_addresses(request.POST.get("emails", "")):
        try:
            _invitation, is_new = invite_person(email=entry.text, invited_by=current_user(request))
            sent, known = sent + is_new, known + (not is_new)
        except errors.EmailTaken as error:
            messages.error(request, _words_of_taken(error))
        except DomainError as error:
            messages.error(request, str(error))
    if sent:
        sentence = ngettext("%(n)s person is invited.", "%(n)s people are invited.", sent)
        messages.success(request, sentence % {"n": sent})
    if known:
        messages.info(request, _("Who was invited before stands below; send it again there."))
    return redirect("studio-members")


@slow_view
@require_POST
@login_required
@owners_only
def invitation(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Send an invitation again, or withdraw it, as `state` says."""
    found = get_object_or_404(Invitation, pk=invitation_id)
    if request.POST.get("state") == "withdrawn":
        withdraw_invitation(invitation=found)
        messages.success(request, _("The invitation is withdrawn."))
    else:
        try:
            send_invitation_again(invitation=found)
        except MailedJustNow as error:
            messages.error(request, str(error))
        else:
            sentence = _("The mail to %(email)s is sent again.")
            messages.success(request, sentence % {"email": found.email})
    return redirect("studio-members")


def _words_of_taken(error: errors.EmailTaken) -> str:
    """Say that an address has an account, and what to do if that is suspended."""
    if queries.get_user_by_email(error.data["email"]).is_active:
        return str(error)
    return _("%(email)s belongs to a suspended member. Let them back in above.") % error.data
