"""Fields of all forms: the first wrong one has the focus when a form comes back."""

from typing import Any

from django.forms import BoundField
from django.forms.renderers import DjangoTemplates


class FocusedField(BoundField):
    """A field that has the focus if it is the first wrong one of its form."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Any = None) -> dict[str, Any]:
        """Return the widget's attributes; browsers and htmx look for `autofocus`."""
        found = super().build_widget_attrs(attrs, widget)
        if self.form.is_bound and self.form.errors:
            shown = self.form.visible_fields()
            wrong = next((field for field in shown if field.errors), None)
            # What is wrong with the form as a whole is often a password, which comes back empty.
            emptied = (field for field in shown if field.widget_type == "password")
            wrong = wrong or next(emptied, None) or (shown[0] if shown else self)
            found["autofocus"] = wrong.name == self.name
        return found


class FormRenderer(DjangoTemplates):
    """Renders forms as Django does, with the fields above; named by `FORM_RENDERER`."""

    bound_field_class = FocusedField
