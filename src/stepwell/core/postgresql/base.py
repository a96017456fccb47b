"""PostgreSQL, with connections that are looked at rather than asked whether they still hold."""

from select import POLLIN, poll
from typing import Any

from django.db.backends.postgresql import base

Wrapper: Any = base.DatabaseWrapper


class DatabaseWrapper(Wrapper):  # type: ignore[misc]  # stubs know only the public methods
    """A connection whose health check at each request usually costs no way to the server and back.

    A server that ends a connection says so or closes it: either way there is something to be read,
    and nothing is on one that rests. Only then is it asked, as Django always does.
    """

    def is_usable(self) -> bool:
        """Tell whether the connection can be used."""
        if self.connection is None or self.connection.closed:
            return False
        unasked = poll()
        unasked.register(self.connection.fileno(), POLLIN)
        return not unasked.poll(0) or bool(super().is_usable())
