"""Requests that name an encoding, as the server reads them, and the threads that answer."""

import asyncio
from typing import Any

import pytest
from django.test import RequestFactory
from django.utils import translation

from stepwell.config import rsgi
from stepwell.core.slow_views import FAST

pytestmark = pytest.mark.django_db
FORM = b'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\n+2AA-\\ud800\r\n--x--\r\n'
NO_TEXT = ["hex", "rot13", "idna", "undefined", "bz2"]
OTHER_TEXT = ["utf-7", "unicode_escape", "utf-16", "latin-1", "no-such-thing"]


def ask(method: str, address: str, body: bytes, content_type: str) -> tuple[str, str]:
    environ = RequestFactory().generic(method, address, body).environ
    environ |= {"CONTENT_TYPE": content_type}
    answer: Any = rsgi.django.get_response(rsgi.django.request_class(environ))
    return f"{answer.status_code} {answer.reason_phrase}", answer.content.decode()


@pytest.mark.parametrize("charset", [*NO_TEXT, *OTHER_TEXT, "utf-8"])
@pytest.mark.parametrize("kind", ["text/plain", "application/json"])
def test_query_is_read_as_utf_8(kind: str, charset: str) -> None:
    address = "/courses/?q=%2B2AA-%5Cud800%C3%A9"

    status, page = ask("GET", address, b"{}", f"{kind}; charset={charset}")

    assert status == "200 OK"
    assert r'value="+2AA-\ud800é"' in page


@pytest.mark.parametrize("parameter", ["x*=no-such-thing''a", "x*=undefined''%41", "x*=hex''%41"])
def test_content_type_with_an_odd_parameter_does_no_harm(parameter: str) -> None:
    status, _page = ask("GET", "/courses/?q=a", b"", f"text/plain; {parameter}")

    assert status == "200 OK"


@pytest.mark.parametrize("charset", [*NO_TEXT, *OTHER_TEXT])
def test_form_in_an_odd_encoding_is_refused(charset: str) -> None:
    content_type = f"multipart/form-data; boundary=x; charset={charset}"

    status, _page = ask("POST", "/accounts/login/?next=/", FORM, content_type)

    assert status == "400 Bad Request"


@pytest.mark.parametrize("charset", ["utf-8", "UTF8", "utf_8"])
def test_form_in_utf_8_is_read(charset: str) -> None:
    content_type = f"multipart/form-data; boundary=x; charset={charset}"

    status, _page = ask("POST", "/accounts/login/?next=/", FORM, content_type)

    assert status == "403 Forbidden"  # it was read, and has no token


@pytest.mark.parametrize("charset", NO_TEXT)
def test_api_answers_a_request_in_an_odd_encoding_in_json(charset: str) -> None:
    content_type = f"application/json; charset={charset}"

    status, body = ask("GET", "/api/v1/courses?q=a", b"", content_type)

    assert status == "200 OK"
    assert body.startswith("{")


def test_language_that_a_page_sets_is_not_left_in_its_thread() -> None:
    async def ask_twice() -> str:
        await rsgi.run_in_thread(FAST, translation.activate, "de")
        return await rsgi.run_in_thread(FAST, translation.get_language)

    assert asyncio.run(ask_twice()) == "en"
