"""Email addresses in any alphabet (RFC 6531), such as müller@example.org."""

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from stepwell.core.characters import is_invisible
from stepwell.core.pasted_addresses import read_email

if TYPE_CHECKING:
    _EmailField = models.EmailField[str, str]
else:  # generic for type checkers alone
    _EmailField = models.EmailField

LONGEST = 254  # as long as the columns
ATOM = r"[-!#$%&'*+/=?^_`{}|~0-9A-Z\u0080-\U0010ffff]+"


class AddressValidator(EmailValidator):
    """Django's validator, which takes letters of all alphabets on both sides of the @."""

    message = _("Write the address like name@example.org.")
    user_regex = re.compile(rf"{ATOM}(\.{ATOM})*\Z", re.IGNORECASE)

    def __call__(self, value: str | None) -> None:
        """Raise `ValidationError` if mail can't be sent to this address."""
        super().__call__(value)
        if len(value or "") > LONGEST:
            raise ValidationError(self.message, code=self.code, params={"value": value})
        for sign in filter(lambda sign: not sign.isascii(), value or ""):
            # Invisible characters, blanks and symbols make two addresses look like one.
            if unicodedata.category(sign)[0] not in "LMN" or is_invisible(sign):
                raise ValidationError(self.message, code=self.code, params={"value": value})

    def validate_domain_part(self, domain_part: str) -> bool:
        try:
            domain_part.encode("idna")
        except UnicodeError:
            return False
        return super().validate_domain_part(domain_part)


validate_address = AddressValidator()


def normalize_address(text: str) -> str:
    """Return an address as it is stored and looked up: lower case, and no domain in punycode.

    Browsers send `münchen.example` in either spelling. What is around a pasted address is left out.
    """
    address = unicodedata.normalize("NFC", read_email(text)).lower()
    user, at, domain = address.rpartition("@")
    if "xn--" not in domain:
        return address
    try:
        readable = domain.encode().decode("idna")
        is_same = readable.encode("idna").decode() == domain
    except UnicodeError:
        return address
    return user + at + readable if is_same else address


class AddressInput(forms.EmailInput):
    """A line for an address, with the keyboard for addresses on phones.

    Browsers refuse `müller@example.org` in an input of the type "email".
    """

    input_type = "text"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        usual = {"inputmode": "email", "autocapitalize": "none", "spellcheck": "false"}
        super().__init__({"autocomplete": "email", **usual, **(attrs or {})})


class AddressFormField(forms.EmailField):
    """A form field for an address."""

    widget = AddressInput
    default_validators = [validate_address]
    default_error_messages = {"invalid": AddressValidator.message}

    def to_python(self, value: Any) -> str:
        return normalize_address(super().to_python(value) or "")


class AddressField(_EmailField):
    """A column for an address."""

    default_validators = [validate_address]

    def deconstruct(self) -> Any:
        """Name Django's field in migrations: the column is the same."""
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.EmailField", args, options

    def formfield(self, **options: Any) -> Any:
        """Take our own field and line, in Django's admin too."""
        ours = {"form_class": AddressFormField, "widget": AddressInput}
        return super().formfield(**{**options, **ours})
