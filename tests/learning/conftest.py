"""Ears for the signals of learning, and learners part-way through."""

from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.dispatch import Signal

from stepwell.accounts.models import User
from stepwell.courses.models import Course
from stepwell.learning import signals
from stepwell.learning.actions import complete_lesson
from stepwell.learning.models import LearningEvent, Origin
from tests.factories import enroll, lessons_of

Sent = list[tuple[str, LearningEvent]]
Listen = Callable[..., None]
HearLearned = Callable[[Listen], Listen]


@pytest.fixture
def sent() -> Iterator[Sent]:
    """Yield the names of the signals that learning sends after commits, with their events."""
    heard: Sent = []
    ears = []
    for name, signal in vars(signals).items():
        if isinstance(signal, Signal) and signal is not signals.learned:

            def listen(event: LearningEvent, name: str = name, **_kwargs: object) -> None:
                heard.append((name, event))

            signal.connect(listen)
            ears.append((signal, listen))
    yield heard
    for signal, listen in ears:
        signal.disconnect(listen)


@pytest.fixture
def hear_learned() -> Iterator[HearLearned]:
    """Yield what connects a receiver to `learned` until the test ends."""
    ears = []

    def connect(listen: Listen) -> Listen:
        signals.learned.connect(listen)
        ears.append(listen)
        return listen

    yield connect
    for listen in ears:
        signals.learned.disconnect(listen)


def raise_an_error() -> None:
    raise ValueError


def let_the_database_refuse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nothing FROM nowhere")


FAILURES = [raise_an_error, let_the_database_refuse]


def join(user: User, course: Course, *, completed: int = 0) -> None:
    """Enroll somebody and let them complete the first so many lessons."""
    enroll(course, user)
    for lesson in lessons_of(course)[:completed]:
        complete_lesson(user=user, lesson=lesson, origin=Origin.WEB)
