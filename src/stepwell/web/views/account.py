"""One's own account: first run, settings and API tokens; the rest is allauth's."""

import shlex

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from stepwell.accounts.actions import (
    create_api_token,
    create_first_owner,
    revoke_api_token,
    turn_keys,
    update_profile,
)
from stepwell.accounts.queries import has_any_user
from stepwell.core.errors import DomainError
from stepwell.core.slow_views import slow_view
from stepwell.courses.queries import has_any_course
from stepwell.web.forms import OwnerForm, ProfileForm, TokenForm
from stepwell.web.requests import current_user
from stepwell.web.ways_back import require_POST


@slow_view
def first_run(request: HttpRequest) -> HttpResponse:
    """Let the first visitor of an empty site become its owner."""
    if has_any_user():
        return redirect("home")
    form = OwnerForm(request.POST or None)
    if form.is_valid():
        try:
            owner = create_first_owner(**form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            login(request, owner, "django.contrib.auth.backends.ModelBackend")
            return redirect("first-steps")
    return render(request, "accounts/first_run.html", {"form": form})


@slow_view
@login_required
def first_steps(request: HttpRequest) -> HttpResponse:
    """Offer the owner of a site without courses what to put into it."""
    if not current_user(request).is_owner:
        raise Http404
    if has_any_course():
        return redirect("catalog")
    if request.method == "POST":
        # Importing a course takes much that no other page needs.
        from stepwell.demo.sample import add_sample_course  # noqa: PLC0415

        course = add_sample_course(instructor=current_user(request))
        messages.success(request, _("The sample course is open to learners, you among them."))
        return redirect(course)
    site = settings.SITE
    where = "" if site.is_data_default else f"STEPWELL_DATA={shlex.quote(str(site.data))} "
    return render(request, "accounts/first_steps.html", {"where": where})


@login_required
def account_settings(request: HttpRequest) -> HttpResponse:
    """Show and change name and time zone, with ways to address, password and second factor."""
    user = current_user(request)
    form = ProfileForm.of(user, request.POST or None)
    if form.is_valid():
        update_profile(user=user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("account-settings")
    return render(request, "accounts/settings.html", {"form": form})


@require_POST
@login_required
def lesson_keys(request: HttpRequest) -> HttpResponse:
    """Turn the keys of lesson pages on or off, as `state` says; lead back to the page `next`."""
    turn_keys(user=current_user(request), is_on=request.POST.get("state") == "on")
    if request.htmx:  # type: ignore[attr-defined]  # set by HtmxMiddleware
        return render(request, "components/keys_choice.html")
    page = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(page, request.get_host())
    return HttpResponseRedirect(page) if is_ours else redirect("account-settings")


@login_required
def token_list(request: HttpRequest) -> HttpResponse:
    """List the person's API tokens; a new one's secret is shown this once."""
    form = TokenForm(request.POST or None)
    secret = None
    if form.is_valid():
        _token, secret = create_api_token(
            user=current_user(request), label=form.cleaned_data["label"]
        )
        form = TokenForm()
    context = {"form": form, "secret": secret, "tokens": current_user(request).api_tokens.all()}
    return render(request, "accounts/tokens.html", context)


@require_POST
@login_required
def token_revocation(request: HttpRequest, token_id: int) -> HttpResponse:
    """Revoke one of the person's own tokens."""
    token = get_object_or_404(current_user(request).api_tokens, pk=token_id)
    revoke_api_token(token=token)
    messages.success(request, _("The token is revoked. Programs that used it are signed out."))
    return redirect("api-tokens")
