"""Forms and API calls that name a course or lesson by an address that it had before."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse
from pytest_django import DjangoAssertNumQueries

from stepwell.accounts.actions import create_api_token
from stepwell.accounts.models import Role, User
from stepwell.api.v1 import api
from stepwell.courses.actions import (
    archive_course,
    archive_lesson,
    create_page,
    save_attachment,
    set_instructors,
    unpublish_course,
    update_course,
    update_lesson,
)
from stepwell.courses.models import Course, Lesson
from stepwell.learning.actions import complete_lesson, enroll_by_email
from stepwell.learning.models import Enrollment, LessonProgress, Origin
from stepwell.web.urls import urlpatterns
from tests.factories import enroll, lessons_of, make_course, make_user

pytestmark = pytest.mark.django_db


def rename(lesson: Lesson) -> None:
    update_lesson(lesson=lesson, slug="leaves")


def archive(lesson: Lesson) -> None:
    archive_lesson(lesson=lesson)


FIELDS = {"state": "completed", "title": "New", "way": "down", "body": "Text", "base": "2"}


def routes(patterns: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns)
        elif "slug" in pattern.pattern.converters:
            yield pattern


PAGES = list(routes(urlpatterns))  # type: ignore[arg-type]  # includes are resolvers
CALLS = sorted(
    (method, path)
    for path, methods in api.get_openapi_schema()["paths"].items()
    for method in methods
    if "{slug}" in path
)


@pytest.fixture
def course(owner: User) -> Course:
    """A course whose former address is `tea`, with a lesson whose former one is `lesson-11`."""
    course = make_course([2, 1], title="Tea")
    set_instructors(course=course, instructors=[make_user("Ines", role=Role.INSTRUCTOR)])
    lesson = lessons_of(course)[0]
    update_lesson(lesson=lesson, body="First.")
    create_page(lesson=lesson, title="Task")
    save_attachment(course=course, name="a.txt", content=ContentFile(b"a"))
    enroll(course, owner)
    enroll_by_email(course=course, emails=["new@example.org"], by=owner)
    update_course(course=course, slug="green-tea")
    update_lesson(lesson=lesson, slug="leaves")
    return course


def places(course: Course, names: Any, owner: User) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the parameters of an address as they were, and as they are."""
    lesson = lessons_of(course)[0]
    now = {
        "slug": "green-tea",
        "lesson_slug": "leaves",
        "page_slug": "task",
        "handle": owner.handle,
        "attachment_id": course.attachments.get().pk,
        "version_id": lesson.versions.earliest("pk").pk,
        "pending_id": course.pending_enrollments.get().pk,
        "key": lesson.key,
    }
    old = now | {"slug": "tea", "lesson_slug": "lesson-11"}
    return {name: old[name] for name in names}, {name: now[name] for name in names}


def addresses(course: Course, page: URLPattern, owner: User) -> list[str]:
    """Return the former address of a page and the one of now."""
    both = places(course, page.pattern.converters, owner)
    if "-module-" in str(page.name):
        for place in both:
            place["key"] = course.modules.all()[0].key
    return [reverse(str(page.name), kwargs=place) for place in both]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_is_posted_to_a_former_address_is_done(
    client: Client, course: Course, owner: User, page: URLPattern
) -> None:
    client.force_login(owner)
    answers = []
    for address in reversed(addresses(course, page, owner)):
        with transaction.atomic():
            answers.append(client.post(address, FIELDS))
            transaction.set_rollback(True)
    first, second = answers
    assert first.status_code != 404
    assert second.status_code == first.status_code
    if page.name != "studio-course-copies":
        assert second.get("Location") == first.get("Location")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page_at_a_former_address_redirects(
    client: Client, course: Course, owner: User, page: URLPattern
) -> None:
    client.force_login(owner)
    old, now = addresses(course, page, owner)

    answer = client.get(old, {"a": "b"})

    assert answer.status_code == 405 or answer["Location"] == f"{now}?a=b"


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_api_answers_at_a_former_address_as_at_the_one_of_now(
    client: Client, course: Course, owner: User, method: str, path: str
) -> None:
    lesson = lessons_of(course)[0]
    holder = lesson.module if "/modules/" in path else lesson
    _row, token = create_api_token(user=owner, label="test")
    body = {"title": "New", "status": "draft", "modules": [], "emails": []}
    body |= {"module": lesson.module.key}  # type: ignore[dict-item]  # a key beside lists
    answers = []
    for slug in ("green-tea", "tea"):
        address = path.format(slug=slug, key=holder.key, handle=owner.handle)
        with transaction.atomic():
            answer = client.generic(
                method.upper(),
                address,
                "" if method == "get" else str(body).replace("'", '"'),
                content_type="application/json",
                headers={"Authorization": f"Bearer {token}"},
            )
            answers.append(answer.status_code)
            transaction.set_rollback(True)
    assert answers[0] == answers[1] != 404


