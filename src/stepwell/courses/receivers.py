"""What courses do when people change."""

from typing import Any

from django.db import transaction
from django.dispatch import receiver

from stepwell.accounts.models import User
from stepwell.accounts.signals import profile_updated
from stepwell.courses.actions.outline import touch_outline


@receiver(profile_updated)
def show_new_names_of_instructors(user: User, **_rest: Any) -> None:
    """Raise the version of the courses that show the person's name."""
    for course in user.courses_taught.all():
        with transaction.atomic():
            touch_outline(course)
