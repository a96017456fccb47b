"""What browsers keep for the time without a connection: a service worker and two pages."""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from stepwell.school.queries import SchoolView, get_school, get_stamp


@require_safe
def worker(_request: HttpRequest) -> HttpResponse:
    """Serve the service worker. It may read all addresses, so it is not below `/static/`.

    Browsers install it again when this text changes: with the language, the school's name, logo or
    color, or a file's hash.
    """
    school = get_school(get_stamp())
    kept = {
        "language": get_language(),
        "name": school.name,
        "files": _files(school),
        "offline": reverse("offline"),
        "unsent": reverse("offline-unsent"),
    }
    code = static("js/offline_worker.js")
    text = f"const KEPT = {json.dumps(kept)};\nimportScripts({json.dumps(code)});\n"
    return HttpResponse(text, "text/javascript", headers={"Cache-Control": "no-cache"})


def _files(school: SchoolView) -> list[str]:
    """Return the addresses of the files that the pages need."""
    logo = reverse("school-logo", args=[school.logo]) if school.logo else static("img/logo.svg")
    colors = [reverse("school-colors", args=[school.stamp])] if school.accent else []
    return [static("css/app.css"), logo, *colors]


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Say that there is no connection. The page holds nothing private: browsers keep it."""
    return render(request, "errors/offline.html", {"is_unsent": False})


@require_safe
def unsent(request: HttpRequest) -> HttpResponse:
    """Say that there is no connection, and that what was sent is not recorded."""
    return render(request, "errors/offline.html", {"is_unsent": True})
