"""Closing accounts and opening them again."""

from functools import partial

from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from stepwell.accounts.errors import LastOwner
from stepwell.accounts.models import Role, Session, User
from stepwell.accounts.signals import person_readmitted


def suspend_person(*, user: User) -> User:
    """Close an account, and all its sessions with it; a second call changes nothing.

    All that the person did is kept. Raises `LastOwner`.
    """
    with transaction.atomic():
        ContentType.objects.select_for_update().get(app_label="accounts", model="user")
        owners = User.objects.filter(role=Role.OWNER, is_active=True)
        if list(owners.values_list("pk", flat=True)) == [user.pk]:
            raise LastOwner(email=user.email)
        if user.is_active:
            user.is_active = False
            user.save(update_fields=["is_active"])
        Session.objects.filter(user=user).delete()
    return user


def readmit_person(*, user: User) -> User:
    """Open a closed account again; a second call changes nothing.

    Sends `person_readmitted`.
    """
    with transaction.atomic():
        if not user.is_active:
            user.is_active = True
            user.save(update_fields=["is_active"])
            transaction.on_commit(partial(person_readmitted.send_robust, sender=User, user=user))
    return user
