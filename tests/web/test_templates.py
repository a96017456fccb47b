"""Templates of both languages: one shell, nothing of a person's text becomes markup."""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client, RequestFactory
from django.utils.functional import SimpleLazyObject
from jinja2 import UndefinedError

from stepwell.courses.actions import create_lesson, create_module, publish_lesson, update_course
from stepwell.learning.actions import complete_lesson
from stepwell.learning.models import Origin
from stepwell.web.views import errors
from tests.factories import enroll, lessons_of, make_course, make_user

HOSTILE = "<b>\"Tom\"</b> & 'Jerry' %s %(title)s {{ 1 }}"
ESCAPED = "&lt;b&gt;&#34;Tom&#34;&lt;/b&gt; &amp; &#39;Jerry&#39; %s %(title)s {{ 1 }}"
ERROR_PAGES = [
    errors.forbidden,
    errors.not_found,
    errors.too_many_requests,
    errors.server_error,
    errors.csrf_failure,
]


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/learn/", f"Continue with “{ESCAPED}”"),
        ("/learn/", f'aria-label="Progress in {ESCAPED}"'),
        ("/learn/", f"Account of {ESCAPED}"),
        ("/courses/?q=Tom", 'value="Tom"'),
        ("/courses/?q=%3Cb%3E%25s", "No course matches “&lt;b&gt;%s”"),
        ("/courses/course/", f"Continue with “{ESCAPED}”"),
        ("/courses/course/", f'<meta name="description" content="{ESCAPED}">'),
        ("/courses/course/lessons/lesson-11/", f"</span>{ESCAPED}</a>"),
    ],
)
@pytest.mark.django_db
def test_text_of_people_stays_text(client: Client, address: str, sentence: str) -> None:
    learner = make_user(HOSTILE)
    course = make_course((1,))
    update_course(course=course, title=HOSTILE, summary=HOSTILE)
    module = create_module(course=course, title=HOSTILE)
    publish_lesson(lesson=create_lesson(module=module, title=HOSTILE))
    enroll(course, learner)
    complete_lesson(user=learner, lesson=lessons_of(course)[0], origin=Origin.WEB)
    client.force_login(learner)
    text = client.get(address).content.decode()
    assert sentence in text
    assert "<b>" not in text


@pytest.mark.django_db
def test_sentence_with_a_link_keeps_it(client: Client) -> None:
    client.force_login(make_user())
    assert '<a href="/api/v1/docs">API</a>' in client.get("/accounts/tokens/").content.decode()


@pytest.mark.django_db
def test_pages_of_both_languages_stand_in_one_shell(client: Client) -> None:
    def shell_of(address: str) -> str:
        text = client.get(address).content.decode()
        text = re.sub(r' aria-current="page"|(?:csrfmiddlewaretoken|next)" value="[^"]*"', "", text)
        text = re.sub(r"<title>.*?</title>", "", text)
        return re.sub(r'<main id="content".*?</main>', "", text, flags=re.DOTALL)

    client.force_login(make_user())
    assert shell_of("/accounts/settings/").split() == shell_of("/accounts/email/").split()


@pytest.mark.django_db
def test_every_form_of_a_page_has_the_same_token(client: Client) -> None:
    for number in range(3):
        make_course(title=f"Course {number}")
    client.force_login(make_user())
    text = client.get("/courses/").content.decode()
    tokens = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', text)
    assert len(tokens) == 5
    assert len(set(tokens)) == 1


def test_name_that_nobody_gave_is_an_error() -> None:
    template = engines["jinja2"].from_string("{{ forgotten }}")
    with pytest.raises(UndefinedError):
        template.render({})


@pytest.mark.parametrize("view", ERROR_PAGES)
def test_error_page_needs_neither_database_nor_middleware(
    view: Callable[[HttpRequest], HttpResponse],
) -> None:
    response = view(RequestFactory().get("/"))
    assert "</html>" in response.content.decode()


def test_page_of_our_fault_stands_when_the_person_cannot_be_read() -> None:
    def broken() -> AnonymousUser:
        raise DatabaseError

    request = RequestFactory().get("/")
    request.user = SimpleLazyObject(broken)
    assert "Something broke on our side" in errors.server_error(request).content.decode()
