"""The list of keys names those that do something on the page."""

import re

import pytest
from django.test import Client

from stepwell.accounts.models import Role
from stepwell.courses.actions import create_page, set_instructors
from tests.factories import enroll, lessons_of, make_course, make_user

pytestmark = pytest.mark.django_db


def keys_of(client: Client, address: str) -> str:
    page = client.get(address, follow=True).content.decode()
    return "".join(re.findall(r"<kbd>(.*?)</kbd>", page))


def test_list_names_the_keys_of_the_page(client: Client) -> None:
    course, person = make_course((3,)), make_user(role=Role.INSTRUCTOR)
    set_instructors(course=course, instructors=[person])
    enroll(course, person)
    first, middle, last = lessons_of(course)
    create_page(lesson=middle, title="Task")
    client.force_login(person)

    assert keys_of(client, first.get_absolute_url()) == "nc?"
    assert keys_of(client, middle.get_absolute_url()) == "npc?"
    assert keys_of(client, last.get_absolute_url()) == "pc?"
    assert keys_of(client, middle.get_absolute_url() + "pages/task/") == ""
    preview = f"/studio/courses/{course.slug}/lessons/{middle.key}/preview/"
    assert keys_of(client, preview) == "np?"
    assert keys_of(client, preview + "pages/task/") == ""
    assert keys_of(client, "/accounts/settings/") == "npcAlt↑↓?"
