"""SQL that is compiled once and then only run, for what every request reads and writes.

Django spends several times longer on writing a query than SQLite on answering it, and writes it
anew each time. See `docs/decisions/0013-prepared-queries.md`.
"""

from collections.abc import Callable, Sequence
from functools import cache
from operator import itemgetter
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, Model, QuerySet
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    ValuesListIterable,
    get_related_populators,
)

Row = TypeVar("Row")


class Parameter(Expression):
    """Stands in a prepared queryset for a value that each run brings along, under a name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, _compiler: Any, _connection: Any) -> tuple[str, Any]:
        """Return a placeholder, and this object in place of its value."""
        return "%s", (self,)


class Prepared(Generic[Row]):
    """A queryset with `Parameter`s: each call runs it with their values and returns all rows.

    `build` returns the queryset; it is called once for each kind of database, at first use, since
    models are not ready when modules load. Rows are what the queryset yields: objects with what
    `select_related` brings, tuples of `values_list`. It can't prefetch, nor take a list of unknown
    length. Values go to the database as they are: ids and strings, not dates.
    """

    def __init__(self, build: Callable[[], "QuerySet[Any, Row]"]) -> None:
        self.build = build
        self.plans: dict[str, _Plan] = {}

    def __call__(self, **values: Any) -> list[Row]:
        """Return the rows. One query. Raises `KeyError` for a parameter without a value."""
        connection = connections[DEFAULT_DB_ALIAS]
        plan = self.plans.get(connection.vendor)
        if plan is None:
            plan = self.plans[connection.vendor] = _Plan(self.build())
        return plan.run(connection, values)

    def first(self, **values: Any) -> Row | None:
        """Return the first row, or None. One query, which should not find many."""
        return next(iter(self(**values)), None)


def insert_row(row: Model) -> None:
    """Write a new object, as `save(force_insert=True)` does, and give it its id. One query."""
    connection = connections[DEFAULT_DB_ALIAS]
    with connection.cursor() as cursor:
        insert, key = _insert(type(row), connection.vendor)
        cursor.execute(f"{insert} RETURNING {key}", _values_of(row, connection))
        [row.pk] = cursor.fetchone()
    row._state.adding, row._state.db = False, connection.alias


def ensure_row(row: Model) -> None:
    """Write a new object unless one that is as unique is there; it gets no id. One query."""
    connection = connections[DEFAULT_DB_ALIAS]
    with connection.cursor() as cursor:
        insert, _key = _insert(type(row), connection.vendor)
        cursor.execute(f"{insert} ON CONFLICT DO NOTHING", _values_of(row, connection))


def update_row(row: Model, *names: str) -> None:
    """Write these fields of an object, as `save(update_fields=…)` does. One query."""
    _run_update(row, names)


def fill_row(row: Model, name: str) -> bool:
    """Write this field of an object if the database holds none yet; tell whether. One query."""
    meta: Any = row._meta
    column = connections[DEFAULT_DB_ALIAS].ops.quote_name(meta.get_field(name).column)
    return _run_update(row, (name,), f" AND {column} IS NULL") == 1


def _run_update(row: Model, names: tuple[str, ...], condition: str = "") -> int:
    connection = connections[DEFAULT_DB_ALIAS]
    fields: list[Any] = [row._meta.get_field(name) for name in names]
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    with connection.cursor() as cursor:
        update = _update(type(row), names, connection.vendor)
        cursor.execute(update + condition, [*values, row.pk])
        return int(cursor.rowcount)


def put_rows(
    model: type[Model], key: tuple[str, ...], name: str, rows: Sequence[tuple[int, ...]]
) -> None:
    """Set one field of rows that are found by a unique `key`; rows that are missing are made.

    Each of `rows` holds the key and the value, as they go to the database. Several times quicker
    than `bulk_create` with `update_conflicts`, which makes an object of each row.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    put, _add, _take = _of_keyed_rows(model, key, name, connection.vendor)
    with connection.cursor() as cursor:
        cursor.executemany(put, rows)


def add_to_rows(
    model: type[Model], key: tuple[str, ...], name: str, rows: Sequence[tuple[int, ...]]
) -> None:
    """Add to one field of such rows, or take from those that are there."""
    connection = connections[DEFAULT_DB_ALIAS]
    _put, add, take = _of_keyed_rows(model, key, name, connection.vendor)
    more = [row for row in rows if row[-1] > 0]
    less = [(-row[-1], *row[:-1]) for row in rows if row[-1] < 0]
    with connection.cursor() as cursor:
        cursor.executemany(add, more)
        cursor.executemany(take, less)


