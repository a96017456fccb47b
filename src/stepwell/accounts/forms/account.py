"""Sign-in, sign-up, address and password."""

from typing import Any

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from allauth.account.internal.userkit import filter_users_by_email
from allauth.core import context
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from stepwell.accounts.forms.plain import PlainWords, SignUpWords
from stepwell.accounts.invitations import is_invited
from stepwell.school.queries import is_by_invitation

NOT_INVITED = _("Sign-up is by invitation here. Ask whoever runs this site to invite this address.")
INVITED_ONLY = _("Sign-up is by invitation: use the address to which yours was sent.")
GOOD_PASSWORD = _("At least 8 characters; a sentence is a good one.")
NEW_PASSWORD = {"password1": _("New password"), "password2": _("New password, again")}


class LoginForm(PlainWords, allauth.LoginForm):  # type: ignore[misc]  # allauth ships no types
    labels = {"remember": _("Keep me signed in")}
    help_texts = {"password": ""}

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["login"].initial = _linked_address()


class SignUpForm(SignUpWords, allauth.SignupForm):  # type: ignore[misc]  # allauth ships no types
    help_texts = {"password1": GOOD_PASSWORD}

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        if is_by_invitation():
            self.fields["email"].help_text = INVITED_ONLY

    def clean_email(self) -> str:
        """Let in only who is invited, where sign-up is by invitation."""
        email = str(super().clean_email())
        if is_by_invitation() and not is_invited(email):
            raise forms.ValidationError(NOT_INVITED)
        return email


class ChangeEmailForm(PlainWords, allauth.AddEmailForm):  # type: ignore[misc]  # allauth ships no types
    labels = {"email": _("New address")}


class ChangePasswordForm(PlainWords, allauth.ChangePasswordForm):  # type: ignore[misc]  # allauth ships no types
    labels = {"oldpassword": _("Current password"), **NEW_PASSWORD}
    help_texts = {"oldpassword": "", "password1": GOOD_PASSWORD}


class SetPasswordForm(PlainWords, allauth.SetPasswordForm):  # type: ignore[misc]  # allauth ships no types
    labels = NEW_PASSWORD
    help_texts = {"password1": GOOD_PASSWORD}


class ResetPasswordForm(PlainWords, allauth.ResetPasswordForm):  # type: ignore[misc]  # allauth ships no types
    """The address to which the link goes."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["email"].initial = _linked_address()

    def save(self, request: HttpRequest, **options: Any) -> str:
        """Mail the link; to a suspended person, that the account is closed."""
        email = str(self.cleaned_data["email"])
        known = filter_users_by_email(email, prefer_verified=True, for_login=True)
        if known and not self.users:
            get_adapter().send_account_closed_mail(email)
            return email
        return str(super().save(request, **options))


def _linked_address() -> str:
    """Return the address in the link of a mail, which is the one that the mail was sent to."""
    return str(context.request.GET.get("email", ""))


class UserTokenForm(allauth.UserTokenForm):  # type: ignore[misc]  # allauth ships no types
    """The link itself, which doesn't open a closed account."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if not self.reset_user.is_active:
            raise get_adapter().validation_error("invalid_password_reset")
        return cleaned


class ResetPasswordKeyForm(PlainWords, allauth.ResetPasswordKeyForm):  # type: ignore[misc]  # allauth ships no types
    labels = NEW_PASSWORD
    help_texts = {"password1": GOOD_PASSWORD}


class ReauthenticateForm(PlainWords, allauth.ReauthenticateForm):  # type: ignore[misc]  # allauth ships no types
    help_texts = {"password": ""}
