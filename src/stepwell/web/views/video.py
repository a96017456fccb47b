"""Where a learner was in a lesson's video, for its player."""

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from stepwell.learning.access import get_visible_lesson
from stepwell.learning.actions import remember_video_position
from stepwell.learning.queries import get_video_position
from stepwell.web.requests import current_user, signed_in

LONGEST = 1_000_000  # seconds; eleven days


@require_http_methods(["GET", "HEAD", "POST"])
def position(request: HttpRequest, key: str) -> HttpResponse:
    """Tell the position in seconds, or remember it."""
    lesson = get_visible_lesson(signed_in(request), key=key)
    if request.method != "POST":
        return JsonResponse({"seconds": get_video_position(current_user(request), lesson)})
    sent = request.POST.get("seconds", "")
    if not (sent.isascii() and sent.isdigit() and int(sent) <= LONGEST):
        return HttpResponseBadRequest(_("Send the position as a number of seconds."))
    remember_video_position(user=current_user(request), lesson=lesson, seconds=int(sent))
    return HttpResponse(status=204)
