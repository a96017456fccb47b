"""One cursor for all short statements of a connection: making one takes as long as a read."""

from typing import Any


def cursor_of(connection: Any) -> Any:
    """Return a cursor for a statement of which all that it finds is read before the next one.

    It is new where statements are logged, since Django decides that when it makes a cursor.
    """
    if connection.queries_logged:
        return connection.cursor()
    kept = getattr(connection, "kept_cursor", None)
    if kept is None or kept.connection is not connection.connection:  # or it was closed since
        kept = connection.kept_cursor = connection.cursor()
    return kept
