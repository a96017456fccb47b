"""Queries that are compiled once and then only run, for what every request reads.

Django spends several times longer on writing a query than SQLite on answering it, and writes it
anew each time. See `docs/decisions/0013-prepared-queries.md`.
"""

import re
from collections.abc import Callable, Sequence
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

from stepwell.core.cursors import cursor_of

Row = TypeVar("Row")
PLACEHOLDER = re.compile("%%|%s")  # the first of them is a percent sign


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


class _Plan:
    """A queryset's SQL, and how its rows are read: what Django works out anew at each run."""

    def __init__(self, queryset: QuerySet[Any, Any]) -> None:
        compiler: Any = queryset.query.get_compiler(using=DEFAULT_DB_ALIAS)
        try:
            self.sql, self.names = _with_constants(*compiler.as_sql())
        except EmptyResultSet:  # Django sees that there can be no rows, such as in a slice of none
            self.sql = ""
            return
        columns = [column for column, _sql, _alias in compiler.select]
        self.converters = compiler.get_converters(columns).items()
        self.made_of = READERS[queryset._iterable_class](compiler)

    def run(self, connection: Any, values: dict[str, Any]) -> list[Any]:
        if not self.sql:
            return []
        cursor = cursor_of(connection)
        cursor.execute(self.sql, [values[name] for name in self.names])
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


def _with_constants(sql: str, parameters: Sequence[Any]) -> tuple[str, list[str]]:
    """Return SQL that holds the values which never change, and the names of the others in order.

    Databases plan with what they see. SQLite even plans anew at each run where a value that it is
    given decides whether an index of some rows only can be used, and PostgreSQL leaves it aside.
    """
    quote = connections[DEFAULT_DB_ALIAS].schema_editor().quote_value
    names = [each.name for each in parameters if isinstance(each, Parameter)]
    pieces = (
        "%s" if isinstance(each, Parameter) else quote(each).replace("%", "%%")
        for each in parameters
    )
    return PLACEHOLDER.sub(lambda found: next(pieces) if found[0] == "%s" else "%%", sql), names


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
