"""Refusing requests that call the site by another host or port."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.shortcuts import render
from django.utils.log import log_response
from django.utils.translation import gettext_lazy as _

from stepwell.api.errors import error_answer
from stepwell.core.errors import DomainError


class ForeignHost(DomainError):
    code = "foreign_host"
    sentence = _("The site has another host or port. Send requests to the site's own address.")


class HostMiddleware:
    """Answer 400 to requests for foreign hosts, and for foreign ports once an address is set.

    Django checks the host alone, and only where it is used.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_own_host(request):
            return self.get_response(request)
        response = _refusal(request)
        # One line. Django's own would be a traceback for each scanner that tries an IP address.
        log_response(
            "Refused a request for the host %.200s",
            _named(request),
            response=response,
            request=request,
        )
        return response


def _refusal(request: HttpRequest) -> HttpResponse:
    if request.path.startswith("/api/"):
        return error_answer(400, ForeignHost.code, ForeignHost())
    context = {"address": settings.SITE.address}
    return render(request, "errors/host.html", context, status=400)


def is_own_host(request: HttpRequest) -> bool:
    """Tell whether the `Host` header names this site."""
    try:
        host, port = split_domain_port(request.get_host())
    except DisallowedHost:
        return False
    return bool(settings.SITE.is_own_port(host, port))


def _named(request: HttpRequest) -> str:
    return str(request.META.get("HTTP_HOST", request.META.get("SERVER_NAME", "")))
