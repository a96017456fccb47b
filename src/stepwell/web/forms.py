"""The forms of our own pages; allauth brings those of sign-in."""

from typing import Any, Self

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from stepwell.accounts.forms.ruled import PersonNameField, TokenLabelField
from stepwell.accounts.models import User
from stepwell.accounts.time_zones import zone_choices
from stepwell.core.email_addresses import AddressFormField
from stepwell.gamification.models import BadgeRule, GoalUnit, Participation
from stepwell.web.edit_forms import EditForm


class OwnerForm(forms.Form):
    """The owner's account of an empty site."""

    name = PersonNameField(
        label=_("Your name"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = AddressFormField(label=_("Email"))
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 8 characters; a sentence is a good one."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class ProfileForm(EditForm):
    """How a person is shown, and in which zone times are."""

    name = PersonNameField(
        label=_("Your name"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = zone_choices(self.initial["time_zone"])  # type: ignore[attr-defined]  # a ChoiceField

    @classmethod
    def of(cls, user: User, sent: Any) -> Self:
        """Return the form with what is so now; who chose no zone has that of the site."""
        zone = user.time_zone or settings.TIME_ZONE
        return cls(sent, initial={"name": user.name, "time_zone": zone})


class TokenForm(forms.Form):
    """What a new API token is for."""

    label = TokenLabelField(
        label=_("What is it for?"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class GoalForm(forms.Form):
    """What one wants to do each week."""

    unit = forms.ChoiceField(
        label=_("Weekly goal"),
        choices=[
            ("", _("none")),
            (GoalUnit.LESSONS, _("a number of lessons")),
            (GoalUnit.DAYS, _("a number of days")),
        ],
        required=False,
    )
    amount = forms.IntegerField(
        label=_("How many each week"), min_value=1, max_value=100, required=False
    )

    @classmethod
    def of(cls, participation: Participation) -> "GoalForm":
        """Return the form with what the learner chose before."""
        chosen = participation.goal_amount or None
        return cls(initial={"unit": participation.goal_unit, "amount": chosen})

    @property
    def goal(self) -> dict[str, Any]:
        """The unit and amount of a valid form, as the action takes them."""
        unit, amount = self.cleaned_data["unit"], self.cleaned_data["amount"]
        return {"unit": GoalUnit(unit) if unit else None, "amount": amount or 0}


class CorrectionForm(forms.Form):
    """What an owner gives or takes, and why; `number` makes sending it twice harmless."""

    points = forms.IntegerField(
        label=_("Points"),
        help_text=_("With a minus sign, they are taken."),
        min_value=-1_000_000,
        max_value=1_000_000,
    )
    reason = forms.CharField(
        label=_("Why"), max_length=200, help_text=_("The learner sees this sentence.")
    )
    number = forms.IntegerField(min_value=0, max_value=2**53, widget=forms.HiddenInput)


class BadgeForm(forms.Form):
    """A badge of the owner's own."""

    name = forms.CharField(label=_("Name"), max_length=60)
    rule = forms.ChoiceField(label=_("Earned by"), choices=BadgeRule.choices)
    threshold = forms.IntegerField(label=_("Number"), min_value=1, max_value=10_000)
