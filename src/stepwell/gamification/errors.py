"""What can go wrong with points and badges."""

from django.utils.translation import gettext_lazy as _

from stepwell.core.errors import DomainError


class BadCorrection(DomainError):
    code = "bad_correction"
    sentence = _("A correction takes or gives between 1 and 1,000,000 points, and says why.")


class BadGoal(DomainError):
    code = "bad_goal"
    sentence = _("A weekly goal is 1 to 7 days, or 1 to 100 lessons.")


class BadBadge(DomainError):
    code = "bad_badge"
    sentence = _("A badge needs a name of its own, and a number from 1 to 10,000.")
