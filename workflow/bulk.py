"""Set-based writes: the one file in which PostgreSQL and SQLite differ. Each call is one statement.

Rows travel as one JSON parameter, which both databases unfold into a table. ``bulk_create`` and ``bulk_update``
would split them into many statements and cost several times as much.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, models

Row = Sequence[Any]


def _is_postgresql() -> bool:
    return connection.vendor == "postgresql"


def _plain(value: Any) -> Any:
    """The form in which both databases read the value back from JSON into its column."""
    if isinstance(value, datetime):
        # SQLite compares times as text: spelled here exactly as Django spells its parameters.
        return value.isoformat() if _is_postgresql() else connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, Decimal):
        return str(value) if _is_postgresql() else float(value)
    return value


def _source(model: type[models.Model], names: Sequence[str]) -> tuple[str, list[str]]:
    """(SQL of the unfolded parameter with columns c0..cn, the model's column names)."""
    fields = [model._meta.get_field(name) for name in names]
    columns = [str(field.column) for field in fields]  # type: ignore[union-attr]
    if _is_postgresql():
        types = [field.rel_db_type(connection) if field.primary_key else field.db_type(connection) for field in fields]  # type: ignore[union-attr]
        body = ", ".join(f"c{i} {kind}" for i, kind in enumerate(types))
        return f"json_to_recordset(%s) AS v({body})", columns
    picks = ", ".join(f"json_extract(value, '$.c{i}') AS c{i}" for i in range(len(columns)))
    return f"(SELECT {picks} FROM json_each(%s)) AS v", columns


def _parameter(rows: Iterable[Row]) -> str:
    return json.dumps([{f"c{i}": _plain(value) for i, value in enumerate(row)} for row in rows], ensure_ascii=False)


def _quoted(columns: Iterable[str]) -> str:
    return ", ".join(connection.ops.quote_name(column) for column in columns)


def insert_rows(model: type[models.Model], names: Sequence[str], rows: Sequence[Row]) -> None:
    """INSERT all rows with one statement; ``names`` are model fields, in the order of each row."""
    if not rows:
        return
    source, columns = _source(model, names)
    picks = ", ".join(f"c{i}" for i in range(len(columns)))
    sql = f"INSERT INTO {_quoted([model._meta.db_table])} ({_quoted(columns)}) SELECT {picks} FROM {source}"
    with connection.cursor() as cursor:
        cursor.execute(sql, [_parameter(rows)])


def update_rows(model: type[models.Model], names: Sequence[str], rows: Sequence[Row]) -> int:
    """UPDATE by primary key, the first of ``names``; answers how many rows were written."""
    if not rows:
        return 0
    source, columns = _source(model, names)
    table, key = _quoted([model._meta.db_table]), _quoted(columns[:1])
    sets = ", ".join(f"{_quoted([column])} = v.c{i}" for i, column in enumerate(columns) if i)
    sql = f"UPDATE {table} SET {sets} FROM {source} WHERE {table}.{key} = v.c0"
    with connection.cursor() as cursor:
        cursor.execute(sql, [_parameter(rows)])
        return int(cursor.rowcount)


def add_to_counters(model: type[models.Model], key: Sequence[str], counter: str, rows: Sequence[Row]) -> None:
    """Add each row's last value to the counter of its key, creating what is missing; in key order: no deadlock."""
    if not rows:
        return
    names = [*key, counter]
    source, columns = _source(model, names)
    table, picks = _quoted([model._meta.db_table]), ", ".join(f"c{i}" for i in range(len(columns)))
    conflict, target = _quoted(columns[:-1]), _quoted(columns[-1:])
    # "WHERE true" tells SQLite's parser that ON CONFLICT does not belong to a join.
    sql = (
        f"INSERT INTO {table} ({_quoted(columns)}) SELECT {picks} FROM {source} WHERE true "
        f"ORDER BY {', '.join(f'c{i}' for i in range(len(key)))} "
        f"ON CONFLICT ({conflict}) DO UPDATE SET {target} = {table}.{target} + excluded.{target}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [_parameter(sorted(rows, key=lambda row: tuple(row[:-1])))])
