"""What all forms of sign-in have in common."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from allauth.account.internal.flows.signup import prevent_enumeration
from django import forms
from django.http import HttpRequest, HttpResponseBase

from stepwell.accounts.errors import EmailTaken
from stepwell.accounts.models import User
from stepwell.core.email_addresses import AddressFormField

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class PlainWords(forms.Form):
    """Fields named in our words, without placeholders that repeat the label."""

    labels: ClassVar["Mapping[str, str | _StrPromise]"] = {}
    help_texts: ClassVar["Mapping[str, str | _StrPromise]"] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.EmailField):
                self.fields[name] = field = _address_field(field)  # noqa: PLW2901  it replaces it
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.help_texts.get(name, field.help_text)


def _address_field(field: forms.EmailField) -> AddressFormField:
    """Return our own field in place of allauth's, which knows ASCII alone."""
    kept = {name: getattr(field, name) for name in ("required", "label", "initial", "disabled")}
    ours = AddressFormField(**kept)
    autocomplete = field.widget.attrs.get("autocomplete")
    if autocomplete:
        ours.widget.attrs["autocomplete"] = autocomplete
    return ours


Saved = tuple[User | None, HttpResponseBase | None]


class SignUpWords(PlainWords):
    """A sign-up that answers an address taken at this very moment like one taken before."""

    def try_save(self, request: HttpRequest) -> Saved:
        try:
            saved: Saved = super().try_save(request)  # type: ignore[misc]  # allauth's
        except EmailTaken:
            return None, prevent_enumeration(request, email=self.cleaned_data["email"])
        return saved
