"""A mail server and an issuer of sign-on that hardly answer, and what visitors wait meanwhile.

Import it when Django is set up.
"""

import os
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.server import ADDRESS, Server, serve

SITE = "stepwell.config.settings"
MAIL_DELAY = 10.0  # seconds until the mail server says a word
SIGN_UPS, CLICKS = 6, 12
PAGES = ("/courses/", "/healthz", "/accounts/login/")
PAUSE = 0.2  # seconds between two visits of a page
PATIENCE = 120.0  # seconds

Answer = tuple[int, Message, str]


@dataclass
class Waits:
    """The seconds of each visit, by page, and of each request that needs the service."""

    visits: dict[str, list[float]] = field(default_factory=lambda: {page: [] for page in PAGES})
    requests: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def measure(log: Path) -> Iterator[tuple[str, Waits]]:
    """Serve a site beside both services; yield what visitors waited, with a title of each part."""
    with ExitStack() as stack:
        mail = stack.enter_context(_listening(_talk_slowly))
        issuer = stack.enter_context(_listening(lambda connection: connection.recv(1_000_000)))
        os.environ |= {
            "STEPWELL_EMAIL_URL": f"smtp://{ADDRESS}:{mail}",
            "STEPWELL_OIDC_ISSUER": f"http://{ADDRESS}:{issuer}",
            "STEPWELL_OIDC_CLIENT_ID": "stepwell",
            "STEPWELL_OIDC_CLIENT_SECRET": "secret",
        }
        client = Client(stack.enter_context(serve(SITE, log)))
        for page in PAGES:
            client.ask("GET", page)
        yield "nothing", client.visit_beside([])
        sign_ups = [client.sign_up(number) for number in range(SIGN_UPS)]
        yield (
            f"{SIGN_UPS} sign-ups, mail server of {MAIL_DELAY:.0f} s",
            client.visit_beside(sign_ups),
        )
        clicks = [client.click_sign_on] * CLICKS
        yield f"{CLICKS} clicks, issuer that never answers", client.visit_beside(clicks)


class Client:
    """Strangers of a site."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> Answer:
        """Send a request on a connection of its own; a form brings a token of its own page."""
        headers = {"Host": self.server.host}
        body = None
        if form is not None:
            _status, given, page = self.ask("GET", "/accounts/login/")
            found = re.search(r'csrfmiddlewaretoken" value="([^"]+)', page)
            token = found[1] if found else ""
            headers |= {
                "Cookie": given["Set-Cookie"].partition(";")[0],
                "Content-Type": "application/x-www-form-urlencoded",
            }
            body = urlencode({"csrfmiddlewaretoken": token, **form})
        connection = HTTPConnection(ADDRESS, self.server.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response.status, response.headers, response.read().decode()
        finally:
            connection.close()

    def sign_up(self, number: int) -> Callable[[], Answer]:
        """Return what makes one more account."""
        form = {
            "email": f"stranger-{number}@example.org",
            "name": f"Stranger {number}",
            "password1": "a well of many steps",
        }
        return lambda: self.ask("POST", "/accounts/signup/", form)

    def click_sign_on(self) -> Answer:
        return self.ask("POST", "/accounts/oidc/oidc/login/?process=login", {})

    def visit_beside(self, requests: list[Callable[[], Answer]]) -> Waits:
        """Visit pages for ten seconds at least, while all of these requests are made at once."""
        waits, is_over = Waits(), threading.Event()

        def visit(page: str) -> None:
            while not is_over.is_set():
                start = time.perf_counter()
                status, _headers, _text = self.ask("GET", page)
                waits.visits[page].append(time.perf_counter() - start)
                if status != 200:
                    waits.wrong.append(f"{page}: {status}")
                is_over.wait(PAUSE)

        def need(request: Callable[[], Answer]) -> None:
            start = time.perf_counter()
            status, _headers, _text = request()
            waits.requests.append(time.perf_counter() - start)
            if status >= 500:
                waits.wrong.append(f"request: {status}")

        with ThreadPoolExecutor(len(PAGES) + len(requests) + 1) as threads:
            visitors = [threads.submit(visit, page) for page in PAGES]
            needed = [threads.submit(need, request) for request in requests]
            try:
                is_over.wait(MAIL_DELAY)
                for each in needed:
                    each.result()
            finally:
                is_over.set()
            for each in visitors:
                each.result()
        return waits


@contextmanager
def _listening(talk: Callable[[socket.socket], object]) -> Iterator[int]:
    """Listen on a free port, which is returned, and talk with each who comes."""
    with socket.create_server((ADDRESS, 0), backlog=100) as server:

        def accept() -> None:
            while True:
                try:
                    connection, _address = server.accept()
                except OSError:  # closed
                    return
                threading.Thread(target=talk, args=[connection], daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield server.getsockname()[1]


def _talk_slowly(connection: socket.socket) -> None:
    """Take mail as a server does whose first word takes long."""
    with connection, connection.makefile("rwb") as stream:
        time.sleep(MAIL_DELAY)
        stream.write(b"220 slow\r\n")
        stream.flush()
        is_text = False
        for line in stream:
            if is_text and line != b".\r\n":
                continue
            is_text = line[:4].upper() == b"DATA"
            stream.write(b"354 go on\r\n" if is_text else b"250 well\r\n")
            stream.flush()
