"""Two people in one form: only what each of them changed is written, or both are shown."""

from collections.abc import Callable
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from stepwell.accounts.actions import set_role, update_profile
from stepwell.accounts.models import Role, User
from stepwell.courses.actions import (
    set_cover,
    set_instructors,
    set_video,
    update_course,
    update_lesson,
    update_module,
)
from stepwell.courses.models import Course, Lesson
from stepwell.gamification.actions import set_weekly_goal
from stepwell.gamification.models import GoalUnit
from stepwell.gamification.queries import get_participation
from stepwell.learning.actions import complete_lesson
from stepwell.learning.models import Origin
from stepwell.school.actions import update_school
from stepwell.school.queries import get_settings
from tests.factories import enroll, lessons_of, make_course, make_user

pytestmark = pytest.mark.django_db

COURSE = "/studio/courses/tea/"


class Form(HTMLParser):
    """The fields of a page's form with the given action, as a browser would send them."""

    def __init__(self, page: str, action: str = "") -> None:
        super().__init__()
        self.action, self.values = action, {}
        self.is_open, self.name, self.text = False, "", ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.is_open = given.get("method") == "post" and (given.get("action") or "").endswith(
                self.action
            )
            self.is_open &= bool(self.action) == bool(given.get("action"))
        name = given.get("name")
        if not self.is_open or (not name and tag != "option"):
            return
        kind = given.get("type")
        if tag == "input" and kind not in {"submit", "file"}:
            if kind not in {"checkbox", "radio"} or "checked" in given:
                self.values.setdefault(name, []).append(given.get("value") or "")
        elif tag in {"select", "textarea"}:
            self.name, self.text = str(name), ""
        elif tag == "option" and "selected" in given:
            self.values[self.name] = [given.get("value") or ""]

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.is_open:
            # Browsers leave out the line break after the tag, and send others as two characters.
            text = self.text.removeprefix("\n").removeprefix("\r\n")
            self.values[self.name] = [text.replace("\r\n", "\n").replace("\n", "\r\n")]
        if tag == "form":
            self.is_open = False


@pytest.fixture
def owner() -> User:
    return make_user("Olga", role=Role.OWNER)


@pytest.fixture
def client(owner: User) -> Client:
    client = Client()
    client.force_login(owner)
    return client


@pytest.fixture
def course(owner: User, settings: Any, tmp_path: Any) -> Course:
    settings.MEDIA_ROOT = tmp_path
    course = make_course([1], title="Tea")
    set_instructors(course=course, instructors=[owner])
    text = "One line\nand another\n"
    return update_course(course=course, summary="Leaves", description=text, outcomes=["a", "b"])


@pytest.fixture
def lesson(course: Course) -> Lesson:
    return lessons_of(course)[0]


def shown(client: Client, address: str, action: str = "") -> dict[str, Any]:
    values = Form(client.get(address).content.decode(), action).values
    return {name: each[0] if len(each) == 1 else each for name, each in values.items()}


def picture(color: str) -> ContentFile[bytes]:
    out = BytesIO()
    Image.new("RGB", (160, 90), color).save(out, "PNG")
    return ContentFile(out.getvalue(), name="cover.png")


def in_details(course: Course) -> dict[str, Any]:
    course.refresh_from_db()
    names = ("title", "slug", "summary", "description", "outcomes", "minutes", "language")
    return {name: getattr(course, name) for name in names}


def test_details_left_alone_write_nothing(client: Client, course: Course) -> None:
    form = shown(client, f"{COURSE}details/")
    others = make_user("Otto", role=Role.INSTRUCTOR)
    update_course(course=course, summary="Theirs", outcomes=["c"], description="Theirs", minutes=90)
    set_instructors(course=course, instructors=[*course.instructors.all(), others])
    before = in_details(course)

    client.post(f"{COURSE}details/", form | {"title": "Mine"})

    assert in_details(course) == before | {"title": "Mine"}
    assert course.instructors.count() == 2


def test_indented_beginning_of_a_description_is_written(client: Client, course: Course) -> None:
    update_course(course=course, description="pour()")
    form = shown(client, f"{COURSE}details/")

    client.post(f"{COURSE}details/", form | {"description": "    pour()"})

    assert in_details(course)["description"] == "    pour()"


