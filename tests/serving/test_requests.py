"""Requests as they come over the wire, and answers as they go back, however slow the client is."""

import select
import socket

import pytest

from tests.serving.conftest import RunningSite

FORM = "application/x-www-form-urlencoded"
HEAD = "Host: localhost\r\n"


def read_status(connection: socket.socket) -> int:
    """Return the status of the answer, 0 where the server hung up without one."""
    with connection, connection.makefile("rb") as file:
        answer = file.readline()
    return int(answer.split()[1]) if answer else 0


def test_page_comes_whole_and_head_has_its_length(served: RunningSite) -> None:
    status, headers, body = served.get("/accounts/login/", Host="localhost")
    head_status, head, nothing = served.get("/accounts/login/", "HEAD", Host="localhost")

    assert (status, int(headers["Content-Length"])) == (302, len(body))
    assert (head_status, nothing) == (302, b"")
    assert head["Location"] == headers["Location"] == "/welcome/"


def test_each_cookie_is_a_header_of_its_own_and_those_sent_are_one(served: RunningSite) -> None:
    connection = served.send(f"GET /welcome/ HTTP/1.1\r\n{HEAD}Cookie: a=1\r\nCookie: b=2\r\n\r\n")

    assert read_status(connection) == 200
    _status, headers, _body = served.get("/welcome/", Host="localhost")
    assert headers.get_all("Set-Cookie") is not None


def test_static_file_is_sent_with_its_length(served: RunningSite) -> None:
    _status, _headers, page = served.get("/welcome/", Host="localhost")
    address = page.decode().split('rel="stylesheet" href="')[1].split('"')[0]
    status, headers, content = served.get(address, Host="localhost")

    assert (status, int(headers["Content-Length"])) == (200, len(content))


@pytest.mark.parametrize(
    "half",
    [
        f"POST /accounts/login/ HTTP/1.1\r\n{HEAD}Content-Length: 1000\r\n\r\na",
        f"PUT /api/v1/courses/x/enrollment HTTP/1.1\r\n{HEAD}Content-Length: 1000\r\n\r\na",
        f"POST /studio/import/ HTTP/1.1\r\n{HEAD}Content-Length: 90000000\r\n\r\na",
        f"PUT /api/v1/courses/x/enrollment HTTP/1.1\r\n{HEAD}"
        "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        f"GET / HTTP/1.1\r\n{HEAD}X-Half: ",
    ],
)
def test_half_sent_requests_are_ended_and_hold_up_nobody(half: str, served: RunningSite) -> None:
    waiting = [served.send(half) for _each in range(20)]
    assert served.answers()

    statuses = {read_status(connection) for connection in waiting}

    assert statuses <= {408, 0}  # a hang-up where not even the head came


def test_body_that_breaks_off_is_not_acted_on(served: RunningSite) -> None:
    connection = served.send(
        f"POST /language/ HTTP/1.1\r\n{HEAD}Content-Type: {FORM}\r\n"
        "Content-Length: 1000\r\n\r\nlanguage=de"
    )
    connection.shutdown(socket.SHUT_WR)

    assert read_status(connection) in {400, 0}


def test_chunks_are_taken_where_half_of_them_would_be_noticed(served: RunningSite) -> None:
    chunks = "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
    api = f"POST /api/v1/courses HTTP/1.1\r\n{HEAD}Content-Type: application/json\r\n"
    form = f"POST /language/ HTTP/1.1\r\n{HEAD}Content-Type: {FORM}\r\n"

    assert read_status(served.send(api + chunks)) == 401
    assert read_status(served.send(form + chunks)) == 411


def test_stranger_cannot_send_much(served: RunningSite) -> None:
    request = f"POST /language/ HTTP/1.1\r\n{HEAD}Content-Type: multipart/form-data; boundary=x\r\n"
    connection = served.send(f"{request}Content-Length: 900000000\r\n\r\n" + "a" * 3_000_000)

    assert read_status(connection) == 400  # without waiting for the rest


def test_client_that_waits_to_be_told_to_go_on_is_told(served: RunningSite) -> None:
    request = f"POST /api/v1/courses HTTP/1.1\r\n{HEAD}Expect: 100-continue\r\n"
    with served.send(f"{request}Content-Length: 2\r\n\r\n") as connection:
        assert b"100 Continue" in connection.recv(1000)

        connection.sendall(b"{}")

        assert b" 401 " in connection.recv(1000)


def test_body_that_trickles_in_is_ended(served: RunningSite) -> None:
    connection = served.send(
        f"POST /accounts/login/ HTTP/1.1\r\n{HEAD}Content-Type: {FORM}\r\n"
        "Content-Length: 500\r\n\r\n"
    )
    answered: list[object] = []
    sent = 0
    while not answered and sent < 100:
        connection.sendall(b"a")
        sent += 1
        answered, *_rest = select.select([connection], [], [], 0.1)

    assert answered
    assert read_status(connection) == 408


def test_language_of_a_request_is_not_left_for_the_next(served: RunningSite) -> None:
    def language(path: str, wanted: str) -> str:
        headers = {"Host": "localhost", "Accept-Language": wanted}
        _status, _headers, page = served.get(path, **headers)
        return page.decode().split('<html lang="')[1][:2]

    for _each in range(4):
        assert language("/welcome/", "de") == "de"

    assert language("/?q=%00", "en") == "en"
    assert language("/?q=%00", "de") == "de"
