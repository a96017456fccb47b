"""Adding to one field of many rows in a statement, which Django's ORM can't do."""

from collections.abc import Sequence
from functools import cache
from itertools import chain
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model

KEYED_AT_ONCE = 100  # rows; more take as long each


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
