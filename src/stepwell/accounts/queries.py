"""Reads of accounts."""

from collections.abc import Iterable

from allauth.account.models import EmailAddress
from django.db.models import QuerySet, Subquery
from django.db.models.functions import Lower

from stepwell.accounts.errors import UnknownPerson
from stepwell.accounts.models import ApiToken, Invitation, Role, Session, User
from stepwell.accounts.tokens import digest_of
from stepwell.core import clock
from stepwell.core.email_addresses import normalize_address
from stepwell.core.folding import words_to_find
from stepwell.core.prepared import prepared
from stepwell.school.models import School

ADDRESSES_AT_ONCE = 500  # databases take a limited number of parameters


@prepared
def _sessions(key: str) -> QuerySet[Session]:
    # It also brings along when the school's settings were changed, so that no page asks for that.
    stamp = Subquery(School.objects.values("changed_at")[:1])
    found = Session.objects.select_related("user").filter(session_key=key)
    return found.annotate(school_stamp=stamp)  # type: ignore[no-redef]  # declared on Session for its readers


def find_session(key: str) -> Session | None:
    """Return a session that has not expired, with its person. One query."""
    session = _sessions.first(key=key)
    return session if session and session.expire_date > clock.now() else None


def find_people_by_email(emails: Iterable[str]) -> dict[str, User]:
    """Return the people with these addresses, by the address in small letters.

    A person has the address of the account, and any other that they confirmed. Two queries for
    each 500 addresses.
    """
    wanted = sorted({email.lower() for email in emails})
    found: dict[str, User] = {}
    for start in range(0, len(wanted), ADDRESSES_AT_ONCE):
        some = wanted[start : start + ADDRESSES_AT_ONCE]
        others = EmailAddress.objects.filter(email__in=some, verified=True).select_related("user")
        found |= {other.email.lower(): other.user for other in others}
        accounts = User.objects.alias(address=Lower("email")).filter(address__in=some)
        found |= {user.email.lower(): user for user in accounts}
    return found


def get_user_by_email(email: str) -> User:
    """Return the person with this address. Raises `UnknownPerson`."""
    address = normalize_address(email)
    user = find_people_by_email([address]).get(address)
    if user is None:
        raise UnknownPerson(email=email)
    return user


@prepared
def _tokens(digest: str) -> QuerySet[ApiToken]:
    return ApiToken.objects.select_related("user").filter(digest=digest)


def get_user_by_token(secret: str) -> User | None:
    """Return the active person whose token this is. One query."""
    token = _tokens.first(digest=digest_of(secret))
    return token.user if token and token.user.is_active else None


def get_instructors() -> QuerySet[User]:
    """Return the people who may teach, by name."""
    teachers = User.objects.filter(role__in=[Role.INSTRUCTOR, Role.OWNER], is_active=True)
    return teachers.order_by("search_text", "pk")


def get_owners() -> list[User]:
    """Return those who can open closed accounts, by name; five are enough to ask."""
    return list(
        User.objects.filter(role=Role.OWNER, is_active=True).order_by("search_text", "pk")[:5]
    )


class People:
    """All people by name, with `search` those whose name or email holds every word of it.

    Like a list, of which slices are read with one query each, and the length with one more.
    """

    def __init__(self, search: str = "", role: str = "", state: str = "") -> None:
        self.found = User.objects.order_by("search_text", "pk")
        for word in words_to_find(search[:200]):
            self.found = self.found.filter(search_text__contains=word)
        if role in Role.values:
            self.found = self.found.filter(role=role)
        if state == "suspended":
            self.found = self.found.filter(is_active=False)

    def __len__(self) -> int:
        return self.found.count()

    def __getitem__(self, part: slice, /) -> list[User]:
        return list(self.found[part])


def get_open_invitations() -> list[Invitation]:
    """Return the invitations that nobody has followed yet, the last ones first."""
    return list(Invitation.objects.filter(accepted_at=None).order_by("-invited_at")[:200])


def has_any_user() -> bool:
    """Tell whether the site has its first account."""
    return User.objects.exists()
