"""Whatever learners and instructors do, in any order: all queries agree with the plain model."""

import os
from collections.abc import Iterator
from itertools import chain, cycle, product
from shutil import rmtree
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from stepwell.core import clock
from stepwell.courses.models import Course
from stepwell.learning import actions as learning
from stepwell.learning.models import Origin
from stepwell.learning.verification import find_differences
from tests.factories import make_user
from tests.learning.authors import BEGIN, School, make_school
from tests.learning.classroom import COURSE_VERBS, LESSON_VERBS, Classroom

STORIES = int(os.environ.get("STEPWELL_TEST_STORIES", "12"))

Act = tuple[str, dict[str, Any]]
Story = list[tuple[Act, Act]]

verbs = st.sampled_from(["complete_all", "complete", *COURSE_VERBS, *LESSON_VERBS])
two = st.sampled_from([0, 0, 0, 1])  # mostly the same, so that more happens to one
mostly = st.sampled_from([True, True, False])  # open, so that there is something to do
any_of = st.integers(0, 99)  # the thing at that place, counted around in a circle


def act(name: str, **arguments: st.SearchStrategy[Any]) -> st.SearchStrategy[Act]:
    return st.tuples(st.just(name), st.fixed_dictionaries(arguments))


sessions = st.lists(st.tuples(verbs, any_of), min_size=1, max_size=8)
learner_acts = act("learn", who=two, where=two, session=sessions)
order = st.lists(any_of, min_size=9, max_size=9)
other_acts = st.one_of(
    act("post", who=two, where=two, place=any_of, wish=mostly),
    act("suspend", who=two, wish=st.sampled_from([False, False, True])),
    act("publish_course", where=two, wish=mostly),
    act("restore_course", where=two, wish=mostly),
    act("rename_course", where=two, which=any_of),
    act("duplicate", where=two),
    act("publish_lesson", which=any_of, wish=mostly),
    act("publish_lessons", which=any_of),
    act("restore_lesson", which=any_of, wish=mostly),
    act("rename_lesson", which=any_of, address=any_of),
    act("move_lesson", which=any_of, into=any_of, before=any_of),
    act("add_lesson", which=any_of, is_published=mostly),
    act("restore_module", which=any_of, wish=mostly),
    act("move_module", where=two, which=any_of, before=any_of),
    act("add_module", where=two),
    act("arrange", where=two, order=order),
    act("import_again", where=two, order=order),
)
stories = st.lists(st.tuples(learner_acts, other_acts), min_size=5, max_size=25)


@pytest.fixture
def school(db: None) -> Iterator[School]:
    learners = (make_user(), make_user())
    with clock.at(BEGIN):
        school = make_school(learners)
        for course, learner in product(Course.objects.all(), learners):
            learning.enroll_in_course(user=learner, course=course, origin=Origin.WEB)
    yield school
    rmtree(school.folder)


def tell(school: School, story: Story) -> int:
    """Tell a story and compare after each act; return the number of steps."""
    classroom = Classroom(school)
    looks = cycle(product(range(2), range(2)))
    acts = list(chain.from_iterable(story))
    for name, arguments in acts:
        getattr(classroom, name)(**arguments)
        classroom.look(*next(looks))
        classroom.positions_are_dense()
    for who, where in product(range(2), range(2)):
        classroom.look(who, where)
    assert list(find_differences()) == []
    return sum(len(arguments.get("session", [0])) for _name, arguments in acts)


@pytest.fixture
def steps() -> Iterator[list[int]]:
    """Collect how many steps each story had, and print them for a run with -s."""
    steps: list[int] = []
    yield steps
    print(f"{sum(steps)} steps in {len(steps)} stories")  # noqa: T201  the run asked for it


def tell_and_forget(school: School, story: Story) -> int:
    with transaction.atomic():
        steps = tell(school, story)
        transaction.set_rollback(True)
    return steps


# Once, a module could not be moved beside an archived one, and an import could not bring back an
# archived module without one of its lessons.
LEARN: Act = ("learn", {"who": 0, "where": 0, "session": [("complete", 0)]})
ARCHIVE: Act = ("restore_module", {"which": 0, "wish": False})
MOVE: Act = ("move_module", {"where": 0, "which": 0, "before": 0})
IMPORT: Act = ("import_again", {"where": 0, "order": [1, 1, 0, 0, 0, 0, 1, 0, 0]})


@example(story=[(LEARN, ARCHIVE), (LEARN, MOVE), (LEARN, IMPORT)])
@settings(max_examples=STORIES, deadline=None, suppress_health_check=list(HealthCheck))
@given(story=stories)
def test_all_queries_agree_with_the_model_whatever_happens(
    school: School, steps: list[int], story: Story
) -> None:
    steps.append(tell_and_forget(school, story))
