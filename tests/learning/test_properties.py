"""Whatever learners and instructors do, in any order: all queries agree with the plain model."""

from itertools import chain, product
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stepwell.core import clock
from stepwell.learning import actions as learning
from stepwell.learning.verification import find_differences
from tests.factories import make_course, make_user
from tests.learning.classroom import BEGIN, COURSE_VERBS, LESSON_VERBS, Classroom, School

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
other_acts = st.one_of(
    act("look", who=two, where=two),
    act("publish_course", where=two, wish=mostly),
    act("restore_course", where=two, wish=mostly),
    act("publish_lesson", which=any_of, wish=mostly),
    act("restore_lesson", which=any_of, wish=mostly),
    act("restore_module", which=any_of, wish=mostly),
    act("add_module", where=two),
    act("add_lesson", which=any_of, is_published=mostly),
    act("arrange", where=two, order=st.lists(any_of, min_size=9, max_size=9)),
)
stories = st.lists(st.tuples(learner_acts, other_acts), min_size=5, max_size=25)


@pytest.fixture
def school(db: None) -> School:
    courses = [make_course([2, 1]), make_course([2])]
    learners = (make_user(), make_user())
    with clock.at(BEGIN):
        for course, learner in product(courses, learners):
            learning.enroll_in_course(user=learner, course=course)
    return School(
        learners,
        {
            course.pk: {
                module.pk: [lesson.pk for lesson in module.lessons.all()]
                for module in course.modules.all()
            }
            for course in courses
        },
    )


def tell(school: School, story: Story) -> None:
    classroom = Classroom(school)
    for name, arguments in chain.from_iterable(story):
        getattr(classroom, name)(**arguments)
    for who, where in product(range(2), range(2)):
        classroom.look(who, where)
    classroom.arranged_positions_are_dense()
    assert list(find_differences()) == []


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(story=stories)
def test_all_queries_agree_with_the_model_whatever_happens(school: School, story: Story) -> None:
    with transaction.atomic():
        tell(school, story)
        transaction.set_rollback(True)