def test_what_both_changed_is_shown_and_either_can_be_taken(client: Client, course: Course) -> None:
    form = shown(client, f"{COURSE}details/")
    update_course(course=course, summary="Theirs", title="Their tea")

    mine = form | {"summary": "Mine", "title": "My tea", "minutes": "30"}
    page = client.post(f"{COURSE}details/", mine).content.decode()

    assert "Now: Their tea" in page
    assert "<del>Theirs</del><ins>Mine</ins>" in page
    assert (in_details(course)["title"], in_details(course)["minutes"]) == ("Their tea", 0)
    again = {name: each[0] for name, each in Form(page).values.items()}
    assert (again["title"], again["summary"], again["minutes"]) == ("My tea", "Mine", "30")
    page = client.post(f"{COURSE}details/", again | {"theirs": "title"}).content.decode()
    again = {name: each[0] for name, each in Form(page).values.items()}
    assert again["title"] == "Their tea"
    assert in_details(course)["summary"] == "Theirs"
    assert client.post(f"{COURSE}details/", again).status_code == 302

    now = in_details(course)
    assert (now["title"], now["summary"], now["minutes"]) == ("Their tea", "Mine", 30)


def test_both_with_the_same_value_are_no_conflict(client: Client, course: Course) -> None:
    form = shown(client, f"{COURSE}details/")
    update_course(course=course, title="Green tea")

    assert client.post(f"{COURSE}details/", form | {"title": "Green tea"}).status_code == 302


def test_request_without_what_was_shown_sets_every_field(client: Client, course: Course) -> None:
    form = shown(client, f"{COURSE}details/")
    update_course(course=course, summary="Theirs")

    client.post(f"{COURSE}details/", {**form, "shown": "", "title": "Mine"})

    assert in_details(course)["summary"] == "Leaves"


def test_older_settings_of_a_lesson_leave_the_new_video(client: Client, lesson: Lesson) -> None:
    address = f"{COURSE}lessons/{lesson.key}/settings/"
    form = shown(client, address)
    set_video(lesson=lesson, link="https://www.youtube.com/watch?v=abcdefghijk")

    client.post(address, form | {"minutes": "12"})

    lesson.refresh_from_db()
    assert lesson.minutes == 12
    assert lesson.video.endswith("abcdefghijk")


def test_video_file_beside_somebody_elses_video_is_a_conflict(
    client: Client, lesson: Lesson
) -> None:
    address = f"{COURSE}lessons/{lesson.key}/settings/"
    form = shown(client, address)
    set_video(lesson=lesson, link="https://www.youtube.com/watch?v=abcdefghijk")

    film = SimpleUploadedFile("film.mp4", b"\0\0\0\x18ftypmp42")
    page = client.post(address, form | {"video_file": film}).content.decode()

    assert "This was changed while you were here." in page
    assert Lesson.objects.get(pk=lesson.pk).video.endswith("abcdefghijk")


@pytest.mark.parametrize(
    ("address", "changes", "mine"),
    [
        ("/studio/settings/", {"description": "Theirs", "accent": "#0f5b66"}, {"name": "Mine"}),
        (
            "/studio/settings/mail/",
            {"email_url": "submission://mail.example.org:587"},
            {"sender": "a@example.org"},
        ),
        (
            "/studio/settings/mail/",
            {"email_from": "b@example.org"},
            {"host": "smtp.example.org", "port": "25"},
        ),
    ],
)
def test_settings_of_the_school_are_merged(
    client: Client, address: str, changes: dict[str, str], mine: dict[str, str]
) -> None:
    form = shown(client, address)
    update_school(**changes)

    assert client.post(address, form | mine).status_code == 302

    now = get_settings()
    assert {name: getattr(now, name) for name in changes} == changes
    assert "Mine" in now.name or now.email_from == "a@example.org" or "smtp." in now.email_url


def test_secret_is_neither_emptied_nor_shown(client: Client) -> None:
    update_school(email_url="submission://u:geheim@mail.example.org")
    form = shown(client, "/studio/settings/mail/")
    update_school(email_url="submission://u:neu@mail.example.org")

    page = client.post("/studio/settings/mail/", form | {"password": "mine"}).content.decode()

    assert "This was changed while you were here." in page
    assert "neu" not in page
    client.post("/studio/settings/mail/", form | {"port": "2525"})
    assert get_settings().email_url == "submission://u:neu@mail.example.org:2525"


