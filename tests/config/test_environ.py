"""A request of Granian's as Django's WSGI handler reads it."""

from io import BytesIO
from types import SimpleNamespace
from typing import Any

from django.core.handlers.wsgi import WSGIRequest

from stepwell.config.environ import make_environ


class Headers(list[tuple[str, str]]):
    def items(self) -> list[tuple[str, str]]:
        return self


def environ_of(*headers: tuple[str, str], **changed: str) -> dict[str, Any]:
    scope = {
        "method": "GET",
        "path": "/courses/",
        "query_string": "q=a",
        "server": "127.0.0.1:8000",
        "client": "192.0.2.1:4711",
        "http_version": "1.1",
        "scheme": "http",
    }
    return make_environ(SimpleNamespace(**scope | changed, headers=Headers(headers)))


def test_address_and_query_are_read_in_any_script() -> None:
    request = WSGIRequest(
        environ_of(path="/courses/über-физика/", query_string="q=ü&r=%C3%BC")
        | {"wsgi.input": BytesIO()}
    )

    assert request.path == "/courses/über-физика/"
    assert request.GET.dict() == {"q": "ü", "r": "ü"}


def test_client_and_server_are_named_without_ports_and_brackets() -> None:
    environ = environ_of(client="[2001:db8::1]:4711", server="[::1]:8000")

    assert environ["REMOTE_ADDR"] == "2001:db8::1"
    assert (environ["SERVER_NAME"], environ["SERVER_PORT"]) == ("::1", "8000")


def test_headers_that_come_several_times_are_joined() -> None:
    environ = environ_of(
        ("cookie", "a=1"), ("cookie", "b=2"), ("accept", "text/html"), ("accept", "*/*")
    )

    assert environ["HTTP_COOKIE"] == "a=1; b=2"
    assert environ["HTTP_ACCEPT"] == "text/html,*/*"


def test_header_with_an_underscore_cannot_pass_for_a_proxys() -> None:
    environ = environ_of(("x_forwarded_for", "10.0.0.1"), ("x-forwarded_proto", "https"))

    assert not {"HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO"} & environ.keys()


def test_length_and_type_of_the_body_have_the_names_of_wsgi() -> None:
    environ = environ_of(("content-length", "3"), ("content-type", "text/plain"))

    assert (environ["CONTENT_LENGTH"], environ["CONTENT_TYPE"]) == ("3", "text/plain")
