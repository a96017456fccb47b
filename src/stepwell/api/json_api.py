"""A NinjaAPI that keeps to the one error shape where ninja leaves the answer to Django."""

import hashlib
import json
import re
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, re_path
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.parser import Parser

from stepwell.api import errors
from stepwell.core.errors import DomainError
from stepwell.courses.addresses import address_of_now

View = Callable[..., HttpResponseBase]
# An escaped NUL; an even number of backslashes before it only writes backslashes.
ESCAPED_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
MOST_FIELDS = 1000  # as many as a form may have


class JsonParser(Parser):
    """Reads bodies as RFC 8259 wants them between systems: JSON in UTF-8."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return the value of a body. Raises `ValueError`, which ninja answers with 400."""
        text = request.body.decode()
        if ESCAPED_NUL.search(text):
            raise ValueError("PostgreSQL can't store a NUL character")
        return json.loads(text, object_pairs_hook=_object)


def _object(fields: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(fields) > MOST_FIELDS:
        raise ValueError("An object has too many fields")
    return dict(fields)


class JsonApi(NinjaAPI):
    """Answers every failure in JSON, those of wrong methods and unknown addresses too."""

    def __init__(self, **options: Any) -> None:
        super().__init__(parser=JsonParser(), **options)

    def set_default_exception_handlers(self) -> None:
        """Install this API's own handlers; called by the base class."""
        self.exception_handler(DomainError)(errors.domain_error)
        self.exception_handler(Http404)(errors.not_found)
        self.exception_handler(HttpError)(errors.http_error)
        self.exception_handler(SuspiciousOperation)(errors.unreadable)
        self.exception_handler(ValidationError)(errors.validation_error)
        self.exception_handler(Exception)(errors.server_error)

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """Return the document; any request can be unreadable, so each operation names 400."""
        document = super().get_openapi_schema(**options)
        shape = {"$ref": "#/components/schemas/Error"}
        answer = {"description": "Bad Request", "content": {"application/json": {"schema": shape}}}
        for operations in document["paths"].values():
            for operation in operations.values():
                operation["responses"].setdefault(400, answer)
        return document

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Return the endpoint's own name, from which generated clients take theirs."""
        return operation.view_func.__name__

    @property
    def urls(self) -> tuple[list[URLResolver | URLPattern], str, str]:
        """The routes for `path()`, and behind them one for all other addresses."""
        patterns, app_name, namespace = super().urls
        patterns.append(re_path("", _unknown_address, name="unknown-address"))
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                pattern.callback = _in_one_shape(pattern.callback)
        return patterns, app_name, namespace


def _unknown_address(_request: HttpRequest) -> HttpResponseBase:
    raise Http404


def _in_one_shape(view: View) -> View:
    # Exempt, because the session's CSRF check belongs to `SignedIn`, which answers in JSON.
    @csrf_exempt
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **options: Any) -> HttpResponseBase:
        if request.method == "HEAD":  # a GET, of whose answer the server sends the head alone
            request.method = "GET"
        response = _answer(view, request, args, options)
        if response.status_code == 404 and "slug" in options:
            place = address_of_now(options)  # a former address acts like the one of now
            response = _answer(view, request, args, place.parameters) if place else response
        is_read = request.method == "GET" and response.status_code == 200
        if is_read and response["Content-Type"].startswith("application/json"):
            return _unless_known(request, response)
        if response.status_code != 405:
            return response
        refusal = errors.refusal(405)
        methods = set(response["Allow"].split(", "))
        refusal["Allow"] = ", ".join(sorted(methods | {"HEAD"} if "GET" in methods else methods))
        return refusal

    return answer


def _answer(
    view: View, request: HttpRequest, args: tuple[Any, ...], options: dict[str, Any]
) -> HttpResponseBase:
    try:
        return view(request, *args, **options)
    except Http404:
        return errors.refusal(404)


def _unless_known(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Answer 304 to a caller who has just what would be sent; nobody may use it without asking."""
    digest = hashlib.sha256(cast("HttpResponse", response).content).hexdigest()[:32]
    known = parse_etags(request.headers.get("If-None-Match", ""))
    if "*" in known or f'"{digest}"' in {etag.removeprefix("W/") for etag in known}:
        response = HttpResponseNotModified()
        patch_vary_headers(response, ["Accept-Encoding"])  # as all but the shortest answers have
    # Weak, because the same answer goes out in several compressions.
    response["ETag"] = f'W/"{digest}"'
    response["Cache-Control"] = "private, no-cache"
    return response
