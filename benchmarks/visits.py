"""One request as a browser or a program sends it, and what its answer must hold."""

import random
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection, transaction

from stepwell.accounts.actions import create_api_token
from stepwell.accounts.models import ApiToken, Role, User
from stepwell.core import clock
from stepwell.gamification.actions import award_points
from stepwell.gamification.models import Celebration
from stepwell.gamification.rules import is_on

FORM = "application/x-www-form-urlencoded"
# Planned for an empty ledger, each learner's points take longer than those of the one before.
LEARNERS_UNTIL_STATISTICS = {10, 100}


@dataclass(frozen=True)
class Learner:
    """A learner of the school, their session's key and their API token."""

    id: int
    handle: str
    session: str
    token: str = ""
    csrf: str = field(default_factory=lambda: secrets.token_hex(16))


@dataclass(frozen=True)
class Visit:
    """A request of a learner; `subject` is the course or lesson that it is about, by id."""

    learner: Learner
    path: str
    method: str = "GET"
    body: str = ""
    content_type: str = ""
    subject: int = 0
    encodings: str = ""

    def headers(self, host: str) -> dict[str, str]:
        """Return what a browser sends along, or a program to the API."""
        headers = {"Host": host, "Accept-Language": "en", "User-Agent": "bench"}
        if self.encodings:
            headers["Accept-Encoding"] = self.encodings
        if self.path.startswith("/api/"):
            return headers | {"Authorization": f"Bearer {self.learner.token}"}
        cookies = {
            settings.SESSION_COOKIE_NAME: self.learner.session,
            settings.CSRF_COOKIE_NAME: self.learner.csrf,
        }
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        if self.method == "POST":
            headers |= {"Origin": f"http://{host}", "HX-Request": "true"}
        return headers

    def raw(self, host: str) -> str:
        """Return the request as it goes over the wire."""
        headers = self.headers(host)
        if self.body:
            headers |= {"Content-Type": self.content_type, "Content-Length": str(len(self.body))}
        lines = [f"{self.method} {self.path} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return "\r\n".join([*lines, "", self.body])


def settle_points(learners: Sequence[Learner]) -> None:
    """Award these learners' missing points, so that no measured visit has to."""
    if not is_on():
        return
    users = User.objects.filter(pk__in=[learner.id for learner in learners])
    with transaction.atomic():
        for number, user in enumerate(users):
            if number in LEARNERS_UNTIL_STATISTICS:
                _gather_statistics()
            award_points(user=user)
    Celebration.objects.update(shown_at=clock.now())
    _gather_statistics("VACUUM " if connection.vendor == "postgresql" else "")


def _gather_statistics(clean: str = "") -> None:
    """Let PostgreSQL know the rows that there are, as it comes to do by itself a minute later."""
    with connection.cursor() as cursor:
        cursor.execute(clean + "ANALYZE")


@contextmanager
def signed_in(most: int, engine: str, *, has_tokens: bool = False) -> Iterator[list[Learner]]:
    """Sign in up to `most` learners, spread over the school, by sessions of that engine."""
    store = import_module(engine).SessionStore
    everyone = User.objects.filter(role=Role.LEARNER).order_by("pk")
    ids = list(everyone.values_list("pk", flat=True))
    chosen = random.Random(most).sample(ids, min(most, len(ids)))
    learners = []
    with transaction.atomic():
        for user in everyone.filter(pk__in=chosen).iterator():
            # What Django's own login() keeps, without its note of the time.
            session = store()
            session[SESSION_KEY] = str(user.pk)
            session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
            session[HASH_SESSION_KEY] = user.get_session_auth_hash()
            session.save()
            token = create_api_token(user=user, label="bench")[1] if has_tokens else ""
            learners.append(Learner(user.pk, user.handle, session.session_key, token))
    try:
        yield learners
    finally:
        sign_out(learners, engine)


def sign_out(learners: Sequence[Learner], engine: str) -> None:
    """Take sessions and tokens back, so that the kept school does not fill with them."""
    session = import_module(engine).SessionStore()
    with transaction.atomic():
        for learner in learners:
            session.delete(learner.session)
        ApiToken.objects.filter(label="bench").delete()
