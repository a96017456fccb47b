"""Every address of the site for every kind of person; one that is not here fails the test."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from stepwell.accounts.models import User
from tests.web.matrix import (
    LOGIN,
    OWN_PROFILE,
    PAGES,
    POSTS,
    ROLES,
    SIGN_IN_THEN_COURSE,
    Case,
    World,
)

pytestmark = pytest.mark.django_db

FORM_IS_ON = "/studio/courses/open/?module=2"
# Walked in tests/web/test_account_pages.py, tests/api/ and tests/web/test_admin.py.
TESTED_ELSEWHERE = ("api/v1/", "admin/")
ALLAUTH = ("account_", "mfa_", "socialaccount_", "openid_connect_")


@pytest.fixture
def world() -> World:
    return World()


@pytest.mark.parametrize("role", ROLES)
def test_every_page_answers_as_the_matrix_says(world: World, role: str) -> None:
    client, place = world.client(role), ROLES.index(role)
    wrong = []
    for case in PAGES:
        found = _answer(client, case, world)
        wanted = _wanted(case.answers[place], world)
        if not _matches(found, wanted):
            wrong.append(f"{case.path}: {found} instead of {wanted}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("case", POSTS, ids=lambda case: f"{case.path}{case.body}")
def test_every_post_answers_as_the_matrix_says(world: World, case: Case) -> None:
    found = {role: _answer(world.client(role), case, world) for role in ROLES}
    wanted = {role: _wanted(each, world) for role, each in zip(ROLES, case.answers, strict=True)}
    assert not {role for role in ROLES if not _matches(found[role], wanted[role])}, found


def test_every_address_of_the_site_is_in_the_matrix() -> None:
    known = {case.route for case in PAGES + POSTS}
    missing = [
        route
        for route, name in _routes(get_resolver())
        if route not in known
        and not route.startswith(TESTED_ELSEWHERE)
        and not (name or "").startswith(ALLAUTH)
        and not route.startswith("accounts/social/")  # allauth's redirects from old addresses
    ]
    assert not missing


@pytest.mark.parametrize(
    "case",
    [case for case in POSTS if case.route not in {page.route for page in PAGES}],
    ids=lambda case: f"{case.path}{case.body}",
)
def test_what_is_posted_cannot_be_got(world: World, case: Case) -> None:
    client = world.client("owner")
    response = client.get(case.path.format(**vars(world)))
    assert response.status_code == 405
    assert response["Allow"] == "POST"
    way_on = re.search(r'class="button" href="([^"]+)"', response.content.decode())
    assert way_on
    assert client.get(way_on[1]).status_code != 405


def test_form_of_an_ended_session_leads_back_to_a_page(world: World) -> None:
    wrong = {}
    for case in POSTS + PAGES:
        path = case.path.format(**vars(world))
        response = Client().post(path, case.body or {})
        if response.status_code != 302 or not response["Location"].startswith("/accounts/login/"):
            continue
        way_back = parse_qs(urlsplit(response["Location"]).query)["next"][0]
        answer = world.client("owner").get(way_back)
        if answer.status_code == 405 or not path.startswith(urlsplit(way_back).path):
            wrong[path] = way_back
    assert not wrong


def test_form_of_an_ended_session_leads_back_to_where_it_stood(world: World) -> None:
    wrong = {}
    for case in POSTS:
        if not str(case.answers[0]).startswith(LOGIN):
            continue
        path, sent_from = case.path.format(**vars(world)), f"http://testserver{FORM_IS_ON}"
        response = Client().post(path, case.body, headers={"Referer": sent_from})
        if parse_qs(urlsplit(response["Location"]).query)["next"] != [FORM_IS_ON]:
            wrong[path] = response["Location"]
    assert not wrong


@pytest.mark.usefixtures("world")
def test_form_of_an_ended_session_says_that_it_was_not_saved() -> None:
    client = Client()
    response = client.post("/leaderboard/listing/", {"state": "hidden"})
    assert "was not saved" in client.get(response["Location"]).content.decode()


def test_fragment_of_an_ended_session_leads_the_whole_page_to_sign_in(world: World) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{FORM_IS_ON}"}
    path = f"/studio/courses/open/lessons/{world.lesson.key}/move/"
    for response in (
        Client().post(path, headers=headers),
        Client().get("/studio/", headers=headers),
    ):
        assert response.status_code == 200
        assert parse_qs(urlsplit(response["HX-Redirect"]).query)["next"] == [FORM_IS_ON]


def test_way_back_never_leads_to_another_site(world: World) -> None:
    response = Client().post("/learn/goal/", headers={"Referer": "http://evil.example/studio/"})
    assert response["Location"] == "/accounts/login/?next=/learn/"


def test_script_that_saves_in_the_background_leaves_no_message(world: World) -> None:
    client = Client()
    path = f"/studio/courses/open/lessons/{world.lesson.key}/text/"
    response = client.post(path, headers={"Sec-Fetch-Mode": "cors"})
    assert "was not saved" not in client.get(response["Location"]).content.decode()


def test_forms_without_a_token_are_refused(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.learner)
    answer = client.post("/courses/open/enrollment/", {"state": "enrolled"})
    assert answer.status_code == 403
    assert "too old" in answer.content.decode()


def test_suspended_person_loses_access_at_once(world: World) -> None:
    client = world.client("member")
    User.objects.filter(pk=world.member.pk).update(is_active=False)
    assert client.get("/learn/").status_code == 302


def _answer(client: Client, case: Case, world: World) -> int | str:
    path = case.path.format(**vars(world))
    response = getattr(client, case.method)(path, case.body or {})
    if response.streaming:
        response.getvalue()  # reading a file to its end closes it
    return f"302 {response['Location']}" if response.status_code == 302 else response.status_code


def _wanted(answer: int | str, world: World) -> int | str:
    return answer.format(**vars(world)) if isinstance(answer, str) else answer


def _matches(found: int | str, wanted: int | str) -> bool:
    if wanted in {LOGIN, OWN_PROFILE, SIGN_IN_THEN_COURSE} or "lesson" in str(wanted):
        return str(found).startswith(str(wanted))
    return found == wanted


def _routes(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, str | None]]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield route, entry.name
        else:
            yield from _routes(entry, route)
