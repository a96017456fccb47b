"""What an owner sets in the browser."""

import socket
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.core.mail import send_mail
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pytest_django import DjangoAssertNumQueries, Settings

from stepwell.accounts.errors import LastOwner
from stepwell.accounts.invitations import invite_person
from stepwell.accounts.models import Role, User
from stepwell.accounts.people import readmit_person, suspend_person
from stepwell.config.site import SiteSettings
from stepwell.courses.outlines import get_outline
from stepwell.school.actions import remove_logo, set_logo, update_school
from stepwell.school.colors import NIGHT, PAPER, contrast, nearest_readable, palette, read_color
from stepwell.school.errors import BadColor, BadLogo, BadMailServer, PaleAccent
from stepwell.school.models import OutgoingMail, School, SignUp
from stepwell.web.views.studio import school as school_views
from tests.factories import make_course, make_user
from tests.mail_server import mail_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return make_user("Olga Owner", role=Role.OWNER)


@pytest.fixture
def owners_client(owner: User) -> Client:
    client = Client()
    client.force_login(owner)
    return client


def picture(size: tuple[int, int] = (600, 300), kind: str = "PNG") -> "ContentFile[bytes]":
    out = BytesIO()
    Image.new("RGB", size, "teal").save(out, kind)
    return ContentFile(out.getvalue(), name="logo.png")


