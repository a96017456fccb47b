"""Fields whose rule the actions keep too."""

from collections.abc import Callable
from typing import Any

from django import forms

from stepwell.accounts.models import LABEL_LENGTH, NAME_LENGTH
from stepwell.accounts.names import clean_label, clean_name
from stepwell.core.errors import DomainError


class RuledField(forms.CharField):
    """A line of text; what its rule refuses is said beside the field."""

    def __init__(self, rule: Callable[[str], str], **options: Any) -> None:
        super().__init__(**options)
        self.rule = rule

    def clean(self, value: Any) -> str:
        try:
            return self.rule(str(super().clean(value)))
        except DomainError as error:
            raise forms.ValidationError(str(error)) from None


class PersonNameField(RuledField):
    """A person's name."""

    def __init__(self, **options: Any) -> None:
        super().__init__(clean_name, max_length=NAME_LENGTH, **options)


class TokenLabelField(RuledField):
    """What a token is for."""

    def __init__(self, **options: Any) -> None:
        super().__init__(clean_label, max_length=LABEL_LENGTH, **options)
