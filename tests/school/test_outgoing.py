"""Mail on its way: kept with what it tells of, sent by a worker, tried again, seen by the owner."""

import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives, send_mail
from django.db import transaction
from django.test import Client
from pytest_django import Settings

from stepwell.accounts.models import Role
from stepwell.core import clock
from stepwell.core.smtp import EmailBackend
from stepwell.core.waking import WORK
from stepwell.school.actions import update_school
from stepwell.school.mail import Mail
from stepwell.school.models import OutgoingMail
from stepwell.school.outgoing import (
    CONTENT_KEPT,
    FAILED_KEPT,
    PAUSES,
    dismiss_mail,
    forget_old_mail,
    get_next_time,
    send_due_mail,
    try_mail_again,
)
from stepwell.school.signals import mail_failed, mail_sent
from tests.factories import make_user
from tests.mail_server import MailServer, mail_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings: Settings, db: None) -> Iterator[MailServer]:
    """Run a mail server that the school uses."""
    settings.EMAIL_BACKEND = "stepwell.school.mail.SchoolEmailBackend"
    with mail_server() as running:
        update_school(email_url=f"smtp://127.0.0.1:{running.port}")
        yield running


@pytest.fixture
def outcomes() -> Iterator[list[tuple[str, str]]]:
    """Collect what the signals tell, with what it is about."""
    told: list[tuple[str, str]] = []

    def note(signal: Any, about: str, **_rest: Any) -> None:
        told.append(("sent" if signal is mail_sent else "failed", about))

    mail_sent.connect(note)
    mail_failed.connect(note)
    yield told
    mail_sent.disconnect(note)
    mail_failed.disconnect(note)


def write(to: str = "ada@example.org", about: str = "") -> OutgoingMail:
    Mail("Hello", "A secret link", to, about=about).send()
    return OutgoingMail.objects.latest("pk")


def unreachable() -> str:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        return f"smtp://127.0.0.1:{closed.getsockname()[1]}"


def die(connection: EmailBackend, *_given: object) -> None:
    connection.close()
    raise SystemExit


def later(mail: OutgoingMail) -> datetime:
    mail.refresh_from_db()
    assert mail.due_at
    return mail.due_at


def test_mail_waits_with_what_it_tells_of(server: MailServer) -> None:
    with transaction.atomic():
        write()
        transaction.set_rollback(True)
    assert send_due_mail() == 0

    with transaction.atomic():
        write()

    assert server.messages == []
    assert send_due_mail() == len(server.messages) == 1


def test_worker_is_called_after_the_commit(
    server: MailServer, settings: Settings, django_capture_on_commit_callbacks: Any
) -> None:
    (settings.SITE.data / WORK).unlink(missing_ok=True)

    with django_capture_on_commit_callbacks(execute=True):
        write()
        assert not (settings.SITE.data / WORK).exists()

    assert (settings.SITE.data / WORK).exists()


def test_sent_mail_leaves_nothing_behind(
    server: MailServer, outcomes: list[tuple[str, str]]
) -> None:
    write(about="a thing")

    assert (send_due_mail(), send_due_mail()) == (1, 0)

    assert not OutgoingMail.objects.exists()
    assert outcomes == [("sent", "a thing")]
    assert "A secret link" in server.messages[0]
    assert "Auto-Submitted: auto-generated" in server.messages[0]


def test_message_arrives_as_it_was_written(server: MailServer) -> None:
    message = EmailMultiAlternatives(
        "Grüße",
        "Text",
        "x@example.org",
        ["a@example.org"],
        bcc=["b@example.org"],
        cc=["c@example.org"],
        reply_to=["r@example.org"],
        headers={"X-Own": "1"},
    )
    message.attach_alternative("<p>HTML</p>", "text/html")
    message.send()
    identity = OutgoingMail.objects.get().content["headers"]["Message-ID"]

    send_due_mail()

    [text], [envelope] = server.messages, server.envelopes
    for piece in ("Text", "<p>HTML</p>", "Reply-To: r@example.org", "X-Own: 1", identity):
        assert piece in text
    assert envelope == [
        "mail FROM:<x@example.org>",
        *(f"rcpt TO:<{each}@example.org>" for each in "acb"),
    ]