def test_completion_from_a_page_that_was_opened_before_is_kept(
    client: Client, course: Course
) -> None:
    learner = enroll(course).user
    client.force_login(learner)
    for headers, status in [({}, 302), ({"HX-Request": "true"}, 200)]:
        sent = {"state": "completed"}
        answer = client.post("/courses/tea/lessons/lesson-11/completion/", sent, headers=headers)
        assert answer.status_code == status
        assert LessonProgress.objects.filter(user=learner).update(completed_at=None) == 1


@pytest.mark.parametrize("leave", [rename, archive], ids=["renamed", "archived"])
@pytest.mark.parametrize("is_completed", [False, True], ids=["complete", "undo"])
def test_form_is_about_its_own_lesson_when_another_one_has_the_address_now(
    client: Client, leave: Callable[[Lesson], object], is_completed: bool
) -> None:
    course = make_course([2], title="Tea")
    lesson, other = lessons_of(course)
    learner = enroll(course).user
    client.force_login(learner)
    if is_completed:
        for each in (lesson, other):
            complete_lesson(user=learner, lesson=each, origin=Origin.WEB)
    page = client.get("/courses/tea/lessons/lesson-11/").content.decode()
    [form, _same] = re.findall(r'<form method="post" action="[^"]*completion/".*?</form>', page)
    [address] = re.findall(r' action="([^"]*)"', form)
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    leave(lesson)
    update_lesson(lesson=other, slug="lesson-11")

    answer = client.post(address, fields)

    assert answer.status_code == (302 if leave == rename else 410)
    completed = LessonProgress.objects.completed().filter(user=learner)
    assert completed.filter(lesson=other).exists() == is_completed
    was_done = is_completed != (leave == rename)
    assert completed.filter(lesson=lesson).exists() == was_done


@pytest.mark.parametrize("end", ["enrollment", "start-over"])
def test_form_is_about_its_own_course_when_another_one_has_the_address_now(
    client: Client, end: str
) -> None:
    course = make_course([1], title="Tea")
    learner = enroll(course).user
    client.force_login(learner)
    complete_lesson(user=learner, lesson=lessons_of(course)[0], origin=Origin.WEB)
    page = client.get("/courses/tea/").content.decode()
    forms = re.findall(rf'<form method="post" action="([^"]*/{end}/)">(.*?)</form>', page)
    [(address, form)] = forms
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    archive_course(course=course)
    other = make_course([1], title="Tea")
    enroll(other, learner)
    complete_lesson(user=learner, lesson=lessons_of(other)[0], origin=Origin.WEB)

    client.post(address, fields)

    assert other.slug == "tea"
    left = Enrollment.objects.filter(user=learner, unenrolled_at__isnull=False)
    assert [each.course for each in left] == ([course] if end == "enrollment" else [])
    assert not LessonProgress.objects.filter(user=learner, completed_at=None).exists()


def test_refusal_at_a_former_address_says_so(client: Client, course: Course) -> None:
    learner = enroll(course).user
    client.force_login(learner)
    unpublish_course(course=course)

    answer = client.post("/courses/tea/start-over/", follow=True)

    assert answer.redirect_chain == [("/learn/", 302)]
    assert "closed for now" in answer.content.decode()


def test_former_address_of_what_one_may_not_see_is_absent(client: Client, course: Course) -> None:
    unpublish_course(course=course)
    client.force_login(make_user())

    for address in ("/courses/tea/enrollment/", "/studio/courses/tea/modules/"):
        assert client.post(address, {"state": "enrolled"}).status_code == 404
    assert client.get("/courses/tea/").status_code == 404


def test_current_address_costs_no_query_more(
    client: Client, course: Course, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(enroll(course).user)

    with django_assert_num_queries(2):  # the session and the course
        client.post("/courses/green-tea/enrollment/", {"state": "unknown"})
