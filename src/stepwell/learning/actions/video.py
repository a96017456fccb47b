"""Where a learner is in a lesson's video: a bookmark, no fact of progress."""

from django.db import transaction

from stepwell.accounts.models import User
from stepwell.core import clock
from stepwell.courses.models import Lesson
from stepwell.learning.models import VideoPosition


def remember_video_position(*, user: User, lesson: Lesson, seconds: int) -> VideoPosition:
    """Remember how far into the lesson's video the learner is; a second call changes nothing."""
    wish = {"seconds": max(seconds, 0), "at": clock.now()}
    with transaction.atomic():
        position, _is_new = VideoPosition.objects.update_or_create(
            user=user, lesson=lesson, defaults=wish
        )
    return position
