"""What has been archived, and the way back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from stepwell.courses.access import get_taught_course
from stepwell.courses.actions import restore_course
from stepwell.courses.models import Course
from stepwell.courses.queries import get_archived, get_archived_courses
from stepwell.web.requests import current_user, instructors_only
from stepwell.web.ways_back import require_POST


@login_required
@instructors_only
def archived_courses(request: HttpRequest) -> HttpResponse:
    """List the archived courses that the person teaches."""
    courses = get_archived_courses(current_user(request))
    return render(request, "studio/archived_courses.html", {"courses": courses})


@require_POST
@login_required
def restoration(request: HttpRequest, key: str) -> HttpResponse:
    """Bring an archived course back as it was."""
    course = Course.objects.taught_by(current_user(request)).filter(key=key).first()
    if course is None:
        raise Http404
    restore_course(course=course)
    messages.success(request, _("“%(title)s” is back as it was.") % {"title": course})
    return redirect("studio-outline", course.slug)


@login_required
def archived_parts(request: HttpRequest, slug: str) -> HttpResponse:
    """List the archived modules and lessons of a course."""
    course = get_taught_course(current_user(request), slug)
    context = {"course": course, "tree": get_archived(course)}
    return render(request, "studio/course/archive.html", context)
