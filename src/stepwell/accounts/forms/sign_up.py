"""What sign-up asks beyond allauth's own fields.

allauth builds its forms upon this one, so it must not import them.
"""

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from stepwell.accounts.forms.ruled import PersonNameField
from stepwell.accounts.models import User


class NameForm(forms.Form):
    """The name; `AccountAdapter.save_user` stores it."""

    name = PersonNameField(
        label=_("Your name"),
        help_text=_("Shown to your instructors and fellow learners."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ("name", "email", "password1")

    def signup(self, request: HttpRequest, user: User) -> None:
        """Nothing more to do: allauth asks for this method."""
