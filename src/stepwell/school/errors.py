"""What can go wrong with the school's settings."""

from django.utils.translation import gettext_lazy as _

from stepwell.core.errors import DomainError


class PaleAccent(DomainError):
    code = "pale_accent"
    sentence = _(
        "Words in %(color)s would be hard to read on our paper: their contrast is %(ratio)s, "
        "and 4.5 is needed. %(near)s is near to it and passes."
    )


class BadColor(DomainError):
    code = "bad_color"
    sentence = _("“%(color)s” is no color. Write it like #0f5b66.")


class BadLogo(DomainError):
    code = "bad_logo"
    sentence = _("The logo can’t be used. Take a PNG, JPEG, WebP or AVIF file of some kilobytes.")


class BadMailServer(DomainError):
    code = "bad_mail_server"
    sentence = _("The mail server can’t be set like this. %(reason)s")
