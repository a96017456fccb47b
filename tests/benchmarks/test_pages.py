"""What a page costs at a school of known size: its queries and its bytes, never its time."""

import pytest

from benchmarks import sql
from benchmarks.pages import PAGES, School
from stepwell.gamification.models import BadgeAward

# In a transaction the site would not trust its caches.
pytestmark = pytest.mark.django_db(transaction=True)

# For each page: the most queries, and the most bytes of its body compressed by gzip.
BOUNDS = {
    "catalog": (5, 2_700),
    "my-learning": (5, 2_850),
    "course": (4, 3_400),
    "lesson": (3, 5_400),
    "complete": (19, 1_600),  # with a module, a level, and a badge
    "reopen": (8, 1_300),
    "api-catalog": (3, 350),
    "api-my-learning": (3, 500),
    "api-course": (4, 1_300),
    "api-next-lesson": (4, 120),
    "api-complete": (16, 330),
    "api-reopen": (9, 310),
}


def test_pages_are_within_their_bounds(small_school: School) -> None:
    beyond = {}
    for name, (queries, size) in BOUNDS.items():
        visits = PAGES[name].some_visits(small_school, 5, "gzip")
        made = max(sql.record(visits, small_school.warm_ups(visits)).queries)
        sent = max(len(sql.make_visit(visit)) for visit in visits)
        if made > queries or sent > size:
            beyond[name] = (made, sent)

    assert beyond == {}
    assert BOUNDS.keys() == PAGES.keys()


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
