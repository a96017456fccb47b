"""The forms of the owner's settings."""

import re
from email.utils import parseaddr
from typing import Any, Self
from urllib.parse import quote, unquote, urlsplit

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from stepwell.core.email_addresses import validate_address
from stepwell.school.models import School, SignUp
from stepwell.web.edit_forms import EditForm

# Labels of a host name as RFC 1035 has them; a number passes, too.
LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
SERVER = re.compile(rf"{LABEL}(\.{LABEL})*")
SENDER = _("Write it like School <school@example.org>; a name with a comma goes in quotes.")
ENCRYPTIONS = {
    "submission": _("STARTTLS, as most servers want it"),
    "smtps": _("TLS from the start"),
    "smtp": _("none, within one’s own network"),
}


class SchoolForm(EditForm):
    """What pages say of the school."""

    name = forms.CharField(label=_("Name of the school"), max_length=80, required=False)
    description = forms.CharField(
        label=_("Description"),
        max_length=300,
        required=False,
        help_text=_("A sentence that search engines and the home page show."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    accent = forms.CharField(
        label=_("Accent color"),
        max_length=7,
        required=False,
        help_text=_("Of links and buttons, such as #0f5b66. Empty is the color of deep water."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    sign_up = forms.ChoiceField(label=_("Who may sign up"), choices=SignUp.choices)

    @classmethod
    def of(cls, school: School, sent: Any) -> Self:
        """Return the form with what is so now."""
        names = ("description", "accent", "sign_up")
        initial = {name: getattr(school, name) for name in names}
        form = cls(sent, initial=initial | {"name": school.name})
        form.fields["name"].help_text = _("Empty means “%(name)s”, as the server was set up.") % {
            "name": settings.SITE.name
        }
        return form

    def clean_accent(self) -> str:
        """Take capital letters for small ones, and three digits for six."""
        accent = str(self.cleaned_data["accent"]).lower()
        is_short = len(accent) == 4 and accent.startswith("#")
        return "#" + "".join(2 * digit for digit in accent[1:]) if is_short else accent


class MailForm(EditForm):
    """How mail leaves the site."""

    host = forms.CharField(
        label=_("Server"),
        max_length=200,
        required=False,
        help_text=_("Such as smtp.example.org. Empty means as the server was set up."),
    )
    port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535, required=False)
    encryption = forms.ChoiceField(label=_("Encryption"), choices=list(ENCRYPTIONS.items()))
    user = forms.CharField(label=_("User name"), max_length=200, required=False)
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        required=False,
        help_text=_("It is never shown again. Empty keeps the one that is stored."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    sender = forms.CharField(
        label=_("Sender"),
        max_length=200,
        required=False,
        help_text=_("Such as School &lt;school@example.org&gt;."),
    )

    @classmethod
    def of(cls, school: School, sent: Any) -> Self:
        """Return the form with what is so now, but for the password."""
        parts = urlsplit(school.email_url)
        initial = {
            "host": parts.hostname or "",
            "port": parts.port,
            "encryption": parts.scheme if parts.scheme in ENCRYPTIONS else "submission",
            "user": unquote(parts.username or ""),
            "sender": school.email_from,
        }
        stored = {"password": unquote(parts.password or "")}
        return cls(sent, initial=initial, stored=stored)

    def clean_host(self) -> str:
        """Take a server's name or number, and nothing around it."""
        host = str(self.cleaned_data["host"]).lower()
        if host and not SERVER.fullmatch(host):
            raise forms.ValidationError(_("Write the server’s name like smtp.example.org."))
        return host

    def clean_sender(self) -> str:
        """Take an address, with a name before it or without."""
        sender = " ".join(str(self.cleaned_data["sender"]).split())
        name, address = parseaddr(sender)
        if sender not in {address, f"{name} <{address}>", f'"{name}" <{address}>'}:
            raise forms.ValidationError(SENDER)
        if sender:
            validate_address(address)
        return sender

    def changes(self, school: School) -> dict[str, str]:
        """Return the school's fields that the user changed, as the action takes them."""
        fields = {"email_from": self.cleaned_data["sender"]} if "sender" in self.touched else {}
        return fields | ({"email_url": self.url(school)} if self.touched - {"sender"} else {})

    def url(self, school: School) -> str:
        """Return the server of a valid form as one address; a password that stays is the old."""
        sent = self.cleaned_data
        if not sent["host"]:
            return ""
        kept = unquote(urlsplit(school.email_url).password or "")
        password = sent["password"] or kept
        user = f"{quote(sent['user'], safe='')}:{quote(password, safe='')}@" if sent["user"] else ""
        port = f":{sent['port']}" if sent["port"] else ""
        return f"{sent['encryption']}://{user}{sent['host']}{port}"