def test_html_alone_stays_html(server: MailServer) -> None:
    message = EmailMessage("Hi", "<p>Hi</p>", None, ["a@example.org"])
    message.content_subtype = "html"
    message.send()

    send_due_mail()

    assert "Content-Type: text/html" in server.messages[0]


def test_mail_with_attachments_is_refused(server: MailServer) -> None:
    message = EmailMessage("Hi", "Hi", None, ["a@example.org"])
    message.attach("a.txt", "a")

    with pytest.raises(ValueError, match="attachments"):
        message.send()


def test_mails_share_a_connection(server: MailServer) -> None:
    for number in range(3):
        write(f"{number}@example.org")

    assert send_due_mail() == 3
    assert (len(server.messages), server.greeted) == (3, 1)


def test_mail_is_tried_with_growing_pauses_and_then_given_up(
    server: MailServer, outcomes: list[tuple[str, str]]
) -> None:
    update_school(email_url=unreachable())
    mail = write(about="a thing")

    for number, pause in enumerate(PAUSES, 1):
        with clock.at(later(mail)):
            assert send_due_mail() == 1
            assert send_due_mail() == 0
            assert later(mail) == clock.now() + pause
        assert (mail.attempts, "refused" in mail.error) == (number, True)
    assert outcomes == []
    with clock.at(later(mail)):
        send_due_mail()

    mail.refresh_from_db()
    assert mail.has_failed
    assert outcomes == [("failed", "a thing")]
    with clock.at(clock.now() + timedelta(days=1)):
        assert send_due_mail() == 0


@pytest.mark.parametrize("verb", ["greeting", "EHLO"])
def test_server_that_turns_everybody_away_is_asked_once_for_all(
    verb: str, server: MailServer
) -> None:
    server.refusals[verb] = server.refusals["HELO"] = "554 go away"
    first, second = write(), write()

    assert send_due_mail() == 2

    assert server.greeted == 1
    assert later(first) == pytest.approx(later(second), abs=timedelta(seconds=30))
    assert first.error == "554 go away"


@pytest.mark.parametrize(
    ("answer", "is_final"), [("550 no such mailbox", True), ("450 come back later", False)]
)
@pytest.mark.parametrize("verb", ["RCPT", "MAIL", "DATA"])
def test_refusal_for_good_is_not_tried_again(
    verb: str, answer: str, is_final: bool, server: MailServer
) -> None:
    server.refusals[verb] = answer
    mail = write()

    send_due_mail()

    mail.refresh_from_db()
    assert (mail.has_failed, mail.error) == (is_final, answer)


def test_one_mail_that_is_refused_holds_up_no_other(server: MailServer) -> None:
    refused = write("müller@example.org")
    write("ada@example.org")

    assert send_due_mail() == 2

    refused.refresh_from_db()
    assert "letters such as ü" in refused.error
    assert len(server.messages) == 1


def test_broken_mail_holds_up_no_other(server: MailServer) -> None:
    broken = write()
    OutgoingMail.objects.update(content={"subtype": "plain", "unknown": 1})
    write()

    send_due_mail()

    broken.refresh_from_db()
    assert broken.has_failed
    assert len(server.messages) == 1


def test_worker_that_is_told_to_stop_begins_no_mail(server: MailServer) -> None:
    write()

    assert send_due_mail(may_go_on=lambda: False) == 0
    assert OutgoingMail.objects.get().attempts == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_mail_once(server: MailServer, run_in_threads: Any) -> None:
    for number in range(12):
        write(f"{number}@example.org")

    tried = run_in_threads(*[send_due_mail] * 3)

    assert sum(tried) == 12
    assert len(server.messages) == len({envelope[1] for envelope in server.envelopes}) == 12


