"""Reads of accounts."""

from django.db.models import QuerySet

from stepwell.accounts.errors import UnknownPerson
from stepwell.accounts.models import ApiToken, Role, Session, User
from stepwell.accounts.tokens import digest_of
from stepwell.core import clock
from stepwell.core.prepared import Parameter, Prepared

SESSION = Prepared(
    lambda: Session.objects.select_related("user").filter(session_key=Parameter("key"))
)
TOKEN = Prepared(lambda: ApiToken.objects.select_related("user").filter(digest=Parameter("digest")))


def find_session(key: str) -> Session | None:
    """Return a session that has not expired, with its person. One query."""
    session = SESSION.first(key=key)
    return session if session and session.expire_date > clock.now() else None


def get_user_by_email(email: str) -> User:
    """Return the person with this address. Raises `UnknownPerson`."""
    user = User.objects.filter(email__iexact=email.strip()).first()
    if user is None:
        raise UnknownPerson(email=email)
    return user


def get_user_by_token(secret: str) -> User | None:
    """Return the active person whose token this is. One query."""
    token = TOKEN.first(digest=digest_of(secret))
    return token.user if token and token.user.is_active else None


def get_instructors() -> QuerySet[User]:
    """Return the people who may teach, by name."""
    return User.objects.filter(role__in=[Role.INSTRUCTOR, Role.OWNER], is_active=True).order_by(
        "name", "pk"
    )


def has_any_user() -> bool:
    """Tell whether the site has its first account."""
    return User.objects.exists()
