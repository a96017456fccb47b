"""Pages of the studio: writing, previewing, files, and addresses that courses had."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db.models import Model
from django.test import Client, RequestFactory
from PIL import Image
from pytest_django import DjangoAssertNumQueries, Settings

from stepwell.accounts.invitations import withdraw_invitation
from stepwell.accounts.models import MAIL_AGAIN_AFTER, Invitation, Role, User
from stepwell.core import clock
from stepwell.courses.actions import (
    archive_course,
    create_page,
    set_cover,
    set_instructors,
    set_video,
    unpublish_course,
    unpublish_lesson,
    update_course,
    update_lesson,
    upload_attachment,
)
from stepwell.courses.models import Course, Lesson
from stepwell.learning.actions import complete_lesson
from stepwell.learning.models import (
    Enrollment,
    LearningEvent,
    LessonProgress,
    Origin,
    PendingEnrollment,
    VideoPosition,
)
from stepwell.web.uploads import get_upload_limits
from tests.factories import enroll, lessons_of, make_course, make_instructor, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def ines() -> User:
    return make_instructor("Ines")


@pytest.fixture
def teaching(ines: User) -> Client:
    client = Client()
    client.force_login(ines)
    return client


@pytest.fixture
def course(ines: User, settings: Settings, tmp_path: Path) -> Course:
    settings.MEDIA_ROOT = tmp_path
    course = make_course([2, 1], title="Tea")
    set_instructors(course=course, instructors=[ines])
    return course


@pytest.fixture
def lesson(course: Course) -> Lesson:
    return lessons_of(course)[0]


def send(client: Client, lesson: Lesson, end: str, body: Any) -> Any:
    address = f"/studio/courses/{lesson.course.slug}/lessons/{lesson.key}/{end}/"
    return client.post(address, json.dumps(body), content_type="application/json")


def counts(*models: type[Model]) -> list[int]:
    return [model._default_manager.count() for model in models]


def test_saving_answers_with_revision_and_time(teaching: Client, lesson: Lesson) -> None:
    answer = send(teaching, lesson, "text", {"base": 1, "title": "New", "markdown": "*New*"})

    assert answer.json()["revision"] == 2
    assert answer.json()["saved"].startswith("Saved ")
    saved = Lesson.objects.get(pk=lesson.pk)
    assert (saved.title, saved.body, saved.html) == ("New", "*New*", "<p><em>New</em></p>\n")


def test_saving_on_an_old_revision_shows_both_texts(teaching: Client, lesson: Lesson) -> None:
    update_lesson(lesson=lesson, body="Their text.", author=make_instructor("Otto"))

    answer = send(teaching, lesson, "text", {"base": 1, "title": "T", "markdown": "My text."})

    assert answer.status_code == 409
    html = answer.json()["html"]
    assert "<del>Their</del><ins>My</ins> text." in html
    assert "Otto saved it while you were writing." in html
    assert Lesson.objects.get(pk=lesson.pk).body == "Their text."


@pytest.mark.parametrize(
    "body",
    [
        {"base": 1, "title": "", "markdown": "x"},
        {"base": 1, "title": "x" * 201, "markdown": "x"},
        {"base": 1, "title": "T", "blocks": [{"type": "script"}]},
        {"base": "one"},
        {"base": 1, "title": "T", "markdown": "x" * 150_001},
        {"base": 1, "title": "T", "markdown": "a\0b"},
        [],
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_sentence(
    teaching: Client, lesson: Lesson, body: Any
) -> None:
    answer = send(teaching, lesson, "text", body)

    assert answer.status_code == 422
    assert answer.json()["error"]
    assert Lesson.objects.get(pk=lesson.pk).body == "Text."


def test_draft_turns_one_form_into_the_other_and_saves_nothing(
    teaching: Client, lesson: Lesson
) -> None:
    document = send(teaching, lesson, "draft", {"markdown": "# A\n\nB"}).json()["document"]
    assert [node["type"] for node in document["content"]] == ["heading", "paragraph"]

    markdown = send(teaching, lesson, "draft", {"blocks": document["content"]}).json()["markdown"]

    assert markdown == "# A\n\nB\n"
    assert Lesson.objects.get(pk=lesson.pk).revision == 1


def test_preview_shows_drafts_and_leaves_no_trace(
    teaching: Client, course: Course, lesson: Lesson
) -> None:
    unpublish_lesson(lesson=lesson)
    create_page(lesson=lesson, title="Task", body="Do it.")
    unpublish_course(course=course)
    before = counts(Enrollment, LessonProgress, LearningEvent, VideoPosition)

    page = teaching.get("/studio/courses/tea/preview/").content.decode()
    assert "Preview as a learner." in page
    assert f"/studio/courses/tea/lessons/{lesson.key}/preview/" in page
    for end in ("", "pages/task/"):
        answer = teaching.get(f"/studio/courses/tea/lessons/{lesson.key}/preview/{end}")
        assert "Preview as a learner." in answer.content.decode()

    assert counts(Enrollment, LessonProgress, LearningEvent, VideoPosition) == before


def test_archiving_says_first_whom_it_concerns(teaching: Client, lesson: Lesson) -> None:
    learner = enroll(lesson.course).user
    address = f"/studio/courses/tea/lessons/{lesson.key}/archiving/"
    assert "None of them has completed" in teaching.get(address).content.decode()
    for each in lessons_of(lesson.course):
        if each != lesson:
            complete_lesson(user=learner, lesson=each, origin=Origin.WEB)
    page = teaching.get(address).content.decode()
    assert "1 learner has nothing else open and finishes the course by it" in page

    complete_lesson(user=learner, lesson=lesson, origin=Origin.WEB)
    assert (
        "1 learner completed this lesson; their completion is kept."
        in teaching.get(address).content.decode()
    )
    teaching.post(address)

    assert Lesson.objects.get(pk=lesson.pk).archived_at is not None
    assert LessonProgress.objects.completed().count() == 3  # type: ignore[attr-defined]  # its own


@pytest.mark.parametrize("size", [1, 3])
def test_outline_costs_as_many_queries_for_any_number_of_lessons(
    teaching: Client, ines: User, django_assert_num_queries: DjangoAssertNumQueries, size: int
) -> None:
    course = make_course([size] * size, title="Other")
    set_instructors(course=course, instructors=[ines])

    with django_assert_num_queries(5):  # session, course, modules, lessons, learners
        teaching.get("/studio/courses/other/")


def test_former_addresses_lead_on(client: Client, course: Course, lesson: Lesson) -> None:
    learner = enroll(course).user
    client.force_login(learner)
    update_course(course=course, slug="green-tea")
    update_lesson(lesson=lesson, slug="leaves")

    for old, new in [
        ("/courses/tea/?module=x", "/courses/green-tea/?module=x"),
        ("/courses/tea/lessons/lesson-11/", "/courses/green-tea/lessons/leaves/"),
        ("/courses/green-tea/lessons/lesson-11/", "/courses/green-tea/lessons/leaves/"),
    ]:
        assert client.get(old)["Location"] == new


def test_former_address_tells_strangers_nothing_of_a_closed_course(
    client: Client, teaching: Client, course: Course
) -> None:
    update_course(course=course, slug="secret-plan")
    unpublish_course(course=course)

    assert client.get("/courses/tea/").status_code == 404
    assert teaching.get("/studio/courses/tea/")["Location"] == "/studio/courses/secret-plan/"


def test_uploaded_file_is_named_as_markdown_wants_it(teaching: Client, course: Course) -> None:
    out = BytesIO()
    Image.new("RGB", (4, 3)).save(out, "PNG")

    answer = teaching.post(
        "/studio/courses/tea/attachments/",
        {"file": ContentFile(out.getvalue(), name="a b.png")},
        headers={"Accept": "application/json"},
    )

    assert answer.json() == {
        "name": "a b.png",
        "address": f"/files/{course.key}/a%20b.png",
        "target": "assets/a%20b.png",
        "markdown": "![](assets/a%20b.png)",
        "is_picture": True,
        "width": 4,
        "height": 3,
    }


def test_refused_file_says_why(teaching: Client, course: Course) -> None:
    sent = {"file": ContentFile(b"<script>", name="x.html")}
    answer = teaching.post(
        "/studio/courses/tea/attachments/", sent, headers={"Accept": "application/json"}
    )

    assert answer.status_code == 422
    assert "not taken" in answer.json()["error"]


def test_file_list_says_where_a_file_is_used(
    teaching: Client, course: Course, lesson: Lesson
) -> None:
    file = ContentFile(b"x", name="a.txt")
    upload_attachment(course=course, file=file, name="a.txt")
    update_lesson(lesson=lesson, body="[a](assets/a.txt)")

    page = teaching.get("/studio/courses/tea/attachments/").content.decode()

    assert "Lesson 1.1" in page
    assert "there it will be missing" in page


def test_cover_is_for_those_who_may_see_the_course(
    client: Client, teaching: Client, course: Course
) -> None:
    out = BytesIO()
    Image.new("RGB", (160, 90)).save(out, "PNG")
    set_cover(course=course, picture=ContentFile(out.getvalue(), name="x.png"))
    address = f"/covers/{course.key}/{course.cover}/400.webp"
    assert address in client.get("/courses/").content.decode()
    member = Client()
    member.force_login(enroll(course).user)

    statuses = []
    for change in (lambda: None, lambda: unpublish_course(course=course)):
        change()
        for who in (client, member, teaching):
            answer = who.get(address)
            statuses.append(answer.status_code)
            if answer.streaming:
                answer.getvalue()

    assert statuses == [200, 200, 200, 404, 200, 200]
    assert client.get(f"/covers/{course.key}/{course.cover}/500.webp").status_code == 404


def test_video_of_a_lesson_is_for_its_members(
    client: Client, course: Course, lesson: Lesson
) -> None:
    webm = ContentFile(b"\x1aE\xdf\xa3" + bytes(50), name="talk.webm")
    vtt = ContentFile(b"WEBVTT\n", name="talk.vtt")
    set_video(lesson=lesson, file=webm, captions=vtt)
    upload_attachment(course=course, file=ContentFile(b"x", name="other.txt"), name="other.txt")
    files = f"/files/{course.key}"
    client.force_login(make_user("Stranger"))
    assert client.get(f"{files}/talk.webm").status_code == 404
    client.force_login(enroll(course).user)

    page = client.get(lesson.get_absolute_url()).content.decode()
    assert f'src="{files}/talk.webm"' in page
    assert f'<track kind="captions" src="{files}/talk.vtt"' in page
    for name, status in (("talk.webm", 200), ("talk.vtt", 200), ("other.txt", 404)):
        answer = client.get(f"{files}/{name}")
        assert answer.status_code == status
        if answer.streaming:
            answer.getvalue()


def test_place_in_a_video_is_remembered_and_no_fact(client: Client, lesson: Lesson) -> None:
    client.force_login(enroll(lesson.course).user)
    events = LearningEvent.objects.count()
    address = f"/lessons/{lesson.key}/video-position/"

    assert client.get(address).json() == {"seconds": 0}
    for seconds in ("70", "192", "192"):
        assert client.post(address, {"seconds": seconds}).status_code == 204
    assert client.get(address).json() == {"seconds": 192}
    for bad in ("-1", "x", "", "9" * 20, "१"):
        assert client.post(address, {"seconds": bad}).status_code == 400

    assert LearningEvent.objects.count() == events


def test_archived_course_comes_back_from_its_page(teaching: Client, course: Course) -> None:
    archive_course(course=course)

    assert "Tea" in teaching.get("/studio/archive/").content.decode()
    teaching.post(f"/studio/archive/{course.key}/restoration/")

    assert Course.objects.get().is_published


@pytest.mark.parametrize(("role", "limit_mb"), [(Role.INSTRUCTOR, 4), (Role.LEARNER, 2), (None, 2)])
def test_only_authors_may_send_much(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    db: None,
    role: Role | None,
    limit_mb: int,
) -> None:
    monkeypatch.setattr(settings.SITE, "max_attachment_mb", 3)
    client = Client()
    if role:
        client.force_login(make_user("Somebody", role=role))
    environ = RequestFactory().post("/studio/courses/tea/attachments/").environ
    environ["HTTP_COOKIE"] = client.cookies.output(header="", sep=";")

    # Each has 1 MB more, for the form around the files.
    assert get_upload_limits(environ).kept == limit_mb * 1024 * 1024


def test_list_that_is_too_long_is_not_cut(teaching: Client, course: Course) -> None:
    lines = "\n".join(f"p{number}@example.org" for number in range(2_001))

    answer = teaching.post("/studio/courses/tea/people/", {"emails": lines}).content.decode()

    assert "more than 2000 lines" in answer
    assert not PendingEnrollment.objects.exists()


def test_report_tells_line_by_line(teaching: Client, course: Course) -> None:
    lines = "p.o'hara@example.org\nnobody\nP.O'Hara@example.org"

    answer = teaching.post("/studio/courses/tea/people/", {"emails": lines}).content.decode()

    places = [answer.index(words) for words in ("invited by mail", "no email", "twice")]
    assert places == sorted(places)
    assert [each.email for each in PendingEnrollment.objects.all()] == ["p.o'hara@example.org"]


def test_list_says_that_an_owner_withdrew_the_invitation(teaching: Client, course: Course) -> None:
    page = "/studio/courses/tea/people/"
    teaching.post(page, {"emails": "nia@example.org"})
    PendingEnrollment.objects.update(sent_at=clock.now(), queued_at=clock.now() - MAIL_AGAIN_AFTER)
    words = "the invitation was withdrawn"
    assert words not in teaching.get(page).content.decode()

    withdraw_invitation(invitation=Invitation.objects.get())

    text = teaching.get(page).content.decode()
    assert words in text
    assert "mailed" not in text
    teaching.post(f"{page}{PendingEnrollment.objects.get().pk}/mail/")
    assert words not in teaching.get(page).content.decode()