@cache
def _of_keyed_rows(
    model: type[Model], key: tuple[str, ...], name: str, _vendor: str
) -> tuple[str, str, str]:
    meta: Any = model._meta
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    table = quote(meta.db_table)
    *unique, field = (quote(meta.get_field(each).column) for each in (*key, name))
    names = ", ".join(unique)
    values = ", ".join(["%s"] * (len(unique) + 1))
    put = (
        f"INSERT INTO {table} ({names}, {field}) VALUES ({values}) "  # noqa: S608  names of ours
        f"ON CONFLICT ({names}) DO UPDATE SET {field} = excluded.{field}"
    )
    found = " AND ".join(f"{each} = %s" for each in unique)
    take = f"UPDATE {table} SET {field} = {field} - %s WHERE {found}"  # noqa: S608  names of ours
    return put, f"{put} + {table}.{field}", take


def _values_of(row: Model, connection: Any) -> list[Any]:
    fields = [field for field in row._meta.local_concrete_fields if not field.primary_key]
    return [field.get_db_prep_save(field.value_from_object(row), connection) for field in fields]


@cache
def _insert(model: type[Model], _vendor: str) -> tuple[str, str]:
    meta: Any = model._meta
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    columns = [quote(field.column) for field in meta.local_concrete_fields if not field.primary_key]
    return (
        f"INSERT INTO {quote(meta.db_table)} ({', '.join(columns)}) "  # noqa: S608  names of ours
        f"VALUES ({', '.join(['%s'] * len(columns))})",
        quote(meta.pk.column),
    )


@cache
def _update(model: type[Model], names: tuple[str, ...], _vendor: str) -> str:
    meta: Any = model._meta
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    columns = ", ".join(f"{quote(meta.get_field(name).column)} = %s" for name in names)
    return f"UPDATE {quote(meta.db_table)} SET {columns} WHERE {quote(meta.pk.column)} = %s"  # noqa: S608  names of ours


class _Plan:
    """A queryset's SQL, and how its rows are read: what Django works out anew at each run."""

    def __init__(self, queryset: QuerySet[Any, Any]) -> None:
        compiler: Any = queryset.query.get_compiler(using=DEFAULT_DB_ALIAS)
        try:
            self.sql, self.parameters = compiler.as_sql()
        except EmptyResultSet:  # Django sees that there can be no rows, such as in a slice of none
            self.sql = ""
            return
        columns = [column for column, _sql, _alias in compiler.select]
        self.converters = compiler.get_converters(columns).items()
        self.made_of = READERS[queryset._iterable_class](compiler)

    def run(self, connection: Any, values: dict[str, Any]) -> list[Any]:
        if not self.sql:
            return []
        with connection.cursor() as cursor:
            cursor.execute(
                self.sql,
                [
                    values[each.name] if isinstance(each, Parameter) else each
                    for each in self.parameters
                ],
            )
            rows = cursor.fetchall()
        if self.converters:
            rows = [self._converted(row, connection) for row in rows]
        return [self.made_of(row) for row in rows]

    def _converted(self, row: Sequence[Any], connection: Any) -> list[Any]:
        found = list(row)
        for place, (converters, expression) in self.converters:
            for convert in converters:
                found[place] = convert(found[place], expression, connection)
        return found


def _objects(compiler: Any) -> Callable[[Sequence[Any]], Model]:
    """Return what makes an object of a row, with its related objects and annotations."""
    info = compiler.klass_info
    model, places = info["model"], info["select_fields"]
    names = [compiler.select[place][0].target.attname for place in places]
    part = slice(places[0], places[-1] + 1)
    related = get_related_populators(info, compiler.select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]  # stubs of a newer Django
    annotations = compiler.annotation_col_map.items()

    def make(row: Sequence[Any]) -> Model:
        made: Model = model.from_db(DEFAULT_DB_ALIAS, names, row[part])
        for populator in related:
            populator.populate(row, made)
        for name, place in annotations:
            setattr(made, name, row[place])
        return made

    return make


READERS: dict[Any, Callable[[Any], Callable[[Sequence[Any]], Any]]] = {
    ModelIterable: _objects,
    ValuesListIterable: lambda _compiler: tuple,
    FlatValuesListIterable: lambda _compiler: itemgetter(0),
}
