"""Codes and passkeys."""

from typing import Any

from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django.utils.translation import gettext_lazy as _

from stepwell.accounts.forms.plain import PlainWords

PASSKEY_NAME = {"name": _("Name of the passkey")}


class AuthenticateForm(PlainWords, base.AuthenticateForm):  # type: ignore[misc]  # allauth ships no types
    help_texts = {"code": _("From your authenticator app, or one of your recovery codes.")}


class ReauthenticateForm(PlainWords, base.ReauthenticateForm):  # type: ignore[misc]  # allauth ships no types
    help_texts = AuthenticateForm.help_texts


class ActivateTOTPForm(PlainWords, totp.ActivateTOTPForm):  # type: ignore[misc]  # allauth ships no types
    labels = {"code": _("Code from the app")}


class AddPasskeyForm(PlainWords, webauthn.AddWebAuthnForm):  # type: ignore[misc]  # allauth ships no types
    labels = {**PASSKEY_NAME, "passwordless": _("Sign in with it instead of my password")}
    help_texts = {
        "name": _("So that you recognize it later, such as “Phone”."),
        "passwordless": _("Needs a device that asks for your finger, face or PIN."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True


class EditPasskeyForm(PlainWords, webauthn.EditWebAuthnForm):  # type: ignore[misc]  # allauth ships no types
    labels = PASSKEY_NAME
