"""The courses that one teaches: their list, and each as a whole."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from stepwell.core.errors import DomainError
from stepwell.core.slow_views import slow_view
from stepwell.courses.access import can_teach, get_taught_course
from stepwell.courses.actions import (
    archive_course,
    create_course,
    duplicate_course,
    publish_course,
    remove_cover,
    set_cover,
    set_instructors,
    unpublish_course,
    update_course,
)
from stepwell.courses.errors import BadValue
from stepwell.courses.queries import get_empty_lessons
from stepwell.learning.queries import TaughtCourse, TaughtCourses, get_course_impact
from stepwell.web.edit_forms import is_stale
from stepwell.web.requests import current_user, instructors_only, page_query
from stepwell.web.studio_forms import CourseForm, DetailsForm
from stepwell.web.views.studio.outline import ask_about_empty, has_unnamed
from stepwell.web.ways_back import require_POST

ROWS_PER_PAGE = 50
# Which part of a picture stays when it is cut: shares from its left and top.
FOCUS = {"start": (0.0, 0.0), "center": (0.5, 0.5), "end": (1.0, 1.0)}


@slow_view
@login_required
@instructors_only
def course_list(request: HttpRequest) -> HttpResponse:
    """List the courses that the person teaches, and create one from its title."""
    form = CourseForm(request.POST or None)
    if form.is_valid():
        try:
            course = create_course(**form.cleaned_data)
        except BadValue as error:
            form.add_error("title", str(error))
        else:
            set_instructors(course=course, instructors=[current_user(request)])
            return redirect("studio-outline", course.slug)
    taught = TaughtCourses(current_user(request))
    courses: Paginator[TaughtCourse] = Paginator(taught, ROWS_PER_PAGE)  # type: ignore[arg-type]  # reads slices
    page = courses.get_page(request.GET.get("page"))
    context = {"page": page, "rest": page_query(), "form": form}
    return render(request, "studio/course_list.html", context)


@slow_view
@login_required
def details(request: HttpRequest, slug: str) -> HttpResponse:
    """Show and change what a course says about itself."""
    course = get_taught_course(current_user(request), slug)
    form = DetailsForm(request.POST or None, course=course)
    if form.is_valid():
        try:
            update_course(course=course, **form.changes)
            if form.instructors is not None:
                set_instructors(course=course, instructors=form.instructors)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            if not can_teach(current_user(request), course):  # who took themselves off it
                return redirect("studio")
            return redirect("studio-details", course.slug)
    return render(request, "studio/course/details.html", {"course": course, "form": form})


@slow_view
@require_POST
@login_required
def cover(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a picture as the course's cover, or show the drawn one again."""
    course = get_taught_course(current_user(request), slug)
    picture, focus = request.FILES.get("picture"), request.POST.get("focus", "center")
    if is_stale(request.POST, picture=course.cover):
        messages.warning(request, _("The cover was changed meanwhile. Look at it, then choose."))
    elif request.POST.get("state") == "drawn":
        remove_cover(course=course)
    elif picture is not None:
        set_cover(course=course, picture=picture, focus=FOCUS.get(focus, FOCUS["center"]))
        messages.success(request, _("This is the cover now."))
    else:
        messages.error(
            request,
            _("Choose a picture of at most %(n)s MiB first.")
            % {"n": settings.SITE.max_attachment_mb},
        )
    return redirect("studio-details", slug)


@slow_view
@login_required
def status(request: HttpRequest, slug: str) -> HttpResponse:
    """Make the wanted `state` so: "published", "all" with its lessons, or "draft", asked first."""
    course = get_taught_course(current_user(request), slug)
    if request.method != "POST":
        context = {"course": course, "impact": get_course_impact(course)}
        return render(request, "studio/course/closing.html", context)
    wanted = request.POST.get("state")
    if wanted in {"published", "all"}:
        has_lessons = wanted == "all"
        empty = get_empty_lessons(course, with_drafts=has_lessons)
        if has_unnamed(request.POST, empty):
            return ask_about_empty(request, course, empty)
        with_empty = request.POST.get("empty") != "draft"
        publish_course(course=course, with_lessons=has_lessons, with_empty=with_empty)
        messages.success(request, _("The course is open to learners."))
    else:
        unpublish_course(course=course)
        messages.success(request, _("The course is closed to learners. Their progress is kept."))
    return redirect("studio-outline", course.slug)


@slow_view
@require_POST
@login_required
def copies(request: HttpRequest, slug: str) -> HttpResponse:
    """Make a draft with the same content."""
    copy = duplicate_course(course=get_taught_course(current_user(request), slug))
    messages.success(request, _("This is the copy, a draft without learners."))
    return redirect("studio-outline", copy.slug)


@slow_view
@login_required
def archiving(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what archiving a course would do, and do it."""
    course = get_taught_course(current_user(request), slug)
    if request.method != "POST":
        context = {"course": course, "impact": get_course_impact(course)}
        return render(request, "studio/course/archiving.html", context)
    archive_course(course=course)
    messages.success(request, _("“%(title)s” is archived.") % {"title": course})
    return redirect("studio-archived-courses")
