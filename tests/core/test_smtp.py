"""Sending mail to a server over the network."""

from email import message_from_string, policy
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.core.mail.message import EmailMultiAlternatives

from stepwell.config.site import SiteSettings
from stepwell.core.mail_servers import parse_mail_url
from stepwell.core.smtp import EmailBackend
from tests.mail_server import mail_server, write_certificate

SENDER = "Fähre <school@schüle.example>"


def send(port: int, *to: str, **options: Any) -> None:
    message = EmailMessage("Grüße", "Über den Fluß", SENDER, list(to))
    EmailBackend("127.0.0.1", port, **options).send_messages([message])


def test_address_with_letters_beyond_ascii_is_sent_as_it_is() -> None:
    with mail_server("SMTPUTF8") as server:
        send(server.port, "müller@example.org", "user@münchen.example")

    [envelope], [text] = server.envelopes, server.messages
    assert envelope[0].startswith("mail FROM:<school@xn--schle-mva.example> ")
    assert "SMTPUTF8" in envelope[0]
    assert envelope[1:] == [
        "rcpt TO:<müller@example.org>",
        "rcpt TO:<user@xn--mnchen-3ya.example>",
    ]
    message = message_from_string(text, policy=policy.default)
    assert message["To"] == "müller@example.org, user@xn--mnchen-3ya.example"
    assert message["Subject"] == "Grüße"


def test_address_with_another_alphabets_domain_needs_no_special_server() -> None:
    with mail_server() as server:
        send(server.port, "user@münchen.example")

    assert server.envelopes[0][1] == "rcpt TO:<user@xn--mnchen-3ya.example>"


def test_server_that_takes_ascii_alone_is_named_as_the_reason() -> None:
    with mail_server() as server, pytest.raises(OSError, match="letters such as ü before the @"):
        send(server.port, "müller@example.org")

    assert server.messages == []


def test_html_message_reaches_a_letter_beyond_ascii() -> None:
    message = EmailMultiAlternatives("Hi", "Ü", SENDER, ["ü@example.org"], cc=["a@example.org"])
    message.attach_alternative("<p>Ü</p>", "text/html")
    with mail_server("SMTPUTF8") as server:
        EmailBackend("127.0.0.1", server.port).send_messages([message])

    parsed = message_from_string(server.messages[0], policy=policy.default)
    assert (parsed["To"], parsed["Cc"]) == ("ü@example.org", "a@example.org")
    assert len(server.envelopes[0]) == 3


def test_server_with_a_certificate_of_its_own_is_trusted_where_the_settings_say_so(
    tmp_path: Path, settings: Any
) -> None:
    certificate = write_certificate(tmp_path / "mail.pem")
    with mail_server(certificate=certificate) as server:
        with pytest.raises(OSError, match="set STEPWELL_EMAIL_CA_FILE"):
            send(server.port, "ada@example.org", use_tls=True)
        settings.SITE = SiteSettings(data=settings.SITE.data, email_ca_file=str(certificate))
        send(server.port, "ada@example.org", use_tls=True)

    assert len(server.messages) == 1


def test_password_that_mail_servers_can_not_read_is_a_clear_error() -> None:
    with mail_server("AUTH PLAIN") as server, pytest.raises(OSError, match="plain ASCII"):
        send(server.port, "ada@example.org", username="ada", password="pässword")


@pytest.mark.parametrize(
    ("url", "port", "is_tls", "is_starttls"),
    [
        ("smtps://host", 465, True, False),
        ("smtps://host:4650", 4650, True, False),
        ("smtp://host:465?ssl=True", 465, True, False),
        ("submission://host", 587, False, True),
        ("smtp://host", 25, False, False),
    ],
)
def test_address_of_a_server_says_how_it_is_encrypted(
    url: str, port: int, is_tls: bool, is_starttls: bool
) -> None:
    parsed = parse_mail_url(url)

    assert parsed["EMAIL_PORT"] == port
    assert (parsed["EMAIL_USE_SSL"], parsed["EMAIL_USE_TLS"]) == (is_tls, is_starttls)
    assert parsed["EMAIL_BACKEND"] == "stepwell.core.smtp.EmailBackend"
