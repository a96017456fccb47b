"""People: profiles, points, and the leaderboard."""

import secrets

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from stepwell.accounts.models import User
from stepwell.core.errors import DomainError
from stepwell.courses.queries import get_courses_taught
from stepwell.gamification.actions import (
    correct_points,
    set_weekly_goal,
    show_on_leaderboard,
)
from stepwell.gamification.calendar import year_until
from stepwell.gamification.errors import BadGoal
from stepwell.gamification.models import Period
from stepwell.gamification.queries import (
    explain,
    get_earned_badges,
    get_figures,
    get_leaderboard,
    get_ledger,
    get_participation,
)
from stepwell.gamification.rules import is_on
from stepwell.learning.access import get_class_course
from stepwell.learning.queries import get_enrolled_courses_with_progress
from stepwell.web.edit_forms import is_stale
from stepwell.web.forms import CorrectionForm, GoalForm
from stepwell.web.requests import current_user, needs_points, page_query
from stepwell.web.ways_back import require_POST

ENTRIES_PER_PAGE = 50


@login_required
def member(request: HttpRequest, handle: str) -> HttpResponse:
    """Show a person; what they learn, they alone can see here, and their points if they wish."""
    person = _person(handle)
    is_self = person == current_user(request)
    context = {
        "person": person,
        "is_self": is_self,
        "taught": get_courses_taught(person),
        "courses": get_enrolled_courses_with_progress(person) if is_self else [],
        "figures": None,
    }
    figures = get_figures(person) if is_on() else None
    if figures and (is_self or figures.participation.is_listed):
        context |= {
            "figures": figures,
            "badges": get_earned_badges(person),
            "year": year_until(figures.today, figures.lessons_by_day),
            "goal_form": GoalForm.of(figures.participation),
        }
    return render(request, "community/member/detail.html", context)


@login_required
@needs_points
def member_points(request: HttpRequest, handle: str) -> HttpResponse:
    """Show what somebody was given points for, to themselves and to owners."""
    person = _person(handle)
    viewer = current_user(request)
    if person != viewer and not viewer.is_owner:
        raise Http404
    form = CorrectionForm(request.POST or None, initial={"number": secrets.randbelow(2**53)})
    if request.method == "POST":
        if not viewer.is_owner:
            raise Http404
        if form.is_valid() and _was_corrected(form, person, viewer):
            messages.success(request, _("The correction is saved."))
            return redirect("member-points", person.handle)
    entries = Paginator(get_ledger(person), ENTRIES_PER_PAGE)
    page = entries.get_page(request.GET.get("page"))
    context = {
        "person": person,
        "is_self": person == viewer,
        "page": page,
        "rest": page_query(),
        "lines": explain(page),
        "figures": get_figures(person),
        "form": form if viewer.is_owner else None,
    }
    return render(request, "community/member/points.html", context)


@require_POST
@login_required
@needs_points
def goal(request: HttpRequest) -> HttpResponse:
    """Set one's weekly goal, or none."""
    form = GoalForm(request.POST)
    if is_stale(request.POST, **GoalForm.of(get_participation(current_user(request))).initial):
        messages.warning(request, _("Your goal was changed meanwhile. Look at it, then choose."))
        return redirect("member", current_user(request).handle)
    try:
        if not form.is_valid():
            raise BadGoal
        set_weekly_goal(user=current_user(request), **form.goal)
        messages.success(request, _("Saved."))
    except BadGoal as error:
        messages.error(request, str(error))
    return redirect("member", current_user(request).handle)


@require_POST
@login_required
@needs_points
def listing(request: HttpRequest) -> HttpResponse:
    """Show oneself on the leaderboard or not, as `state` says: "listed" or "hidden"."""
    is_listed = request.POST.get("state") == "listed"
    show_on_leaderboard(user=current_user(request), is_listed=is_listed)
    messages.success(
        request,
        _("You are on the leaderboard.") if is_listed else _("Nobody else sees your points now."),
    )
    return redirect("member", current_user(request).handle)


@login_required
@needs_points
def leaderboard(request: HttpRequest) -> HttpResponse:
    """Show who learned most in a period, on the site or in a course that one belongs to."""
    viewer = current_user(request)
    wanted = request.GET.get("period", Period.WEEK)
    if wanted not in Period.values:
        raise Http404
    slug = request.GET.get("course", "")
    course = get_class_course(viewer, slug) if slug else None
    context = {
        "board": get_leaderboard(viewer, Period(wanted), course),
        "periods": Period,
        "course": course,
        "courses": [item.course for item in get_enrolled_courses_with_progress(viewer)],
    }
    return render(request, "community/leaderboard.html", context)


def _person(handle: str) -> User:
    return get_object_or_404(User.objects.filter(is_active=True), handle=handle)


def _was_corrected(form: CorrectionForm, person: User, owner: User) -> bool:
    try:
        correct_points(user=person, given_by=owner, **form.cleaned_data)
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    return True
