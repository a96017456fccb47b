"""What single sign-on leaves open."""

from allauth.socialaccount import forms as allauth

from stepwell.accounts.forms.plain import SignUpWords


class SignUpForm(SignUpWords, allauth.SignupForm):  # type: ignore[misc]  # allauth ships no types
    """Name and address, filled with what the other side told."""
