"""The pass that reads answers in full, against a site that is really served."""

from dataclasses import replace

import pytest
from pytest_django.live_server_helper import LiveServer

from benchmarks.pages import PAGES, School
from benchmarks.sample import WrongAnswer, check

pytestmark = pytest.mark.django_db(transaction=True)


def host_of(server: LiveServer) -> str:
    return server.url.removeprefix("http://")


def test_right_answers_pass(live_server: LiveServer, small_school: School) -> None:
    for page in PAGES.values():
        visits = page.some_visits(small_school, 8, "gzip, br")

        answers = check(page, small_school, visits, host_of(live_server), 2)

        assert [answer.status for answer in answers] == [200] * 8


def test_page_of_another_learner_is_refused(live_server: LiveServer, small_school: School) -> None:
    for name in ("catalog", "my-learning", "course"):
        visit = PAGES[name].some_visits(small_school, 1, "gzip")[0]
        other = next(who for who in small_school.learners if who.id != visit.learner.id)
        mixed = replace(visit, learner=replace(visit.learner, session=other.session))

        with pytest.raises(WrongAnswer, match="lacks"):
            check(PAGES[name], small_school, [mixed], host_of(live_server), 1)


def test_answer_that_is_not_200_is_refused(live_server: LiveServer, small_school: School) -> None:
    visit = PAGES["lesson"].some_visits(small_school, 1, "gzip")[0]
    stranger = replace(visit, learner=replace(visit.learner, session="none"))

    with pytest.raises(WrongAnswer, match="was answered with"):
        check(PAGES["lesson"], small_school, [stranger], host_of(live_server), 1)


def test_change_of_another_learner_is_refused(
    live_server: LiveServer, small_school: School
) -> None:
    visit = PAGES["complete"].some_visits(small_school, 1, "gzip")[0]
    course, _lesson = small_school.lessons[visit.subject]
    other = next(
        who
        for who in small_school.learners
        if who.id != visit.learner.id and course in small_school.courses_of[who.id]
    )
    mixed = replace(visit, learner=replace(visit.learner, session=other.session))

    with pytest.raises(WrongAnswer, match="not every change"):
        check(PAGES["complete"], small_school, [mixed], host_of(live_server), 1)
