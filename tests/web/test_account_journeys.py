"""Sign-up, confirmation, password reset and a change of address, with the mails they send."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import quote, unquote

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from stepwell.accounts.actions import create_user
from stepwell.accounts.models import User
from stepwell.accounts.people import suspend_person
from stepwell.school.actions import update_school
from stepwell.school.models import SignUp
from tests.factories import make_course
from tests.web.sign_in import EMAIL, PAGES, PASSWORD, SIGN_IN, SIGN_UP, is_ours, link_in


def sent_by(page: Any) -> dict[str, str]:
    """Return the page that a form leads on to, as a browser sends it."""
    content = page.content.decode().partition('id="content"')[2].partition("</main>")[0]
    found = re.search(r'name="next" value="([^"]*)"', content)
    return {"next": unescape(found[1])} if found else {}


@pytest.fixture
def person(db: None) -> User:
    return create_user(email=EMAIL, name="Ada Byron", password=PASSWORD)


@pytest.fixture
def mail_server(settings: Any) -> None:
    """Have pages say that mail was sent, not which folder it lies in."""
    settings.SITE = settings.SITE.model_copy(update={"email_url": "smtp://mail.example.org"})


@pytest.mark.parametrize(("wanted", "reached"), [("/courses/", "/courses/"), ("", "/learn/")])
def test_sign_up_to_confirmed_address(
    wanted: str, reached: str, client: Client, owner: User
) -> None:
    sent = client.post(PAGES["account_signup"], SIGN_UP | {"next": wanted}, follow=True)
    assert "Confirm your address" in sent.content.decode()
    assert "_auth_user_id" not in client.session

    page = client.get(link_in(mail.outbox[0]))
    assert EMAIL in page.content.decode()
    confirmed = client.post(link_in(mail.outbox[0]), follow=True)

    assert confirmed.redirect_chain[-1][0] == reached
    assert client.session["_auth_user_id"] == str(User.objects.get(email=EMAIL).pk)
    assert User.objects.get(email=EMAIL).name == "Ada Byron"
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("typed", "sent", "kept"),
    [
        ("Müller@example.org", "MU\u0308LLER@example.org", "müller@example.org"),
        ("user@münchen.example", "user@xn--mnchen-3ya.example", "user@münchen.example"),
    ],
)
def test_address_beyond_ascii_signs_up_in_and_resets(
    typed: str, sent: str, kept: str, client: Client, owner: User
) -> None:
    client.post(PAGES["account_signup"], SIGN_UP | {"email": typed})
    assert mail.outbox[0].to == [kept]
    client.post(link_in(mail.outbox[0]))
    assert User.objects.get(email=kept).name == "Ada Byron"

    assert Client().post(PAGES["account_login"], SIGN_IN | {"login": sent}).url == "/learn/"
    Client().post(PAGES["account_reset_password"], {"email": sent})
    assert mail.outbox[-1].to == [kept]
    assert "/password/reset/key/" in str(mail.outbox[-1].body)
    client.post(PAGES["account_email"], {"action_add": "", "email": "größer@example.org"})
    assert mail.outbox[-1].to == ["größer@example.org"]


@pytest.mark.parametrize(("wanted", "reached"), [("/courses/", "/courses/"), ("", "/learn/")])
def test_address_confirmed_in_another_browser_leads_to_sign_in_and_on(
    wanted: str, reached: str, client: Client, owner: User
) -> None:
    client.post(PAGES["account_signup"], SIGN_UP | {"next": wanted})
    other, link = Client(), link_in(mail.outbox[0])

    answer = other.post(link, sent_by(other.get(link)), follow=True)

    assert answer.redirect_chain[-1][0].startswith(PAGES["account_login"])
    assert f'value="{EMAIL}"' in answer.content.decode()
    assert other.post(PAGES["account_login"], sent_by(answer) | SIGN_IN).url == reached


def test_confirmation_asked_for_once_more_still_knows_the_course(
    client: Client, owner: User
) -> None:
    client.post(PAGES["account_signup"], SIGN_UP | {"next": "/courses/"})
    cache.clear()  # in which allauth counts how often it mails
    Client().post(PAGES["account_login"], SIGN_IN | {"next": "/courses/?q=tea"})

    assert len(mail.outbox) == 2
    assert quote(quote("/courses/?q=tea", safe=""), safe="") in link_in(mail.outbox[-1])


def test_mails_to_who_has_an_account_and_who_has_none_lead_on(
    client: Client, owner: User, person: User
) -> None:
    way_on = "?email={}&next=%2Fcourses%2F"
    client.post(PAGES["account_signup"], SIGN_UP | {"next": "/courses/"})
    stranger = {"email": "stranger@example.org", "next": "/courses/"}
    client.post(PAGES["account_reset_password"], stranger)

    known, unknown = (str(each.body) for each in mail.outbox)

    for page in ("account_login", "account_reset_password"):
        assert PAGES[page] + way_on.format(quote(EMAIL, safe="")) in known
    assert PAGES["account_signup"] + way_on.format("stranger%40example.org") in unknown


def test_password_reset_from_a_mail_knows_the_address_and_the_course(
    client: Client, owner: User
) -> None:
    link = {"email": EMAIL, "next": "/courses/"}
    page = client.get(PAGES["account_reset_password"], link).content.decode()

    assert f'name="email" value="{EMAIL}"' in page
    assert f'href="{PAGES["account_login"]}?next=%2Fcourses%2F"' in page


NEXT = "?next=%2Fcourses%2F%3Fq%3Dtea"
LOST_LINK = "/accounts/login/?email=ada%40example.org&next=%2Fcourses%2F%3Fq%3Dtea"


@pytest.mark.parametrize(
    ("page", "wanted", "offered"),
    [
        ("account_login", "/courses/?q=tea", ["account_signup", "account_reset_password"]),
        ("account_signup", "/courses/?q=tea", ["account_login"]),
        ("account_reset_password", "/courses/?q=tea", ["account_login"]),
        ("account_reset_password_done", "/courses/?q=tea", ["account_reset_password"]),
        ("account_reset_password_from_key_done", "/courses/?q=tea", ["account_login"]),
        ("account_email_verification_sent", "/courses/?q=tea", ["account_login"]),
        # What a link in a mail says that works no longer.
        ("account_reset_password_from_key", LOST_LINK, ["account_reset_password"]),
        ("account_confirm_email", LOST_LINK, ["account_login"]),
    ],
)
@pytest.mark.usefixtures("owner", "mail_server")
def test_account_pages_pass_the_wanted_page_on(
    page: str, wanted: str, offered: list[str], client: Client
) -> None:
    text = client.get(PAGES[page], {"next": wanted}).content.decode()
    content = text.partition('id="content"')[2].partition("</main>")[0]
    for other in offered:
        assert f'href="{PAGES[other]}{NEXT}"' in content


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "/accounts/login/?next=https://evil.example/"]
)
def test_account_pages_pass_no_foreign_page_on(wanted: str, client: Client, owner: User) -> None:
    for address in PAGES.values():
        text = unquote(client.get(address, {"next": wanted}).content.decode())
        assert not re.findall(r'href="[^"]*next=https://evil[^"]*"', text)


def test_pages_after_a_mail_know_the_wanted_page(client: Client, person: User) -> None:
    wanted = {"next": "/courses/?q=tea"}

    asked = client.post(PAGES["account_reset_password"], {"email": EMAIL} | wanted)
    signed_up = client.post(PAGES["account_signup"], SIGN_UP | {"email": "n@example.org"} | wanted)

    assert asked.url == PAGES["account_reset_password_done"] + NEXT
    assert signed_up.url == PAGES["account_email_verification_sent"] + NEXT


def test_password_reset_in_another_browser_leads_on(client: Client, person: User) -> None:
    page = client.get(PAGES["account_login"], {"next": "/courses/"}).content.decode()
    assert f"{PAGES['account_reset_password']}?next=%2Fcourses%2F" in page
    sent = {"email": EMAIL, "next": "/courses/"}
    asked = client.post(PAGES["account_reset_password"], sent)
    # It says to check the mail.
    assert asked.url == PAGES["account_reset_password_done"] + "?next=%2Fcourses%2F"
    other = Client()
    form = other.get(link_in(mail.outbox[0]), follow=True)

    passwords = {"password1": "another desk by the sea", "password2": "another desk by the sea"}
    answer = other.post(form.redirect_chain[-1][0], sent_by(form) | passwords, follow=True)

    assert f'value="{EMAIL}"' in answer.content.decode()
    signing_in = sent_by(answer) | SIGN_IN | {"password": passwords["password1"]}
    assert other.post(PAGES["account_login"], signing_in).url == "/courses/"


@pytest.mark.parametrize("is_open", [True, False])
def test_sign_up_is_offered_where_it_is_open_to_everyone(
    is_open: bool, client: Client, owner: User
) -> None:
    make_course([1], title="Tea")
    update_school(sign_up=SignUp.OPEN if is_open else SignUp.INVITATION)
    places = ("/", "/courses/", "/courses/tea/", "/accounts/login/", "/api/v1/docs", "/nowhere/")

    pages = {place: client.get(place).content.decode() for place in places}
    client.post(PAGES["account_reset_password"], {"email": "stranger@example.org"})

    offers = {place: "/accounts/signup/" in page for place, page in pages.items()}
    assert offers == dict.fromkeys(places, is_open)
    assert ("/accounts/signup/" in str(mail.outbox[0].body)) is is_open
    assert client.get("/accounts/signup/?email=nia@example.org").status_code == 200


def test_confirmation_link_used_twice_says_so(client: Client, owner: User) -> None:
    client.post(PAGES["account_signup"], SIGN_UP)
    client.post(link_in(mail.outbox[0]))

    text = client.get(link_in(mail.outbox[0])).content.decode()

    assert "This link no longer works" in text


def test_page_tells_where_mail_lies_without_mail_server(client: Client, owner: User) -> None:
    text = client.get(PAGES["account_email_verification_sent"]).content.decode()

    assert "no mail server yet" in text
    assert "Check your mail" not in text


def test_page_tells_nothing_of_folders_with_mail_server(
    client: Client, owner: User, settings: Any
) -> None:
    settings.SITE = settings.SITE.model_copy(update={"email_url": "smtp://mail.example.org"})

    text = client.get(PAGES["account_email_verification_sent"]).content.decode()

    assert "no mail server" not in text
    assert "Check your mail" in text


def test_sign_up_with_taken_address_tells_only_its_owner(client: Client, person: User) -> None:
    taken = client.post(PAGES["account_signup"], SIGN_UP)
    fresh = Client().post(PAGES["account_signup"], SIGN_UP | {"email": "new@example.org"})

    assert taken.url == fresh.url == PAGES["account_email_verification_sent"]
    assert User.objects.filter(email=EMAIL).count() == 1
    assert mail.outbox[0].to == [EMAIL]
    assert "has an account already" in mail.outbox[0].body


def test_two_sign_ups_at_once_make_one_account(
    run_in_threads: Callable[..., list[Any]], owner: User
) -> None:
    def sign_up() -> int:
        return Client().post(PAGES["account_signup"], SIGN_UP).status_code

    assert run_in_threads(sign_up, sign_up) == [302, 302]
    assert User.objects.filter(email=EMAIL).count() == 1


def test_password_reset_by_mail(client: Client, person: User) -> None:
    done = client.post(PAGES["account_reset_password"], {"email": EMAIL}, follow=True)
    assert "It says how you get into your account" in done.content.decode()

    form = client.get(link_in(mail.outbox[0]), follow=True)
    new = {"password1": "another good sentence", "password2": "another good sentence"}
    changed = client.post(form.request["PATH_INFO"], new, follow=True)
    signed_in = client.post(
        PAGES["account_login"], {"login": EMAIL, "password": "another good sentence"}
    )

    assert is_ours(changed)
    assert signed_in.url == "/learn/"
    assert "Your password at Stepwell is changed" in [m.subject for m in mail.outbox]


def test_password_reset_for_unknown_address_looks_the_same(client: Client, person: User) -> None:
    known = client.post(PAGES["account_reset_password"], {"email": EMAIL})
    unknown = client.post(PAGES["account_reset_password"], {"email": "who@example.org"})

    assert known.url == unknown.url


def test_password_reset_link_of_no_account_offers_a_new_one(client: Client, owner: User) -> None:
    text = client.get(PAGES["account_reset_password_from_key"]).content.decode()

    assert "This link no longer works" in text
    assert PAGES["account_reset_password"] in text


def test_address_is_replaced_once_the_new_one_is_confirmed(client: Client, person: User) -> None:
    client.force_login(person)

    page = client.post(
        PAGES["account_email"], {"action_add": "", "email": "new@example.org"}, follow=True
    )
    assert "waits to be confirmed" in page.content.decode()
    person.refresh_from_db()
    assert person.email == EMAIL
    client.post(link_in(mail.outbox[0]))

    person.refresh_from_db()
    assert person.email == "new@example.org"
    assert not person.emailaddress_set.filter(email=EMAIL).exists()


def test_sign_in_with_wrong_password_keeps_the_address(client: Client, person: User) -> None:
    text = client.post(
        PAGES["account_login"], {"login": EMAIL, "password": "wrong"}
    ).content.decode()

    assert "don’t belong together" in text
    assert f'value="{EMAIL}"' in text


@pytest.mark.parametrize(("remember", "lasts"), [({"remember": "on"}, True), ({}, False)])
def test_sign_in_lasts_as_asked(
    remember: dict[str, str], lasts: bool, client: Client, person: User
) -> None:
    client.post(PAGES["account_login"], {"login": EMAIL, "password": PASSWORD, **remember})

    assert client.session.get_expire_at_browser_close() is not lasts


def test_signing_in_shows_no_message(client: Client, person: User) -> None:
    page = client.post(PAGES["account_login"], SIGN_IN, follow=True)

    assert page.status_code == 200
    assert 'class="messages"' not in page.content.decode()


def test_closed_account_is_told_so(client: Client, person: User) -> None:
    User.objects.update(is_active=False)

    page = client.post(PAGES["account_login"], SIGN_IN, follow=True)

    assert "_auth_user_id" not in client.session
    assert is_ours(page)


@pytest.mark.parametrize("fields", [SIGN_UP, {"email": EMAIL}])
def test_suspended_person_reads_one_story(
    fields: dict[str, str], client: Client, owner: User, person: User
) -> None:
    suspend_person(user=person)
    page = PAGES["account_signup" if fields is SIGN_UP else "account_reset_password"]

    answer = client.post(page, fields, follow=True)
    stranger = client.post(page, fields | {"email": "nobody@example.org"}, follow=True)

    assert answer.redirect_chain == stranger.redirect_chain
    assert mail.outbox[0].subject == "Your account at Stepwell is closed"
    assert "Ask Olga Owner." in str(mail.outbox[0].body)
    assert "/accounts/" not in str(mail.outbox[0].body)


def test_suspended_person_can_not_use_a_link_mailed_before(client: Client, person: User) -> None:
    client.post(PAGES["account_reset_password"], {"email": EMAIL})
    link = link_in(mail.outbox[0])
    suspend_person(user=person)

    assert "This link no longer works" in client.get(link, follow=True).content.decode()


def test_person_without_a_password_is_told_of_none(client: Client, person: User) -> None:
    person.set_unusable_password()
    person.save()

    client.post(PAGES["account_signup"], SIGN_UP)
    client.post(PAGES["account_reset_password"], {"email": EMAIL})
    page = client.get(link_in(mail.outbox[1]), follow=True)
    fields = {"password1": "a sentence of mine", "password2": "a sentence of mine"}
    saved = client.post(page.redirect_chain[-1][0], fields, follow=True)

    assert "The account has no password yet." in str(mail.outbox[0].body)
    assert "Your account has none yet." in str(mail.outbox[1].body)
    assert mail.outbox[2].subject == "Your account at Stepwell has a password"
    pages = page.content.decode() + saved.content.decode()
    words = [str(message.body) + message.subject for message in mail.outbox[:2]]
    assert not [text for text in words if "new password" in text or "forgot" in text]
    assert "password is changed" not in pages
