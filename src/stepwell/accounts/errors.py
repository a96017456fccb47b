"""What can go wrong with accounts."""

from django.utils.translation import gettext_lazy as _

from stepwell.core.errors import DomainError


class EmailTaken(DomainError):
    code = "email_taken"
    sentence = _("%(email)s already has an account. Use another address or sign in with this one.")


class BadEmail(DomainError):
    code = "bad_email"
    sentence = _("“%(email)s” is not an email address. Write it like name@example.org.")


class MailedJustNow(DomainError):
    code = "mailed_just_now"
    sentence = _("A mail to %(email)s was asked for in the last ten minutes. Wait a little.")


class BadName(DomainError):
    code = "bad_name"
    sentence = _("Write a name that others can read: one line, at most %(most)s characters.")


class BadLabel(DomainError):
    code = "bad_label"
    sentence = _("Write a label that you can read: one line, at most %(most)s characters.")


class WeakPassword(DomainError):
    code = "weak_password"
    sentence = _("Choose another password. %(reasons)s")


class UnknownPerson(DomainError):
    code = "unknown_person"
    sentence = _("Nobody here has the address %(email)s. Check the spelling.")


class LastOwner(DomainError):
    code = "last_owner"
    sentence = _("%(email)s is the only owner. Make somebody else an owner first.")


class OwnerExists(DomainError):
    code = "owner_exists"
    sentence = _("This site has an owner already. Sign in instead.")
