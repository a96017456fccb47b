"""People: the profile."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from stepwell.accounts.models import User
from stepwell.courses.queries import get_courses_taught
from stepwell.learning.queries import get_enrolled_courses_with_progress
from stepwell.web.requests import learner


@login_required
def member(request: HttpRequest, handle: str) -> HttpResponse:
    """Show a person; what they learn, they alone can see here."""
    person = get_object_or_404(User.objects.filter(is_active=True), handle=handle)
    is_self = person == learner(request)
    context = {
        "person": person,
        "is_self": is_self,
        "taught": get_courses_taught(person),
        "courses": get_enrolled_courses_with_progress(person) if is_self else [],
    }
    return render(request, "community/member/detail.html", context)