def test_name_is_on_every_page_at_once_and_costs_the_signed_in_nothing(
    owners_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    stranger = Client()
    assert "<span>Stepwell</span>" in stranger.get("/courses/").content.decode()
    update_school(name="Tea school")

    for client in (stranger, owners_client):
        assert "<span>Tea school</span>" in client.get("/courses/").content.decode()
    with django_assert_num_queries(4):  # the session with its stamp, and three of the catalog
        owners_client.get("/courses/?q=nothing")


def test_same_again_writes_nothing(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    update_school(name="Tea school", accent="#0f5b66")
    before = School.objects.get().changed_at

    update_school(name="Tea school", accent="#0f5b66")

    assert School.objects.get().changed_at == before


def test_accent_that_can_be_read_colors_the_pages(client: Client) -> None:
    update_school(accent="#7a1f4b")

    page = client.get("/courses/").content.decode()
    address = page.partition('href="/school/')[2].partition('"')[0]
    sheet = client.get(f"/school/{address}")
    assert "--water: #7a1f4b" in sheet.content.decode()
    assert "immutable" in sheet["Cache-Control"]


def test_pale_accent_is_refused_with_a_near_one_that_passes(owners_client: Client) -> None:
    with pytest.raises(PaleAccent) as refused:
        update_school(accent="#ffcc00")
    near = refused.value.data["near"]
    assert update_school(accent=near).accent == near
    with pytest.raises(BadColor):
        update_school(accent="teal")

    answer = owners_client.post("/studio/settings/", {"accent": "#ffcc00", "sign_up": "open"})

    assert f"Take {near}" in answer.content.decode()


@given(st.integers(0, 0xFFFFFF))
def test_every_accent_has_readable_shades(number: int) -> None:
    color = read_color(f"#{number:06x}")
    assert color
    shades = palette(color)

    for ground, names in ((PAPER, ("day", "day_deep")), (NIGHT, ("night", "night_deep"))):
        for name in names:
            shade = read_color(getattr(shades, name))
            assert shade
            assert contrast(shade, ground) >= 4.5
    assert contrast(nearest_readable(color), (255, 255, 255)) >= 4.5


def test_logo_is_drawn_anew_and_served(client: Client, settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    school = set_logo(picture=picture())
    assert set_logo(picture=picture()).changed_at == school.changed_at

    answer = client.get(f"/school/logo/{school.logo}.png")
    with Image.open(BytesIO(answer.getvalue())) as image:
        assert (image.format, image.size) == ("PNG", (256, 128))
    assert f"/school/logo/{school.logo}.png" in client.get("/courses/").content.decode()
    remove_logo()
    assert School.objects.get().logo == ""


@pytest.mark.parametrize("content", [b"<svg/>", b"<html>", b"", b"\x89PNG\r\n\x1a\nbroken"])
def test_what_is_no_picture_is_no_logo(content: bytes) -> None:
    with pytest.raises(BadLogo):
        set_logo(picture=ContentFile(content, name="x.png"))


def test_sign_up_by_invitation_lets_in_who_is_invited(client: Client, owner: User) -> None:
    update_school(sign_up=SignUp.INVITATION)
    invite_person(email="nia@example.org", invited_by=owner)
    form = {"name": "Nia", "password1": "a calm desk by the window"}

    refused = client.post("/accounts/signup/", form | {"email": "other@example.org"})
    assert "Sign-up is by invitation here." in refused.content.decode()
    client.post("/accounts/signup/", form | {"email": "Nia@example.org"})

    assert User.objects.filter(email="nia@example.org").exists()
    assert not User.objects.filter(email="other@example.org").exists()


def test_invitation_fills_in_the_address(client: Client, owner: User) -> None:
    page = client.get("/accounts/signup/?email=nia%40example.org").content.decode()

    assert 'value="nia@example.org"' in page


def test_mail_is_written_at_once_where_no_server_takes_it(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "stepwell.school.mail.SchoolEmailBackend"
    settings.EMAIL_WAY_OUT = "django.core.mail.backends.locmem.EmailBackend"
    update_school(email_from="Tea <tea@example.org>")

    send_mail("Hello", "World", None, ["a@example.org"])

    assert mail.outbox[0].from_email == "Tea <tea@example.org>"
    message = mail.outbox[0].message()
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@example.org>")
    settings.SITE = SiteSettings(data=settings.SITE.data, address="https://school.example:8443")
    send_mail("Hello", "World", None, ["a@example.org"])
    assert mail.outbox[1].message()["Message-ID"].endswith("@school.example>")


def test_mail_server_that_is_none_is_refused() -> None:
    with pytest.raises(BadMailServer):
        update_school(email_url="pigeon://x")


def test_owner_sees_what_the_mail_server_said(owners_client: Client) -> None:
    sent = {"host": "127.0.0.1", "port": "9", "encryption": "smtp", "user": "u", "password": "p@ss"}
    owners_client.post("/studio/settings/mail/", sent)
    assert School.objects.get().email_url == "smtp://u:p%40ss@127.0.0.1:9"

    answer = owners_client.post("/studio/settings/mail/test/", follow=True).content.decode()
    assert "It was not sent. The server said:" in answer
    assert "p@ss" not in answer
    owners_client.post("/studio/settings/mail/", sent | {"password": "", "port": "10"})
    assert School.objects.get().email_url == "smtp://u:p%40ss@127.0.0.1:10"


def test_owner_is_told_that_the_mail_server_took_the_message(owners_client: Client) -> None:
    with mail_server() as server:
        update_school(email_url=f"smtp://127.0.0.1:{server.port}")
        answer = owners_client.post("/studio/settings/mail/test/", follow=True).content.decode()

    assert "The mail server took the message to" in answer
    assert len(server.messages) == 1


def test_test_message_waits_where_the_mail_server_gives_no_answer(
    owners_client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_BACKEND = "stepwell.school.mail.SchoolEmailBackend"
    monkeypatch.setattr(school_views, "LONGEST_TEST", 0.01)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        update_school(email_url=f"smtp://127.0.0.1:{silent.getsockname()[1]}")
        answer = owners_client.post("/studio/settings/mail/test/", follow=True).content.decode()

    assert "The message waits below." in answer
    assert "A test message" in answer


def test_owner_without_a_mail_server_is_told_where_the_message_lies(
    owners_client: Client, settings: Settings
) -> None:
    answer = owners_client.post("/studio/settings/mail/test/", follow=True).content.decode()

    assert f"The message lies in the folder {settings.EMAIL_FILE_PATH}." in answer


def test_suspended_person_is_out_at_once_and_back_again(owner: User) -> None:
    person, client = make_user(), Client()
    client.force_login(person)

    suspend_person(user=person)
    suspend_person(user=person)
    assert client.get("/learn/").status_code == 302
    readmit_person(user=person)
    client.force_login(person)
    assert client.get("/learn/").status_code == 200


def test_inviting_a_suspended_person_says_to_let_them_back_in(owners_client: Client) -> None:
    person = make_user()
    suspend_person(user=person)

    page = owners_client.post("/studio/invitations/", {"emails": person.email}, follow=True)

    assert f"{person.email} belongs to a suspended member." in page.content.decode()
    assert mail.outbox == []


def test_only_owner_stays_in(owner: User, owners_client: Client) -> None:
    with pytest.raises(LastOwner):
        suspend_person(user=owner)

    answer = owners_client.post(
        f"/studio/members/{owner.handle}/", {"role": "learner"}, follow=True
    )

    assert "is the only owner" in answer.content.decode()


@pytest.mark.parametrize("count", [1, 30])
def test_members_cost_as_many_queries_for_any_number(
    owners_client: Client, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for number in range(count):
        make_user(f"Nia {number}")

    with django_assert_num_queries(5):
        page = owners_client.get("/studio/members/?q=Nia&role=learner").content.decode()

    assert page.count("Nia ") >= count


def test_admin_is_for_owners(owners_client: Client, owner: User) -> None:
    stranger, instructor = Client(), Client()
    instructor.force_login(make_user("Ines", role=Role.INSTRUCTOR))

    assert owners_client.get("/admin/").status_code == 200
    assert stranger.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/accounts/login/")
    assert instructor.get("/admin/", follow=True).status_code == 404
    assert instructor.get("/admin/courses/course/", follow=True).status_code == 404


def test_admin_lists_and_shows_every_model_and_deletes_nothing(
    owners_client: Client, owner: User
) -> None:
    from stepwell.web.admin import owners_site  # noqa: PLC0415  it registers anew

    for model in owners_site()._registry:
        address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        assert owners_client.get(address).status_code == 200, address
        row: Any = model._default_manager.first()
        if row is not None:
            assert owners_client.get(f"{address}{row.pk}/change/").status_code == 200, address
            assert owners_client.get(f"{address}{row.pk}/delete/").status_code == 403, address


@pytest.mark.parametrize(
    "wrong",
    [
        {"host": "https://smtp.example.org/"},
        {"host": "smtp..example.org"},
        {"host": "x" * 70 + ".org"},
        {"host": "smtp.example.org", "sender": "School, of <x@example.org>"},
        {"host": "smtp.example.org", "sender": "not an address"},
        {"host": "smtp.example.org", "sender": "A <a@example.org>\r\nBcc: b@example.org"},
    ],
)
def test_mail_settings_that_could_not_work_are_refused(
    owners_client: Client, wrong: dict[str, str]
) -> None:
    answer = owners_client.post("/studio/settings/mail/", {"encryption": "smtp"} | wrong)

    assert "field-errors" in answer.content.decode()
    assert not School.objects.exists()


def test_mail_server_that_is_away_breaks_no_sign_up(
    client: Client, owner: User, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "stepwell.school.mail.SchoolEmailBackend"
    update_school(email_url="smtp://127.0.0.1:9")
    sent = {"email": "nia@example.org", "name": "Nia", "password1": "a sentence of mine"}

    answer = client.post("/accounts/signup/", sent, follow=True)

    assert answer.status_code == 200
    page = answer.content.decode()
    assert "A message is on its way to you" in page
    assert "no mail server yet" not in page
    assert OutgoingMail.objects.get().recipients == "nia@example.org"
    assert User.objects.filter(email="nia@example.org").exists()


def test_who_was_invited_before_is_not_said_to_get_mail(owners_client: Client) -> None:
    sent = {"emails": "nia@example.org"}
    first = owners_client.post("/studio/invitations/", sent, follow=True).content.decode()
    again = owners_client.post("/studio/invitations/", sent, follow=True).content.decode()

    assert "1 person is invited." in first
    assert "There is no mail server yet, so nobody gets a mail." in first
    assert "is invited." not in again
    assert "invited before" in again


def test_admin_keeps_the_owner_and_shows_changes_at_once(
    owners_client: Client, owner: User
) -> None:
    course = make_course([1])
    get_outline(course)
    page = owners_client.get(f"/admin/accounts/user/{owner.pk}/change/").content.decode()
    assert 'name="role"' not in page
    assert 'name="is_active"' not in page
    form = owners_client.get(f"/admin/courses/course/{course.pk}/change/").context["adminform"].form
    values = {name: form[name].value() or "" for name in form.fields}
    values |= {"title": "Green tea", "minutes": 0, "instructors": ""}
    for name in ("created_at", "updated_at", "published_at"):
        moment = getattr(course, name)
        values |= {f"{name}_0": f"{moment:%Y-%m-%d}", f"{name}_1": f"{moment:%H:%M:%S}"}

    owners_client.post(f"/admin/courses/course/{course.pk}/change/", values)

    course.refresh_from_db()
    assert (course.title, get_outline(course).course.title) == ("Green tea", "Green tea")
