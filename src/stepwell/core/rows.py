"""Rows that are written often, by statements that are made once.

Django writes the SQL of each `save` anew, and each is a way to the database and back. See
`docs/decisions/0013-prepared-queries.md`.
"""

from collections.abc import Sequence
from functools import cache
from itertools import chain
from typing import Any, cast

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model

from stepwell.core.cursors import cursor_of

AT_ONCE = 10  # writes in a statement, so that there are few different ones
KEYED_AT_ONCE = 100  # rows; more take as long each


class Insert:
    """A new object to be written; `unless_there` leaves one that is as unique, and gives no id."""

    def __init__(self, row: Model, *, unless_there: bool = False) -> None:
        self.row = row
        self.gives_id = not unless_there

    def sql(self, vendor: str) -> str:
        """Return the statement."""
        return _insert(type(self.row), self.gives_id, vendor)

    def values(self, connection: Any) -> list[Any]:
        """Return what goes with it."""
        fields = [field for field in self.row._meta.local_concrete_fields if not field.primary_key]
        return [
            field.get_db_prep_save(field.value_from_object(self.row), connection)
            for field in fields
        ]


class Update:
    """Fields of an object to be written."""

    gives_id = False

    def __init__(self, row: Model, *names: str) -> None:
        self.row, self.names = row, names

    def sql(self, vendor: str) -> str:
        """Return the statement."""
        return _update(type(self.row), self.names, vendor)

    def values(self, connection: Any) -> list[Any]:
        """Return what goes with it."""
        fields: list[Any] = [self.row._meta.get_field(name) for name in self.names]
        values = [
            field.get_db_prep_save(getattr(self.row, field.attname), connection) for field in fields
        ]
        return [*values, self.row.pk]


def write_rows(*writes: Insert | Update) -> None:
    """Write objects, each of them once, and give the new ones their ids.

    One query for each on SQLite, and for ten on PostgreSQL, where each is a way to another process.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    size = AT_ONCE if connection.vendor == "postgresql" else 1
    for start in range(0, len(writes), size):
        part = writes[start : start + size]
        cursor = cursor_of(connection)
        cursor.execute(
            _together(tuple((write.sql(connection.vendor), write.gives_id) for write in part)),
            [value for write in part for value in write.values(connection)],
        )
        new = [write.row for write in part if write.gives_id]
        # To the end: SQLite goes on reading as of now for as long as a statement is not through.
        [keys] = cursor.fetchall() if new else [()]
        for row, key in zip(new, keys, strict=True):
            row.pk = key
            row._state.adding, row._state.db = False, connection.alias


def fill_row(row: Model, name: str) -> bool:
    """Write this field of an object if the database holds none yet; tell whether. One query."""
    connection = connections[DEFAULT_DB_ALIAS]
    update, field = Update(row, name), cast("Any", row._meta.get_field(name))
    column = connection.ops.quote_name(field.column)
    cursor = cursor_of(connection)
    cursor.execute(
        f"{update.sql(connection.vendor)} AND {column} IS NULL", update.values(connection)
    )
    return bool(cursor.rowcount == 1)


def add_to_rows(
    model: type[Model], key: tuple[str, ...], name: str, rows: Sequence[tuple[int, ...]]
) -> list[tuple[int, ...]]:
    """Add to one field of rows that are found by a unique `key`; rows that are missing are made.

    Each of `rows` holds the key and what to add to the field; no key comes twice. Returned are the
    keys with what the field came to. `bulk_create` would make an object of each row, and can't add.
    """
    vendor = connections[DEFAULT_DB_ALIAS].vendor
    found: list[tuple[int, ...]] = []
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        for start in range(0, len(rows), KEYED_AT_ONCE):
            part = rows[start : start + KEYED_AT_ONCE]
            cursor.execute(_add(model, key, name, len(part), vendor), list(chain(*part)))
            found += cursor.fetchall()
    return found


def take_from_rows(
    model: type[Model], key: tuple[str, ...], name: str, rows: Sequence[tuple[int, ...]]
) -> None:
    """Take from one field of such rows, where they are there."""
    connection = connections[DEFAULT_DB_ALIAS]
    with connection.cursor() as cursor:
        cursor.executemany(
            _take(model, key, name, connection.vendor), [(row[-1], *row[:-1]) for row in rows]
        )


@cache
def _add(model: type[Model], key: tuple[str, ...], name: str, count: int, _vendor: str) -> str:
    table, unique, field = _names(model, key, name)
    names = ", ".join(unique)
    row = f"({', '.join(['%s'] * (len(key) + 1))})"
    return (
        f"INSERT INTO {table} ({names}, {field}) VALUES {', '.join([row] * count)} "  # noqa: S608  names of ours
        f"ON CONFLICT ({names}) DO UPDATE SET {field} = {table}.{field} + excluded.{field} "
        f"RETURNING {names}, {field}"
    )


@cache
def _take(model: type[Model], key: tuple[str, ...], name: str, _vendor: str) -> str:
    table, unique, field = _names(model, key, name)
    found = " AND ".join(f"{each} = %s" for each in unique)
    return f"UPDATE {table} SET {field} = {field} - %s WHERE {found}"  # noqa: S608  names of ours


def _names(model: type[Model], key: tuple[str, ...], name: str) -> tuple[str, list[str], str]:
    """Return the names of the table, of the columns of the key, and of the field's column."""
    meta: Any = model._meta
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    *unique, field = (quote(meta.get_field(each).column) for each in (*key, name))
    return quote(meta.db_table), unique, field


@cache
def _together(statements: tuple[tuple[str, bool], ...]) -> str:
    """Return a statement that does what these do, and finds the ids that they give."""
    if len(statements) == 1:
        return statements[0][0]
    parts = ", ".join(f"w{place} AS ({sql})" for place, (sql, _gives_id) in enumerate(statements))
    keys = [f"(TABLE w{place})" for place, (_sql, gives_id) in enumerate(statements) if gives_id]
    return f"WITH {parts} SELECT {', '.join(keys)}"


@cache
def _insert(model: type[Model], gives_id: bool, _vendor: str) -> str:
    meta: Any = model._meta
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    columns = [quote(field.column) for field in meta.local_concrete_fields if not field.primary_key]
    end = f"RETURNING {quote(meta.pk.column)}" if gives_id else "ON CONFLICT DO NOTHING"
    return (
        f"INSERT INTO {quote(meta.db_table)} ({', '.join(columns)}) "  # noqa: S608  names of ours
        f"VALUES ({', '.join(['%s'] * len(columns))}) {end}"
    )


@cache
def _update(model: type[Model], names: tuple[str, ...], _vendor: str) -> str:
    meta: Any = model._meta
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    columns = ", ".join(f"{quote(meta.get_field(name).column)} = %s" for name in names)
    return f"UPDATE {quote(meta.db_table)} SET {columns} WHERE {quote(meta.pk.column)} = %s"  # noqa: S608  names of ours
