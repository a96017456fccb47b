"""Search and order in every language, on every list that has them."""

from collections.abc import Callable

import pytest
from django.test import Client

from stepwell.accounts.actions import update_profile
from stepwell.accounts.models import User
from stepwell.accounts.queries import People, get_instructors
from stepwell.courses.actions import create_lesson, create_module, set_instructors, update_course
from stepwell.courses.models import Course
from stepwell.courses.queries import Catalog
from stepwell.learning.queries import Learners, TaughtCourses
from tests.factories import enroll, make_course, make_instructor, make_user

pytestmark = pytest.mark.django_db

NAMES = ["Zoë Öz", "émile Zola", "Eve Adams", "Über Mensch", "Ulla Berg", "Физик Ёлкин", "Ada"]
SORTED = ["Ada", "émile Zola", "Eve Adams", "Über Mensch", "Ulla Berg", "Zoë Öz", "Физик Ёлкин"]
SEARCHES = [
    ("über", "Über Mensch"),
    ("UBER", "Über Mensch"),
    ("u\u0308ber", "Über Mensch"),
    ("физик елкин", "Физик Ёлкин"),
    ("ФИЗИК", "Физик Ёлкин"),
    ("Émile", "émile Zola"),
    ("OZ zoe", "Zoë Öz"),
]


def learners() -> Callable[[str], list[str]]:
    """Enroll people of these names, and return how their course's list is searched."""
    course = make_course([1], title="Tea")
    for name in NAMES:
        enroll(course, make_user(name))
    return lambda search: [each.name for each in Learners(course, search=search, sort="name")]


def members() -> Callable[[str], list[str]]:
    """Make people of these names, and return how members are searched."""
    for name in NAMES:
        make_user(name)
    return lambda search: [each.name for each in People(search)[:50]]


def catalog() -> Callable[[str], list[str]]:
    """Make courses of these titles, and return how the catalog is searched."""
    for name in NAMES:
        make_course([1], title=name)
    return lambda search: [each.course.title for each in Catalog(search)]


LISTS = pytest.mark.parametrize(
    "make", [learners, members, catalog], ids=lambda each: each.__name__
)


@LISTS
def test_lists_are_searched_whatever_the_capitals_and_accents(
    make: Callable[[], Callable[[str], list[str]]],
) -> None:
    find = make()

    assert {word: find(word) for word, _name in SEARCHES} == {
        word: [name] for word, name in SEARCHES
    }
    assert find("%") == find("_") == []


@LISTS
def test_lists_are_sorted_with_accents_beside_their_letters(
    make: Callable[[], Callable[[str], list[str]]],
) -> None:
    assert make()("") == SORTED


def test_other_lists_are_sorted_the_same_way() -> None:
    teachers = [make_instructor(name) for name in NAMES]
    course = make_course([1], title="Über Tee")
    make_course([1], title="Ulme")
    make_course([1], title="Zeder")
    set_instructors(course=course, instructors=teachers)

    assert [person.name for person in get_instructors()] == SORTED
    assert [each.name for each in Catalog()[:1][0].instructors] == SORTED
    owner = make_user("Olga")
    owner.role = "owner"
    taught = TaughtCourses(owner)[:10]
    assert [each.course.title for each in taught] == ["Über Tee", "Ulme", "Zeder"]


def test_search_follows_changes() -> None:
    person, course = make_user("Ada"), make_course([1], title="Tea")
    update_profile(user=person, name="Über Mensch", time_zone="")
    person.email = "neu@example.org"
    person.save(update_fields=["email"])
    update_course(course=course, summary="Für Öfen")

    assert [each.pk for each in People("uber neu@")[:5]] == [person.pk]
    assert not People("ada")[:5]
    assert [each.course.title for each in Catalog("ofen fur")] == ["Tea"]


def test_admin_and_api_find_the_same(client: Client, owner: User) -> None:
    make_user("Über Mensch")
    course = make_course([1], title="Über Tee")
    for title in ("Über Fäden", "Knoten"):
        create_lesson(module=create_module(course=course, title=title), title=title)
    client.force_login(owner)

    assert "Über Mensch" in client.get("/admin/accounts/user/?q=uber").content.decode()
    assert "Über Tee" in client.get("/admin/courses/course/?q=ÜBER").content.decode()
    for model in ("module", "lesson"):
        page = client.get(f"/admin/courses/{model}/?q=uber+FADEN").content.decode()
        assert "Über Fäden" in page
        assert "Knoten" not in page
    found = client.get("/api/v1/courses", {"q": "uber"}).json()
    assert [each["title"] for each in found["items"]] == ["Über Tee"]


def test_title_of_any_length_and_script_is_indexed() -> None:
    titles = ["\ufdfa" * 200, "🎓" * 200, "語" * 200]
    courses = [make_course([1], title=title) for title in titles]

    assert Course.objects.filter(pk__in=[each.pk for each in courses]).count() == 3
