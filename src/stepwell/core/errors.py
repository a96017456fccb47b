"""The base of every error that a person can mend."""

from typing import Any, ClassVar

from django.utils.functional import Promise


class DomainError(Exception):
    """A rule said no: a stable code, the facts concerned, and a sentence that says what to do.

    Subclasses set `code` and `sentence`; the sentence is a lazy translation with `%(name)s` places
    that the keyword arguments fill. Pages, API and command line all show that one sentence.
    """

    code: ClassVar[str]
    sentence: ClassVar[str | Promise]

    def __init__(self, **data: Any) -> None:
        super().__init__(data)
        self.data = data

    def __str__(self) -> str:
        return str(self.sentence) % self.data
