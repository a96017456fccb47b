"""The covers of courses, in the sizes that pages use."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from stepwell.core.slow_views import slow_view
from stepwell.courses.models import cover_path
from stepwell.learning.access import can_see_cover
from stepwell.web.requests import signed_in


@slow_view
@require_safe
def cover(request: HttpRequest, course_key: str, name: str, width: int) -> HttpResponseBase:
    """Serve a cover; its address names its content, so that browsers keep it for good."""
    path = cover_path(course_key, name, width)
    if not can_see_cover(signed_in(request), course_key, name) or not default_storage.exists(path):
        raise Http404
    response = FileResponse(default_storage.open(path), content_type="image/webp")
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    return response
