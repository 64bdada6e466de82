"""Cases for a list: conditions by the ORM, columns written out, of a summary only what is shown."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, F, Func, QuerySet, TextField
from django.db.models.sql.compiler import SQLCompiler

from workflow.models import Case

Values = tuple[Any, ...]


class TextsUnder(Func):
    """[text or None for each key]: what a JSON column says under these keys."""

    output_field = TextField()

    def __init__(self, column: F | Expression, keys: Sequence[str]) -> None:
        super().__init__(column)
        self.keys = keys

    def as_sql(
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,
        function: str | None = None,
        template: str | None = None,
        arg_joiner: str | None = None,
        **extra_context: Any,
    ) -> tuple[str, list[Any]]:
        (column,) = self.get_source_expressions()
        sql, _params = compiler.compile(column)
        return f"ARRAY[{', '.join([f'{sql} ->> %s'] * len(self.keys))}]::text[]", list(self.keys)

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra_context: Any
    ) -> tuple[str, list[Any]]:
        (column,) = self.get_source_expressions()
        sql, _params = compiler.compile(column)
        picks = ", ".join([f"JSON_EXTRACT({sql}, %s)"] * len(self.keys))
        return f"JSON_ARRAY({picks})", [f'$."{key}"' for key in self.keys]

    def get_db_converters(self, connection: BaseDatabaseWrapper) -> list[Any]:
        return [_read] if connection.vendor == "sqlite" else []


def _read(value: str, _expression: object, _connection: object) -> list[Any]:
    texts: list[Any] = json.loads(value)
    return texts


def read_cases(cases: QuerySet[Case], names: Sequence[str], keys: Sequence[str]) -> list[Values]:
    """These fields of each case, then what its summary says under these keys, in the queryset's order and number.

    As ``values_list``, which takes longer to compose the columns of a page than PostgreSQL to answer.
    """
    query = cases.query
    compiler = query.get_compiler(connection=connection)
    columns, column_values, converters = _columns(connection.vendor, tuple(names), tuple(keys))
    try:
        where, where_values = compiler.compile(query.where)
    except EmptyResultSet:
        return []
    if sum(map(bool, query.alias_refcount.values())) > 1:
        raise ValueError("The conditions of a list must be those of its cases alone.")
    order = ", ".join(_name(key[1:]) + " DESC" if key[:1] == "-" else _name(key) for key in map(str, query.order_by))
    sql = f"SELECT {columns} FROM {_table()} WHERE {where} ORDER BY {order} LIMIT {query.high_mark:d}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [*column_values, *where_values])
        rows: list[Values] = cursor.fetchall()
    return list(map(tuple, compiler.apply_converters(rows, converters))) if converters else rows


@lru_cache(maxsize=256)
def _columns(_vendor: str, names: tuple[str, ...], keys: tuple[str, ...]) -> tuple[str, list[Any], dict[int, Any]]:
    """(SQL, its values, what converts the values that the database answers)"""
    compiler = Case.objects.all().query.get_compiler(connection=connection)
    picked: list[Any] = [*map(_column, names), TextsUnder(_column("summary"), keys)]
    compiled = [compiler.compile(expression) for expression in picked]
    values = [value for _sql, some in compiled for value in some]
    return ", ".join(sql for sql, _some in compiled), values, compiler.get_converters(picked)


def _column(field: str) -> Any:
    found: Any = Case._meta.get_field(field)
    return found.cached_col


def _name(field: str) -> str:
    return connection.ops.quote_name(_column(field).target.column)


def _table() -> str:
    return connection.ops.quote_name(Case._meta.db_table)
