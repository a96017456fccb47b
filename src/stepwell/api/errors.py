"""The one shape in which the API says no: a code, a sentence that says what to do, the fields."""

import logging
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import Schema
from ninja.errors import HttpError, ValidationError

from stepwell.core.errors import DomainError
from stepwell.core.markdown.cost import TextTooLarge
from stepwell.courses.errors import BadValue
from stepwell.learning.errors import NotEnrolled

logger = logging.getLogger(__name__)

# What can be wrong with any request, by status; rules of the domain bring their own code.
REFUSALS: dict[int, tuple[str, str | Promise]] = {
    400: (
        "malformed",
        gettext_lazy(
            "The request can't be read. Send its body as valid JSON in UTF-8, at most 5 MB and "
            "1000 parameters, and no NUL character anywhere."
        ),
    ),
    401: (
        "not_signed_in",
        gettext_lazy(
            "Send a valid token as “Authorization: Bearer TOKEN”. "
            "Your account settings or “stepwell token EMAIL” make a new one."
        ),
    ),
    403: (
        "csrf_failed",
        gettext_lazy("Send the X-CSRFToken header, or a token instead of the browser's session."),
    ),
    404: (
        "not_found",
        gettext_lazy(
            "There is nothing at this address, or it isn't open. "
            "/api/v1/courses lists the open courses, /api/v1/docs every address."
        ),
    ),
    405: (
        "method_not_allowed",
        gettext_lazy(
            "This address doesn't take that method. The Allow header lists those it takes."
        ),
    ),
    422: ("invalid", gettext_lazy("Mend the fields named here and send the request again.")),
    500: (
        "server_error",
        gettext_lazy("Something went wrong on our side and is logged. Try again in a while."),
    ),
}

# What pydantic says of a field, in the site's words and languages.
FIELD_SENTENCES: dict[str, str | Promise] = {
    "missing": gettext_lazy("Add this field."),
    "extra_forbidden": gettext_lazy("Leave this field out; it has no meaning here."),
    "string_type": gettext_lazy("Write a text in quotes."),
    "string_unicode": gettext_lazy("Leave out the characters that aren't allowed here."),
    "bool_type": gettext_lazy("Write true or false."),
    "list_type": gettext_lazy("Write a list in brackets."),
    "model_attributes_type": gettext_lazy("Write an object in braces."),
    "literal_error": gettext_lazy("Write one of these: %(expected)s."),
    "too_long": gettext_lazy("Send at most %(max_length)s of these."),
    "int_parsing_size": gettext_lazy("Write a smaller number."),
    "int_parsing": gettext_lazy("Write a whole number."),
    "int_type": gettext_lazy("Write a whole number."),
    "greater_than_equal": gettext_lazy("Write %(ge)s or more."),
    "less_than_equal": gettext_lazy("Write %(le)s or less."),
    "string_too_long": gettext_lazy("Write at most %(max_length)s characters."),
    "string_pattern_mismatch": gettext_lazy("Leave out the characters that aren't allowed here."),
}


class ErrorBody(Schema):
    """What went wrong: `code` is stable, `message` says what to do, `fields` says where."""

    code: str
    message: str
    fields: dict[str, list[str]]


class Error(Schema):
    """Every answer that isn't a success."""

    error: ErrorBody


def error_answer(
    status: int, code: str, message: object, fields: Mapping[str, list[str]] | None = None
) -> JsonResponse:
    """Return an answer in the one shape."""
    error = {"code": code, "message": str(message), "fields": dict(fields or {})}
    answer = JsonResponse({"error": error}, status=status)
    if status == 401:
        answer["WWW-Authenticate"] = "Bearer"
    return answer


def refusal(status: int, fields: Mapping[str, list[str]] | None = None) -> JsonResponse:
    """Return the answer of that status from `REFUSALS`."""
    return error_answer(status, *REFUSALS[status], fields)


def domain_error(_request: HttpRequest, error: DomainError) -> JsonResponse:
    """Answer a rule of the domain: 403 to those who are not enrolled, 422 for a value, else 409."""
    is_value = isinstance(error, BadValue | TextTooLarge)
    status = 403 if isinstance(error, NotEnrolled) else 422 if is_value else 409
    return error_answer(status, error.code, error)


def not_found(_request: HttpRequest, _error: Http404) -> JsonResponse:
    """Answer for what is absent and for what is hidden alike."""
    return refusal(404)


def http_error(_request: HttpRequest, error: HttpError) -> JsonResponse:
    """Answer what ninja refuses before an endpoint runs."""
    return refusal(error.status_code)


def unreadable(_request: HttpRequest, _error: SuspiciousOperation) -> JsonResponse:
    """Answer what Django refuses to read, such as thousands of parameters."""
    return refusal(400)


def validation_error(_request: HttpRequest, error: ValidationError) -> JsonResponse:
    """Answer with the fields to mend; an address that no key or slug can have is a plain 404."""
    if any(problem["loc"][0] == "path" for problem in error.errors):
        return refusal(404)
    fields: dict[str, list[str]] = defaultdict(list)
    for problem in error.errors:
        fields[str(problem["loc"][-1])].append(_field_sentence(problem))
    return refusal(422, fields)


def server_error(request: HttpRequest, error: Exception) -> JsonResponse:
    """Log what nobody foresaw, and say nothing of it."""
    logger.error("%s %s failed", request.method, request.path, exc_info=error)
    return refusal(500)


def _field_sentence(problem: dict[str, Any]) -> str:
    sentence = FIELD_SENTENCES.get(problem["type"])
    if sentence is None:
        return _("This doesn't fit: %(reason)s.") % {"reason": problem["msg"]}
    facts: dict[str, Any] = problem.get("ctx", {})
    return str(sentence) % facts
