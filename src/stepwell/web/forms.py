"""The forms of our own pages; allauth brings those of sign-in."""

import zoneinfo
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from stepwell.accounts.forms.ruled import PersonNameField, TokenLabelField


class OwnerForm(forms.Form):
    """The owner's account of an empty site."""

    name = PersonNameField(
        label=_("Your name"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Email"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 8 characters; a sentence is a good one."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class ProfileForm(forms.Form):
    """How a person is shown, and in which zone times are."""

    name = PersonNameField(
        label=_("Your name"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = sorted(zoneinfo.available_timezones())
        default = _("The site’s (%(zone)s)") % {"zone": settings.TIME_ZONE}
        field = self.fields["time_zone"]
        field.choices = [("", default), *((zone, zone.replace("_", " ")) for zone in zones)]  # type: ignore[attr-defined]  # a ChoiceField


class TokenForm(forms.Form):
    """What a new API token is for."""

    label = TokenLabelField(
        label=_("What is it for?"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
