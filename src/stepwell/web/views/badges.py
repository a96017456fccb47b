"""The studio's page of badges, for owners."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from stepwell.core.errors import DomainError
from stepwell.core.slow_views import slow_view
from stepwell.gamification.actions import define_badge, offer_badge, retire_badge
from stepwell.gamification.models import Badge
from stepwell.gamification.queries import get_badges
from stepwell.web.forms import BadgeForm
from stepwell.web.requests import current_user, needs_points
from stepwell.web.ways_back import require_POST


@slow_view
@login_required
@needs_points
def badge_list(request: HttpRequest) -> HttpResponse:
    """List all badges, and take a new one."""
    if not current_user(request).is_owner:
        raise Http404
    form = BadgeForm(request.POST or None)
    if form.is_valid():
        try:
            badge = define_badge(**form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("“%(name)s” can be earned now.") % {"name": badge.title})
            return redirect("studio-badges")
    context = {"form": form, "badges": get_badges()}
    return render(request, "studio/badge_list.html", context)


@require_POST
@login_required
@needs_points
def badge_offer(request: HttpRequest, badge_id: int) -> HttpResponse:
    """Make the wanted `state` of a badge so: "offered" or "retired"."""
    if not current_user(request).is_owner:
        raise Http404
    badge = get_object_or_404(Badge, pk=badge_id)
    if request.POST.get("state") == "offered":
        offer_badge(badge=badge)
    else:
        retire_badge(badge=badge)
    return redirect("studio-badges")
