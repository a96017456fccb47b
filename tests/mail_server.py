"""A mail server for tests: it keeps what it is sent, and can have a certificate of its own."""

import datetime
import ipaddress
import socketserver
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class MailServer(socketserver.ThreadingTCPServer):
    """Speaks as much SMTP as a sender needs."""

    daemon_threads = True

    def __init__(self, extensions: list[str], context: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.extensions = extensions
        self.context = context
        self.greeted = 0
        self.refusals: dict[
            str, str
        ] = {}  # what is answered to a verb, or first of all, instead of yes
        self.envelopes: list[list[str]] = []
        self.messages: list[str] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Conversation(socketserver.StreamRequestHandler):
    server: Any

    def handle(self) -> None:
        self.server.greeted += 1
        self.say(self.server.refusals.get("greeting", "220 mail.example"))
        envelope: list[str] = []
        while line := self.rfile.readline().decode().strip():
            verb = line[:4].upper()
            if verb in self.server.refusals:
                self.say(self.server.refusals[verb])
            elif verb == "EHLO":
                self.name_extensions()
            elif verb == "STAR":
                if not self.is_encrypted():
                    return
            elif verb == "DATA":
                self.server.messages.append(self.read_message())
                self.server.envelopes.append(envelope)
                envelope = []
            else:
                envelope += [line] if verb in {"MAIL", "RCPT"} else []
                self.say("250 fine")

    def name_extensions(self) -> None:
        self.say("250-mail.example")
        for line in self.server.extensions[1:] + (["STARTTLS"] if self.server.context else []):
            self.say(f"250-{line}")
        self.say(f"250 {self.server.extensions[0]}")

    def is_encrypted(self) -> bool:
        self.say("220 go on")
        try:
            self.request = self.server.context.wrap_socket(self.request, server_side=True)
        except OSError:  # who doesn't trust the certificate hangs up
            return False
        self.setup()
        return True

    def read_message(self) -> str:
        self.say("354 go on")
        text = b""
        while not text.endswith(b"\r\n.\r\n"):
            text += self.rfile.readline()
        self.say("250 kept")
        return text.decode()

    def finish(self) -> None:
        super().finish()
        self.request.close()  # the encrypted one, of which the server doesn't know

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def mail_server(*extensions: str, certificate: Path | None = None) -> Iterator[MailServer]:
    """Run a server that names these extensions; with a certificate it offers STARTTLS."""
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    with MailServer(["8BITMIME", *extensions], context) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


def write_certificate(path: Path) -> Path:
    """Write a certificate for 127.0.0.1 that nobody else signed, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    path.write_bytes(
        certificate.public_bytes(encoding)
        + key.private_bytes(
            encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return path
