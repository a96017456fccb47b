"""PostgreSQL, with less to do for each request and each row than Django's own backend."""

from datetime import UTC, datetime
from select import POLLIN, poll
from typing import Any

from django.db.backends.postgresql import base
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.types.datetime import TimestamptzLoader

Wrapper: Any = base.DatabaseWrapper


class MomentLoader(Loader):
    """Reads moments by the standard library, in a tenth of the time that a pattern takes."""

    timezone = UTC  # Django looks here whether it has to register its own

    def load(self, data: Buffer) -> datetime:
        try:
            return datetime.fromisoformat(str(data, "ascii"))
        except ValueError:  # the driver says what is wrong, such as dates in another style
            return TimestamptzLoader(self.oid, self.connection).load(data)


class DatabaseWrapper(Wrapper):  # type: ignore[misc]  # stubs know only the public methods
    """A connection whose health check at each request usually costs no way to the server and back.

    A server that ends a connection says so or closes it: either way there is something to be read,
    and nothing is on one that rests. Only then is it asked, as Django always does.
    """

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Return a connection that reads moments by `MomentLoader`."""
        connection = super().get_new_connection(conn_params)
        connection.adapters.register_loader("timestamptz", MomentLoader)
        return connection

    def is_usable(self) -> bool:
        """Tell whether the connection can be used."""
        if self.connection is None or self.connection.closed:
            return False
        unasked = poll()
        unasked.register(self.connection.fileno(), POLLIN)
        return not unasked.poll(0) or bool(super().is_usable())
