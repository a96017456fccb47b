"""Keeping the texts that lessons had."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from stepwell.accounts.models import User
from stepwell.courses.models import Lesson, LessonVersion

VERSIONED = ("title", "body")
SITTING = timedelta(minutes=10)  # what one author saves within it is one version


def keep_version(
    now: Lesson, changed: Mapping[str, Any], author: User | None, *, starts_anew: bool = False
) -> LessonVersion:
    """Keep what the lesson is about to become; the caller holds the outline.

    `now` is the lesson as it stands in the database. What the same author saves within one sitting
    replaces their version of before, unless it `starts_anew`.
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
        and at - latest.started_at < SITTING
    )
    if latest is None or starts_anew or not is_same_sitting:
        latest = LessonVersion(lesson=now, author=author, started_at=at)
    latest.title, latest.body, latest.saved_at = text["title"], text["body"], at
    latest.save()
    return latest
