"""An issuer of single sign-on that answers over the network, well or oddly."""

import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event
from typing import Any

import jwt

CONFIGURATION = "/.well-known/openid-configuration"
CLAIMS = {"sub": "1", "name": "Ada Byron", "email": "ada@example.org", "email_verified": True}


class Issuer(ThreadingHTTPServer):
    """Answers each path with what a test has put there: a function, bytes, or an object."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.address = f"http://127.0.0.1:{self.server_address[1]}"
        self.closing = Event()
        now = int(time.time())
        token = {"iss": self.address, "aud": "stepwell", "sub": "1", "iat": now, "exp": now + 60}
        self.answers: dict[str, Any] = {
            CONFIGURATION: {
                "issuer": self.address,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "userinfo_endpoint": f"{self.address}/userinfo",
                "jwks_uri": f"{self.address}/keys",
            },
            "/token": {
                "access_token": "a",
                "token_type": "Bearer",
                "id_token": jwt.encode(token, "a key of more than thirty two bytes"),
            },
            "/userinfo": CLAIMS,
        }
        self.statuses: dict[str, int] = {}
        self.asked: list[str] = []  # the paths


class _Answers(BaseHTTPRequestHandler):
    server: Any

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"] or 0))
        self.server.asked.append(self.path)
        answer = self.server.answers[self.path]
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(self.server.statuses.get(self.path, 200))
        self.send_header("Content-Length", str(9999 if body == b"slow" else len(body)))
        self.end_headers()
        if body == b"never":
            self.server.closing.wait()
        elif body == b"slow":
            while not self.server.closing.wait(0.02):
                self.wfile.write(b" ")
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815  http.server's name

    def log_message(self, *_told: object) -> None:
        pass