def test_profile_of_two_windows_is_merged(client: Client, owner: User) -> None:
    form = shown(client, "/accounts/settings/")
    update_profile(user=owner, name="Olga", time_zone="Asia/Tokyo")

    client.post("/accounts/settings/", form | {"name": "Olga Owner"})

    owner.refresh_from_db()
    assert (owner.name, owner.time_zone) == ("Olga Owner", "Asia/Tokyo")


def test_goal_of_an_older_page_is_not_set(client: Client, owner: User) -> None:
    form = shown(client, f"/members/{owner.handle}/", "/learn/goal/")
    set_weekly_goal(user=owner, unit=GoalUnit.DAYS, amount=3)

    answer = client.post("/learn/goal/", form | {"unit": "lessons", "amount": "5"}, follow=True)

    assert "Your goal was changed meanwhile." in answer.content.decode()
    assert get_participation(owner).goal_amount == 3
    form = shown(client, f"/members/{owner.handle}/", "/learn/goal/")
    client.post("/learn/goal/", form | {"unit": "lessons", "amount": "5"})
    assert get_participation(owner).goal_amount == 5


def test_role_that_was_changed_meanwhile_is_asked_for_again(client: Client) -> None:
    person = make_user("Lara")
    form = shown(client, "/studio/members/", f"{person.handle}/?page=1")
    set_role(user=person, role=Role.INSTRUCTOR)

    answer = client.post(f"/studio/members/{person.handle}/", form, follow=True)

    assert "The role of Lara was changed to instructor meanwhile." in answer.content.decode()
    person.refresh_from_db()
    assert person.role == Role.INSTRUCTOR


@pytest.mark.parametrize("kind", ["module", "lesson"])
def test_title_that_was_changed_meanwhile_is_kept(
    client: Client, lesson: Lesson, kind: str
) -> None:
    part: Any = lesson if kind == "lesson" else lesson.module
    address = f"{COURSE}{kind}s/{part.key}/title/"
    form = shown(client, f"{COURSE}?rename={part.key}", address)
    update: Callable[..., Any] = update_lesson if kind == "lesson" else update_module
    update(**{kind: part}, title="Theirs")

    answer = client.post(address, form | {"title": "Mine"}, follow=True)

    assert (
        "renamed it to “Theirs” meanwhile. Rename it again to call it “Mine”."
        in answer.content.decode()
    )
    part.refresh_from_db()
    assert part.title == "Theirs"


def test_cover_that_was_changed_meanwhile_is_kept(client: Client, course: Course) -> None:
    form = shown(client, f"{COURSE}details/", "/cover/")
    set_cover(course=course, picture=picture("teal"))

    client.post(f"{COURSE}cover/", form | {"picture": picture("red")})

    cover = course.cover
    course.refresh_from_db()
    assert course.cover == cover


def test_earlier_text_is_not_restored_over_an_unseen_one(client: Client, lesson: Lesson) -> None:
    update_lesson(lesson=lesson, body="Second")
    first = lesson.versions.last()
    address = f"{COURSE}lessons/{lesson.key}/history/{first.pk}/"
    form = shown(client, address)
    update_lesson(lesson=lesson, body="Third")

    answer = client.post(address, form, follow=True)

    assert "The text was changed meanwhile." in answer.content.decode()
    assert Lesson.objects.get(pk=lesson.pk).body == "Third"


def test_repair_page_writes_only_what_was_changed(client: Client, course: Course) -> None:
    address = f"/admin/courses/course/{course.pk}/change/"
    form = shown(client, address)
    other = make_user("Otto", role=Role.INSTRUCTOR)
    update_course(course=course, summary="Theirs")
    set_instructors(course=course, instructors=[*course.instructors.all(), other])
    version = Course.objects.get(pk=course.pk).outline_version

    assert client.post(address, form | {"title": "Repaired"}).status_code == 302

    now = Course.objects.get(pk=course.pk)
    assert (now.title, now.summary, now.instructors.count()) == ("Repaired", "Theirs", 2)
    assert now.outline_version > version


def test_repair_that_hides_the_last_open_lesson_finishes_the_course(
    client: Client, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    course = make_course([2])
    done, hidden = lessons_of(course)
    enrollment = enroll(course)
    complete_lesson(user=enrollment.user, lesson=done, origin=Origin.WEB)
    address = f"/admin/courses/lesson/{hidden.pk}/change/"

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(address, shown(client, address) | {"status": "draft"})

    assert answer.status_code == 302
    enrollment.refresh_from_db()
    assert enrollment.finished_at is not None