def test_mail_of_a_worker_that_died_is_sent_by_another(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = write()
    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", die)
        with pytest.raises(SystemExit):
            send_due_mail()
    assert send_due_mail() == 0  # somebody may be at it

    with clock.at(later(mail)):
        assert send_due_mail() == 1

    assert len(server.messages) == 1


def test_contents_are_forgotten_with_their_links(server: MailServer) -> None:
    server.refusals["RCPT"] = "550 no such mailbox"
    failed = write()
    send_due_mail()
    server.refusals.clear()
    waiting = write()

    forget_old_mail()
    assert not OutgoingMail.objects.filter(content=None).exists()
    with clock.at(failed.created_at + CONTENT_KEPT + timedelta(minutes=1)):
        forget_old_mail()
        assert send_due_mail() == try_mail_again() == 0
    assert [(each.content, each.due_at) for each in OutgoingMail.objects.all()] == [
        (None, None)
    ] * 2
    waiting.refresh_from_db()
    assert waiting.error == "It waited for too long."
    with clock.at(waiting.created_at + FAILED_KEPT):
        forget_old_mail()

    assert not OutgoingMail.objects.exists()


def test_next_time_is_that_of_the_next_mail_or_of_forgetting(server: MailServer) -> None:
    assert get_next_time() is None
    server.refusals["RCPT"] = "550 no such mailbox"
    failed = write()
    assert get_next_time() == later(failed)

    send_due_mail()

    assert get_next_time() == failed.created_at + CONTENT_KEPT
    second = write()
    assert get_next_time() == later(second)


def test_owner_sees_what_failed_and_tries_it_again(
    server: MailServer, outcomes: list[tuple[str, str]]
) -> None:
    owner = make_user("Olga Owner", role=Role.OWNER)
    client = Client()
    client.force_login(owner)
    assert "could not be sent" not in client.get("/studio/").content.decode()
    server.refusals["RCPT"] = "550 no such mailbox"
    mail = write()
    send_due_mail()

    for page in ("/studio/", "/studio/settings/", "/studio/members/"):
        assert "1 mail could not be sent." in client.get(page).content.decode()
    page = client.get("/studio/settings/mail/").content.decode()
    for words in ("ada@example.org", "Hello", "given up: 550 no such mailbox", "Try again"):
        assert words in page
    assert "A secret link" not in page

    server.refusals.clear()
    answer = client.post(
        f"/studio/settings/mail/unsent/{mail.pk}/", {"state": "again"}, follow=True
    )
    assert "1 mail is tried again." in answer.content.decode()
    assert send_due_mail() == 1
    assert outcomes == [("failed", ""), ("sent", "")]


def test_owner_tries_all_again(server: MailServer) -> None:
    client = Client()
    client.force_login(make_user("Olga Owner", role=Role.OWNER))
    update_school(email_url=unreachable())
    write()
    write()
    send_due_mail()
    update_school(email_url=f"smtp://127.0.0.1:{server.port}")

    answer = client.post("/studio/settings/mail/unsent/", follow=True).content.decode()

    assert "2 mails are tried again." in answer
    assert send_due_mail() == 2
    answer = client.post("/studio/settings/mail/unsent/", follow=True).content.decode()
    assert "There is nothing to send any more." in answer


def test_dismissed_mail_is_gone(server: MailServer, outcomes: list[tuple[str, str]]) -> None:
    client = Client()
    client.force_login(make_user("Olga Owner", role=Role.OWNER))
    mail = write(about="a thing")

    client.post(f"/studio/settings/mail/unsent/{mail.pk}/", {"state": "dismissed"})
    dismiss_mail(mail.pk)

    assert not OutgoingMail.objects.exists()
    assert outcomes == [("failed", "a thing")]


def test_sender_is_that_of_the_moment_of_sending(server: MailServer) -> None:
    send_mail("Hello", "World", None, ["a@example.org"])
    update_school(email_from="Tea <tea@example.org>")

    send_due_mail()

    assert server.envelopes[0][0].startswith("mail FROM:<tea@example.org>")


def test_page_of_unsent_mail_costs_the_same_for_many(
    server: MailServer, django_assert_num_queries: Any
) -> None:
    client = Client()
    client.force_login(make_user("Olga Owner", role=Role.OWNER))
    write()
    client.get("/studio/settings/mail/")
    with django_assert_num_queries(4):  # the session, the settings twice, the mails
        client.get("/studio/settings/mail/")
    write()
    write()
    with django_assert_num_queries(4):
        client.get("/studio/settings/mail/")
