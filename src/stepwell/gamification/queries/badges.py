"""Badges that there are, and those that somebody earned."""

from dataclasses import dataclass

from stepwell.accounts.models import User
from stepwell.gamification.models import Badge, BadgeAward
from stepwell.gamification.queries.points import LedgerLine, explain


@dataclass(frozen=True)
class EarnedBadge:
    """A badge with the entry of the ledger that earned it."""

    award: BadgeAward
    evidence: LedgerLine


def get_earned_badges(user: User) -> list[EarnedBadge]:
    """Return the learner's badges, newest first. Three queries."""
    awards = list(BadgeAward.objects.filter(user=user).select_related("badge", "evidence__course"))
    lines = explain(award.evidence for award in awards)
    return [EarnedBadge(award, line) for award, line in zip(awards, lines, strict=True)]


def get_badges() -> list[Badge]:
    """Return every badge, retired ones last. One query."""
    return sorted(Badge.objects.all(), key=lambda badge: badge.retired_at is not None)
