"""Ears for the signals of learning, and learners part-way through."""

from collections.abc import Iterator

import pytest
from django.dispatch import Signal

from stepwell.accounts.models import User
from stepwell.courses.models import Course
from stepwell.learning import signals
from stepwell.learning.actions import complete_lesson
from stepwell.learning.models import LearningEvent
from tests.factories import enroll, lessons_of

Sent = list[tuple[str, LearningEvent]]


@pytest.fixture
def sent() -> Iterator[Sent]:
    """Yield the names of the signals that learning sends, with their events, as they come."""
    heard: Sent = []
    ears = []
    for name, signal in vars(signals).items():
        if isinstance(signal, Signal):

            def listen(event: LearningEvent, name: str = name, **_kwargs: object) -> None:
                heard.append((name, event))

            signal.connect(listen)
            ears.append((signal, listen))
    yield heard
    for signal, listen in ears:
        signal.disconnect(listen)


def join(user: User, course: Course, *, completed: int = 0) -> None:
    """Enroll somebody and let them complete the first so many lessons."""
    enroll(course, user)
    for lesson in lessons_of(course)[:completed]:
        complete_lesson(user=user, lesson=lesson)
