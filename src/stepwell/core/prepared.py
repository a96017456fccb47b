"""Reads that are compiled to SQL once and then only run, for what every request asks.

Django spends several times longer on writing a query than SQLite on answering it.
`docs/explanation/prepared-reads.md` says when to use one.
"""

import re
from collections.abc import Callable, Sequence
from functools import partial, update_wrapper
from inspect import signature
from operator import itemgetter
from typing import Any, Generic, ParamSpec, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, Model, QuerySet
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    NamedValuesListIterable,
    ValuesListIterable,
    get_related_populators,
)
from django.db.models.utils import create_namedtuple_class

P = ParamSpec("P")
Row = TypeVar("Row")
PLACEHOLDER = re.compile("%%|%s")  # the first of them is a percent sign


class Parameter(Expression):
    """Take the place of a value that each call of a prepared read brings, under its name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, _compiler: Any, _connection: Any) -> tuple[str, Any]:
        """Return a placeholder, and this object in place of its value."""
        return "%s", (self,)


def prepared(build: "Callable[P, QuerySet[Any, Row]]") -> "Prepared[P, Row]":
    """Compile the queryset that the function returns once, and run its SQL at each call.

    The function is called once for each kind of database, at the first use, with a `Parameter` for
    each argument. It can only hand them on to the queryset. A call of what this returns takes the
    values: ids and strings, not dates.
    """
    return Prepared(build)


class Prepared(Generic[P, Row]):
    """A read made by `prepared`: each call sends one query and returns all rows.

    Rows are objects, with what `select_related` brings, rows of `values_list` with or without
    names, or single values. Prefetching and lists of unknown length are not supported.
    """

    def __init__(self, build: "Callable[P, QuerySet[Any, Row]]") -> None:
        update_wrapper(self, build)
        self.build: Callable[..., QuerySet[Any, Row]] = build
        self.parameters = tuple(signature(build).parameters)
        self.plans: dict[str, _Plan] = {}

    def __call__(self, *args: P.args, **values: P.kwargs) -> list[Row]:
        """Return the rows. One query. Raises `KeyError` for a parameter without a value."""
        connection = connections[DEFAULT_DB_ALIAS]
        plan = self.plans.get(connection.vendor)
        if plan is None:
            placeholders = {name: Parameter(name) for name in self.parameters}
            plan = self.plans[connection.vendor] = _Plan(self.build(**placeholders))
        by_name = dict(zip(self.parameters, args, strict=False), **values) if args else values
        return plan.run(connection, by_name)

    def first(self, *args: P.args, **values: P.kwargs) -> Row | None:
        """Return the first row, or None. One query, which should not find many."""
        return next(iter(self(*args, **values)), None)


class _Plan:
    """A queryset's SQL and how its rows are read, which Django computes again at each run."""

    def __init__(self, queryset: QuerySet[Any, Any]) -> None:
        compiler: Any = queryset.query.get_compiler(using=DEFAULT_DB_ALIAS)
        try:
            self.sql, self.names = _with_constants(*compiler.as_sql())
        except EmptyResultSet:  # Django sees that there can be no rows, such as in a slice of none
            self.sql = ""
            return
        columns = [column for column, _sql, _alias in compiler.select]
        self.converters = compiler.get_converters(columns).items()
        self.made_of = READERS[queryset._iterable_class](queryset, compiler)

    def run(self, connection: Any, values: dict[str, Any]) -> list[Any]:
        if not self.sql:
            return []
        with connection.cursor() as cursor:
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

    Databases plan with what they see. SQLite even plans again at each run where a value that it is
    given decides whether an index of some rows only can be used, and PostgreSQL leaves it aside.
    """
    quote = connections[DEFAULT_DB_ALIAS].schema_editor().quote_value
    names = [each.name for each in parameters if isinstance(each, Parameter)]
    pieces = (
        "%s" if isinstance(each, Parameter) else quote(each).replace("%", "%%")
        for each in parameters
    )
    return PLACEHOLDER.sub(lambda found: next(pieces) if found[0] == "%s" else "%%", sql), names


def _objects(_queryset: Any, compiler: Any) -> Callable[[Sequence[Any]], Model]:
    """Return what makes an object of a row, with its related objects and annotations."""
    info = compiler.klass_info
    model, places = info["model"], info["select_fields"]
    names = [compiler.select[place][0].target.attname for place in places]
    part = slice(places[0], places[-1] + 1)
    populators: Any = get_related_populators  # its stubs are of a newer Django
    related = populators(info, compiler.select, DEFAULT_DB_ALIAS)
    annotations = compiler.annotation_col_map.items()

    def make(row: Sequence[Any]) -> Model:
        made: Model = model.from_db(DEFAULT_DB_ALIAS, names, row[part])
        for populator in related:
            populator.populate(row, made)
        for name, place in annotations:
            setattr(made, name, row[place])
        return made

    return make


def _named_rows(queryset: Any, _compiler: Any) -> Callable[[Sequence[Any]], Any]:
    return partial(tuple.__new__, create_namedtuple_class(*queryset._fields))


READERS: dict[Any, Callable[[Any, Any], Callable[[Sequence[Any]], Any]]] = {
    ModelIterable: _objects,
    NamedValuesListIterable: _named_rows,
    ValuesListIterable: lambda _queryset, _compiler: tuple,
    FlatValuesListIterable: lambda _queryset, _compiler: itemgetter(0),
}
