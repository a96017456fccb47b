"""What pages say in words and drawings: whole sentences, true of the person who reads them."""

import re
from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client
from django.utils import translation

from stepwell.accounts.models import Role, User
from stepwell.courses.models import Course
from stepwell.learning.actions import complete_lesson
from stepwell.learning.models import Origin
from stepwell.web.markup import with_moment
from tests.factories import enroll, lessons_of, make_course, make_user

pytestmark = pytest.mark.django_db

MESSAGES = settings.LOCALE_PATHS[0] / "de" / "LC_MESSAGES" / "django.po"


@pytest.fixture
def course() -> Course:
    return make_course((2, 1))


@pytest.fixture
def learner(client: Client, course: Course) -> User:
    person = make_user("Lara Learner")
    enroll(course, person)
    client.force_login(person)
    return person


def text_of(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_streak_is_said_once_in_each_line(client: Client, learner: User, course: Course) -> None:
    complete_lesson(user=learner, lesson=lessons_of(course)[0], origin=Origin.WEB)

    page = text_of(client, f"/members/{learner.handle}/")

    assert "<dt>Current streak</dt><dd>1 day</dd>" in page
    assert "<dt>Longest streak</dt><dd>1 day</dd>" in page


@pytest.mark.parametrize(("language", "names"), [("en", "Mon Wed Fri Sun"), ("de", "Mo Mi Fr So")])
def test_year_of_learning_names_its_weekdays(
    client: Client, learner: User, language: str, names: str
) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = text_of(client, f"/members/{learner.handle}/")

    drawing = re.search(r'class="year-days".*?</svg>', page)
    assert drawing
    assert " ".join(re.findall(r">([^<]+)</text>", drawing[0])) == names


def test_outline_has_steps_for_those_alone_who_can_take_them(
    client: Client, course: Course, learner: User
) -> None:
    address = course.get_absolute_url()

    assert text_of(client, address).count('class="tick"') == 3
    assert text_of(Client(), address).count('class="tick"') == 0
    client.force_login(make_user("Not enrolled"))
    assert text_of(client, address).count('class="tick"') == 0


def test_page_that_is_not_there_speaks_of_progress_to_those_who_have_some(
    client: Client, learner: User
) -> None:
    assert "Your progress is kept." in text_of(client, "/nowhere/")
    assert "progress" not in text_of(Client(), "/nowhere/")


def test_time_in_a_sentence_is_put_where_the_language_wants_it() -> None:
    with translation.override("en"):
        said = with_moment("<%(when)s> & done", datetime(2026, 1, 5, 12, 0, tzinfo=UTC))

    assert said.startswith("&lt;<time datetime=")
    assert said.endswith("Jan. 5, 2026</time>&gt; &amp; done")


def test_sentences_use_plain_words() -> None:
    sentences = re.findall(r'^msgid(?:_plural)? "(.*)"$', MESSAGES.read_text(), re.MULTILINE)

    assert len(sentences) > 500
    assert not [each for each in sentences if re.search(r"\b(anew|as it comes)\b", each)]


def test_admin_names_many_of_a_kind_in_english(client: Client) -> None:
    client.force_login(make_user("Olga Owner", role=Role.OWNER))
    page = text_of(client, "/admin/")
    plurals = [str(model._meta.verbose_name_plural) for model in apps.get_models()]

    assert "Former addresses" in page
    assert not [each for each in plurals if re.search(r"(ss|[^aeiou]y|x|ch|sh)s$", each)]
