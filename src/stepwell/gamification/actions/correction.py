"""Corrections: entries of an owner's own."""

from django.db import IntegrityError, transaction

from stepwell.accounts.models import User
from stepwell.core import clock
from stepwell.gamification.days import date_in
from stepwell.gamification.errors import BadCorrection
from stepwell.gamification.models import PointEntry
from stepwell.gamification.queries.points import zone_of
from stepwell.gamification.rules import Rule

MOST = 1_000_000
REASON_LENGTH = 200


def correct_points(
    *, user: User, points: int, reason: str, given_by: User, number: int
) -> PointEntry:
    """Give or take points by an entry that says why; nothing else is changed.

    `number` is the correction's own among those of the learner: the same again with it gives
    nothing more and returns the first one; another correction takes the next number.
    Raises `BadCorrection`.
    """
    reason = " ".join(reason.split())
    if not 1 <= abs(points) <= MOST or not 0 < len(reason) <= REASON_LENGTH:
        raise BadCorrection
    now = clock.now()
    entry = PointEntry(
        user=user,
        rule=Rule.CORRECTION,
        subject=number,
        points=points,
        at=now,
        day=date_in(zone_of(user), now),
        reason=reason,
        given_by=given_by,
    )
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
    except IntegrityError:
        known = PointEntry.objects.get(user=user, rule=Rule.CORRECTION, subject=number)
        if (known.points, known.reason) == (points, reason):
            return known
        return correct_points(
            user=user, points=points, reason=reason, given_by=given_by, number=number + 1
        )
    return entry
