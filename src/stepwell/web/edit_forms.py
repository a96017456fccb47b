"""Forms about things that exist: they write only what their user changed."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from stepwell.web.difference import Piece, differences

SALT = "stepwell.web.edit_forms"
CHANGED = _("This was changed while you were here. Saving again keeps your value.")
TAKEN = _("The value of now is in the form. Look at it, then save.")


@dataclass(frozen=True)
class Conflict:
    """A field that somebody else changed, too: its value of now in words, or its difference."""

    theirs: str
    pieces: list[Piece]


class EditForm(forms.Form):
    """Show the values of now, and keep apart what the user changed and what they only saw.

    The page carries a digest of each value that it showed, as `shown`. A field that its user left
    alone gets the value of now. A field that somebody else changed too becomes an error that shows
    both values: sending the form again keeps one's own, and the button `theirs` takes the other.
    A request without `shown` changes every field.
    """

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        initial: Mapping[str, Any],
        stored: Mapping[str, str] | None = None,
        **options: Any,
    ) -> None:
        """Take the values of now; `stored` are those that are never shown: passwords and files."""
        super().__init__(data, files, initial=dict(initial), **options)
        self.stored = stored or {}
        self.touched = set(self.fields)
        self.contested: list[str] = []
        shown = _read(data.get("shown", "")) if self.is_bound else {}
        if shown:
            self._compare(shown)

    @property
    def shown(self) -> str:
        """The digests of the values of now, for the hidden input `shown`."""
        return shown_values({name: self._now(name) for name in self.fields})

    def taken(self, *names: str) -> dict[str, Any]:
        """Return the clean values of those fields that the user changed."""
        return {name: self.cleaned_data[name] for name in names if name in self.touched}

    def clean(self) -> dict[str, Any]:
        """Refuse contested fields, and a form of which only `theirs` was asked for."""
        for name in self.contested:
            self.add_error(name, CHANGED)
        if self.data.get("theirs") in self.fields:
            self.add_error(None, TAKEN)
        return self.cleaned_data

    @property
    def conflicts(self) -> dict[str, Conflict]:
        """What the contested fields hold now, for the page."""
        return {name: self._conflict(name) for name in self.contested}

    def _compare(self, shown: Mapping[str, str]) -> None:
        data: Any = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict
        for name in shown.keys() & self.fields.keys():
            key, now = self.add_prefix(name), self._now(name)
            typed = _texts(self.fields[name].widget.value_from_datadict(data, self.files, key))
            is_secret = name in self.stored
            was_left = not typed if is_secret else _digest(name, typed) == shown[name]
            if was_left or data.get("theirs") == name:
                self.touched.discard(name)
                data.setlist(key, [] if is_secret else now)
            elif _digest(name, now) not in {
                shown[name],
                None if is_secret else _digest(name, typed),
            }:
                self.contested.append(name)
        self.data = data

    def _now(self, name: str) -> list[str]:
        if name in self.stored:
            return _texts(self.stored[name])
        field = self.fields[name]
        return _texts(field.prepare_value(self.get_initial_for_field(field, name)))

    def _conflict(self, name: str) -> Conflict:
        field, now = self.fields[name], self._now(name)
        if name in self.stored:
            return Conflict("", [])
        if isinstance(field.widget, forms.Textarea):
            typed = str(self.data.get(self.add_prefix(name), ""))
            before = "\n".join("".join(now).splitlines())
            return Conflict("", differences(before, "\n".join(typed.splitlines())))
        words = {str(value): str(label) for value, label in getattr(field, "choices", ())}
        return Conflict(", ".join(words.get(text, text) for text in now), [])


def shown_values(values: Mapping[str, Any]) -> str:
    """Return the digests of values that a page shows, for its form's hidden input `shown`."""
    return json.dumps({name: _digest(name, _texts(value)) for name, value in values.items()})


def is_stale(sent: Mapping[str, str], **now: Any) -> bool:
    """Tell whether a form was shown with other values than those of now.

    For forms that set a single value. A request without `shown` is not stale.
    """
    shown = _read(sent.get("shown", ""))
    return any(shown.get(name) not in {None, _digest(name, _texts(now[name]))} for name in now)


def _digest(name: str, texts: Iterable[str]) -> str:
    """Return what tells values apart, however browsers send line ends; it can't be reversed."""
    # Space at the end is nothing that anybody types; at the beginning it makes Markdown code.
    plain = sorted("\n".join(text.splitlines()).rstrip() for text in texts)
    message = json.dumps([name, *filter(None, plain)])
    return salted_hmac(SALT, message, algorithm="sha256").hexdigest()[:20]


def _texts(value: Any) -> list[str]:
    """Return a value of a form as the texts that a browser would send."""
    each = value if isinstance(value, list | tuple) else [value]
    return [str(one) for one in each if one is not None and one is not False and one != ""]


def _read(shown: str) -> dict[str, str]:
    try:
        digests = json.loads(shown)
    except ValueError:
        return {}
    return digests if isinstance(digests, dict) else {}
