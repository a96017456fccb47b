"""The verbs of accounts: the only code that writes users and tokens."""

import secrets
from datetime import date
from functools import partial
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from stepwell.accounts.errors import BadEmail, EmailTaken, LastOwner, OwnerExists, WeakPassword
from stepwell.accounts.models import ApiToken, Role, User
from stepwell.accounts.names import clean_label, clean_name, name_from
from stepwell.accounts.signals import person_joined, profile_updated
from stepwell.accounts.tokens import digest_of
from stepwell.core import clock
from stepwell.core.email_addresses import normalize_address
from stepwell.core.slugs import free_slug

TOKEN_PREFIX = "stw_"  # noqa: S105  lets scanners recognise a leaked token; not a secret itself


def save_with_free_handle(user: User) -> None:
    """Save a new user under a free handle made of the name; safe when others sign up at once.

    Raises `EmailTaken`.
    """
    with transaction.atomic():
        _wait_for_others()
        user.handle = free_slug(
            user.name,
            is_taken=lambda slug: User.objects.filter(handle=slug).exists(),
            fallback="member",
        )
        try:
            with transaction.atomic():
                user.save()
        except IntegrityError:
            if User.objects.filter(email__iexact=user.email).exists():
                raise EmailTaken(email=user.email) from None
            raise


def create_user(
    *, email: str, name: str | None, password: str | None, role: Role = Role.LEARNER
) -> User:
    """Create a person whose address counts as verified.

    Without a name they are called by their address; without a password they reset one by mail.
    Raises `BadEmail`, `BadName`, `EmailTaken`, `WeakPassword`. Sends `person_joined`.
    """
    email = normalize_address(email)
    try:
        User._meta.get_field("email").clean(email, None)
    except ValidationError:
        raise BadEmail(email=email) from None
    called = name_from(email) if name is None else clean_name(name)
    user = User(email=email, name=called, role=role)
    if password is not None:
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise WeakPassword(reasons=" ".join(error.messages)) from None
    user.set_password(password)
    with transaction.atomic():
        save_with_free_handle(user)
        address, is_new = EmailAddress.objects.get_or_create(
            email=email, verified=True, defaults={"user": user, "primary": True}
        )
        if not is_new:  # somebody's second address
            raise EmailTaken(email=address.email)
        send = partial(person_joined.send_robust, sender=User, user=user, email=email)
        transaction.on_commit(send)
    return user


def create_first_owner(*, email: str, name: str, password: str) -> User:
    """Create the owner of an empty site; only one of several at once succeeds.

    Raises `OwnerExists` when anyone is here already, and what `create_user` raises.
    """
    with transaction.atomic():
        _wait_for_others()
        if User.objects.exists():
            raise OwnerExists
        return create_user(email=email, name=name, password=password, role=Role.OWNER)


def set_role(*, user: User, role: Role) -> User:
    """Give a person a role; a second call changes nothing.

    Raises `LastOwner` when nobody would own the site any more.
    """
    with transaction.atomic():
        _wait_for_others()
        owners = User.objects.filter(role=Role.OWNER, is_active=True)
        if role != Role.OWNER and list(owners.values_list("pk", flat=True)) == [user.pk]:
            raise LastOwner(email=user.email)
        user.role = role
        user.save(update_fields=["role"])
    return user


def create_api_token(*, user: User, label: str) -> tuple[ApiToken, str]:
    """Create a token and return it with its secret, which is shown once and kept nowhere.

    Raises `BadLabel`.
    """
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user, label=clean_label(label), hint=secret[:8], digest=digest_of(secret)
    )
    return token, secret


def revoke_api_token(*, token: ApiToken) -> None:
    """Revoke a token; a second call changes nothing."""
    ApiToken.objects.filter(pk=token.pk).delete()


def update_profile(*, user: User, name: str, time_zone: str) -> User:
    """Set the name and time zone that a person is shown with.

    A change of the zone keeps the date that it was before, so that no day begins twice. Raises
    `BadName`. Sends `profile_updated`.
    """
    if time_zone != user.time_zone:
        user.reached_date = _latest_date(user)
    user.name, user.time_zone = clean_name(name), time_zone
    with transaction.atomic():
        user.save(update_fields=["name", "time_zone", "reached_date"])
        transaction.on_commit(partial(profile_updated.send_robust, sender=User, user=user))
    return user


def turn_keys(*, user: User, is_on: bool) -> User:
    """Turn the keys of lesson pages on or off for this person; a second call changes nothing."""
    user.uses_keys = is_on
    user.save(update_fields=["uses_keys"])
    return user


def set_first_time_zone(*, user: User, time_zone: str) -> None:
    """Set the time zone of a person who has none yet; it changes nothing for others.

    It keeps the date that it was before, as `update_profile` does.
    """
    reached = _latest_date(user)
    first = User.objects.filter(pk=user.pk, time_zone="")
    if first.update(time_zone=time_zone, reached_date=reached):
        user.time_zone, user.reached_date = time_zone, reached


def _latest_date(user: User) -> date:
    """Return today's date in the person's time zone, or the one reached in an earlier zone."""
    zone = ZoneInfo(user.time_zone or settings.TIME_ZONE)
    today = clock.now().astimezone(zone).date()
    return max(user.reached_date or today, today)


def _wait_for_others() -> None:
    """Let people come in and owners step back one after the other, until the transaction ends.

    On PostgreSQL they wait at a row that is always there; on SQLite the transaction is the lock.
    """
    ContentType.objects.select_for_update().get(app_label="accounts", model="user")
