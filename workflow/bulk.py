"""Set-based writes: the one file in which PostgreSQL and SQLite differ. Each call is one statement.

Rows travel as one JSON parameter, which both databases unfold into a table. ``bulk_create`` and ``bulk_update``
would split them into many statements and cost several times as much.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, F, Func
from django.db.models.sql.compiler import SQLCompiler

Row = Sequence[Any]
Column = Sequence[Any]


def _is_postgresql() -> bool:
    return connection.vendor == "postgresql"


def _spell_time(moment: datetime) -> str:
    # SQLite compares times as text: spelled here exactly as Django spells its parameters.
    return moment.isoformat() if _is_postgresql() else str(connection.ops.adapt_datetimefield_value(moment))


# The form in which both databases read the value back from JSON into its column.
SPELLINGS: dict[type, Callable[[Any], Any]] = {
    datetime: _spell_time,
    date: date.isoformat,
    UUID: lambda value: value.hex,
    Decimal: lambda value: str(value) if _is_postgresql() else float(value),
}


def _spell(column: Column) -> Column:
    spellings = {kind: SPELLINGS[kind] for kind in {type(value) for value in column} if kind in SPELLINGS}
    if not spellings:
        return column
    return [spellings[type(value)](value) if type(value) in spellings else value for value in column]


@dataclass(frozen=True, slots=True)
class _Table:
    """Rows as SQL: what differs travels as one JSON parameter, what is the same in all rows travels once."""

    columns: list[str]
    # How each column reads in the statement: "v.c3", or a placeholder.
    picks: list[str]
    source: str
    constants: list[Any]
    parameter: str

    @property
    def values(self) -> list[Any]:
        return [*self.constants, self.parameter]


def _unfold(model: type[models.Model], names: Sequence[str], rows: Sequence[Row]) -> _Table:
    """The first column, a key, always counts as different from row to row."""
    fields = [model._meta.get_field(name) for name in names]
    varying: dict[str, Column] = {}
    kinds: list[str] = []
    picks: list[str] = []
    constants: list[Any] = []
    for i, (field, column) in enumerate(zip(fields, zip(*rows, strict=True), strict=True)):
        kind = field.rel_db_type(connection) if field.primary_key else field.db_type(connection)  # type: ignore[union-attr]
        if i and column.count(column[0]) == len(column):
            picks.append(f"CAST(%s AS {kind})" if _is_postgresql() else "%s")
            constants.append(_constant(_spell(column[:1])[0]))
        else:
            picks.append(f"v.c{i}")
            varying[f"c{i}"] = _spell(column)
            kinds.append(f"c{i} {kind}")
    return _Table(
        [str(field.column) for field in fields],  # type: ignore[union-attr]
        picks,
        _source(varying, kinds),
        constants,
        _parameter(varying),
    )


def _constant(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def _source(varying: Mapping[str, Column], kinds: Sequence[str]) -> str:
    if _is_postgresql():
        return f"json_to_recordset(%s) AS v({', '.join(kinds)})"
    picks = ", ".join(f"json_extract(value, '$.{name}') AS {name}" for name in varying)
    return f"(SELECT {picks} FROM json_each(%s)) AS v"


def _parameter(varying: Mapping[str, Column]) -> str:
    rows = zip(*varying.values(), strict=True)
    return json.dumps([dict(zip(varying, row, strict=True)) for row in rows], ensure_ascii=False)


def _quoted(columns: Iterable[str]) -> str:
    return ", ".join(connection.ops.quote_name(column) for column in columns)


def insert_rows(model: type[models.Model], names: Sequence[str], rows: Sequence[Row]) -> None:
    """INSERT all rows with one statement; ``names`` are model fields, in the order of each row."""
    if not rows:
        return
    table = _unfold(model, names, rows)
    into = f"{_quoted([model._meta.db_table])} ({_quoted(table.columns)})"
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {into} SELECT {', '.join(table.picks)} FROM {table.source}", table.values)


def update_rows(model: type[models.Model], names: Sequence[str], rows: Sequence[Row]) -> int:
    """UPDATE by primary key, the first of ``names``; answers how many rows were written."""
    if not rows:
        return 0
    table = _unfold(model, names, rows)
    name, key = _quoted([model._meta.db_table]), _quoted(table.columns[:1])
    sets = ", ".join(
        f"{_quoted([column])} = {pick}" for column, pick in zip(table.columns[1:], table.picks[1:], strict=True)
    )
    sql = f"UPDATE {name} SET {sets} FROM {table.source} WHERE {name}.{key} = v.c0"
    with connection.cursor() as cursor:
        cursor.execute(sql, table.values)
        return int(cursor.rowcount)


def add_to_counters(model: type[models.Model], key: Sequence[str], counter: str, rows: Sequence[Row]) -> None:
    """Add each row's last value to the counter of its key, creating what is missing; in key order: no deadlock."""
    if not rows:
        return
    sql, values = _addition(model, key, counter, rows)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def count_up(model: type[models.Model], key: str, counter: str, steps: Mapping[str, int]) -> dict[str, int]:
    """Add to the counters of these keys, creating what is missing: {key: the counter afterwards}.

    The rows stay locked until the commit, so that whoever counts the same key at the same time waits.
    """
    if not steps:
        return {}
    sql, values = _addition(model, [key], counter, list(steps.items()))
    columns = _quoted(str(model._meta.get_field(name).column) for name in (key, counter))  # type: ignore[union-attr]
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} RETURNING {columns}", values)
        return dict(cursor.fetchall())


def _addition(
    model: type[models.Model], key: Sequence[str], counter: str, rows: Sequence[Row]
) -> tuple[str, list[Any]]:
    table = _unfold(model, [*key, counter], sorted(rows, key=lambda row: tuple(row[:-1])))
    name, order = _quoted([model._meta.db_table]), ", ".join(str(i + 1) for i in range(len(key)))
    conflict, target = _quoted(table.columns[:-1]), _quoted(table.columns[-1:])
    # "WHERE true" tells SQLite's parser that ON CONFLICT does not belong to a join.
    sql = (
        f"INSERT INTO {name} ({_quoted(table.columns)}) SELECT {', '.join(table.picks)} FROM {table.source} WHERE true "
        f"ORDER BY {order} ON CONFLICT ({conflict}) DO UPDATE SET {target} = {name}.{target} + excluded.{target}"
    )
    return sql, table.values


def lock_table(model: type[models.Model]) -> None:
    """Keep every other writer out of the table until the transaction ends; readers go on. SQLite has one writer."""
    if _is_postgresql():
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {_quoted([model._meta.db_table])} IN SHARE ROW EXCLUSIVE MODE")


class KeyIn(Func):
    """``pk IN keys`` with the keys as one parameter, however many they are."""

    output_field = BooleanField()

    def __init__(self, column: str, keys: Iterable[int]) -> None:
        super().__init__(F(column))
        self.keys = list(keys)

    def as_sql(
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,
        function: str | None = None,
        template: str | None = None,
        arg_joiner: str | None = None,
        **extra_context: Any,
    ) -> tuple[str, list[Any]]:
        column, params = compiler.compile(self.get_source_expressions()[0])
        if connection.vendor == "postgresql":
            return f"{column} = ANY(CAST(%s AS bigint[]))", [*params, f"{{{','.join(map(str, self.keys))}}}"]
        return f"{column} IN (SELECT value FROM json_each(%s))", [*params, json.dumps(self.keys)]
