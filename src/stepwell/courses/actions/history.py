"""Keeping the texts that lessons had."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from stepwell.accounts.models import User
from stepwell.courses.models import Lesson, LessonVersion

VERSIONED = ("title", "body")
LONGEST_SITTING = timedelta(minutes=10)  # what is saved within it, in one window, is one version


def keep_version(
    now: Lesson, changed: Mapping[str, Any], author: User | None, sitting: str
) -> LessonVersion:
    """Keep what the lesson is about to become; the caller holds the outline.

    `now` is the lesson as the database has it. What an author saves in the same sitting, one
    after the other, is one version; without a sitting each is one.
    """
    at = changed["updated_at"]
    text = {name: changed.get(name, getattr(now, name)) for name in VERSIONED}
    latest = LessonVersion.objects.filter(lesson=now).first()
    if latest is None and now.body:
        LessonVersion.objects.create(
            lesson=now,
            started_at=now.updated_at,
            saved_at=now.updated_at,
            title=now.title,
            body=now.body,
        )
    is_same_sitting = (
        latest is not None
        and author is not None
        and latest.author_id == author.pk
        and sitting != ""
        and latest.sitting == sitting
        and at - latest.started_at < LONGEST_SITTING
    )
    if latest is None or not is_same_sitting:
        latest = LessonVersion(lesson=now, author=author, sitting=sitting, started_at=at)
    latest.title, latest.body, latest.saved_at = text["title"], text["body"], at
    latest.save()
    return latest
