"""What a page costs at a school of known size: its queries and its bytes, never its time."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from benchmarks import sql
from benchmarks.pages import PAGES, School
from stepwell.core import clock
from stepwell.gamification.models import BadgeAward

# In a transaction the site would not trust its caches.
pytestmark = pytest.mark.django_db(transaction=True)

WEDNESDAY = 2
# For each page: its queries, the most where visits bring different points and badges, and the most
# bytes of its body by gzip.
COSTS = {
    "catalog": (5, 2_800),
    "my-learning": (5, 2_850),
    "course": (4, 3_500),
    "lesson": (3, 5_400),
    "complete": (17, 1_700),
    "reopen": (8, 1_300),
    "api-catalog": (3, 350),
    "api-my-learning": (3, 500),
    "api-course": (4, 1_300),
    "api-next-lesson": (4, 120),
    "api-complete": (14, 330),
    "api-reopen": (9, 310),
}


@pytest.fixture(autouse=True)
def same_time() -> Iterator[None]:
    """Let changes bring the same points and badges whenever the tests run.

    It is a noon in the next days, so that sessions, which Django counts from the true time, hold.
    """
    noon = clock.now().replace(hour=12, minute=0, second=0)
    with clock.at(noon + timedelta(days=(WEDNESDAY - noon.weekday()) % 7)):
        yield


def test_pages_cost_what_is_written_down(small_school: School) -> None:
    queries, sent = {}, {}
    for name in COSTS:
        visits = PAGES[name].some_visits(small_school, 5, "gzip")
        queries[name] = max(sql.record(visits, small_school.warm_ups(visits)).queries)
        sent[name] = max(len(sql.make_visit(visit)) for visit in visits)

    assert queries == {name: count for name, (count, _most) in COSTS.items()}
    assert {name for name, (_count, most) in COSTS.items() if sent[name] > most} == set()
    assert COSTS.keys() == PAGES.keys()


def test_changes_are_rolled_back_when_recorded(small_school: School) -> None:
    page = PAGES["complete"]
    visits = page.some_visits(small_school, 3, "gzip")
    before = small_school.completed_by(small_school.learners)

    sql.record(visits, small_school.warm_ups(visits))

    assert small_school.completed_by(small_school.learners) == before


def test_recorded_change_runs_alone_as_one_transaction(small_school: School) -> None:
    visits = PAGES["reopen"].some_visits(small_school, 1, "gzip")
    sql.write("reopen", sql.record(visits, small_school.warm_ups(visits)))

    texts = [text for text, _values in sql.read("reopen")[0]]

    assert sum(text.startswith("BEGIN") for text in texts) == 1
    assert sum(text == "COMMIT" for text in texts) == 1


def test_no_badge_is_given_when_a_change_runs_again(small_school: School) -> None:
    BadgeAward.objects.all().delete()
    visits = PAGES["complete"].some_visits(small_school, 1, "gzip")
    recording = sql.record(visits, small_school.warm_ups(visits))
    sql.write("complete", recording)

    def gives_badges(statements: list[sql.Statement]) -> bool:
        return any(sql.GIVES_A_BADGE in text for text, _values in statements)

    assert gives_badges(recording.visits[0])
    assert not gives_badges(sql.read("complete")[0])


def test_no_change_is_made_twice(small_school: School) -> None:
    for name in ("complete", "reopen", "api-complete", "api-reopen"):
        visits = PAGES[name].some_visits(small_school, 10_000, "")

        pairs = {(visit.learner.id, visit.subject) for visit in visits}
        assert len(pairs) == len(visits) > 100
