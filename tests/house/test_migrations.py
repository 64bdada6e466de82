"""The suite makes its tables from the models; here the migrations make theirs, and both are compared."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2
import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

pytestmark = pytest.mark.django_db

Schema = dict[str, set[str]]

# Each row is one sentence about the schema; the names of tables and columns stand in it, their order does not.
OF_POSTGRESQL = {
    "columns": """
        SELECT format('%s.%s %s %s %s %s', t.relname, c.attname, format_type(c.atttypid, c.atttypmod),
            CASE WHEN c.attnotnull THEN 'NOT NULL' END, c.attidentity, pg_get_expr(d.adbin, d.adrelid))
        FROM pg_attribute c JOIN pg_class t ON t.oid = c.attrelid
        LEFT JOIN pg_attrdef d ON d.adrelid = t.oid AND d.adnum = c.attnum
        WHERE t.relkind = 'r' AND t.relnamespace = 'public'::regnamespace AND c.attnum > 0 AND NOT c.attisdropped""",
    "constraints": """
        SELECT format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "indexes": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "functions": "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
}
OF_SQLITE = {
    "columns": """
        SELECT t.name || '.' || c.name || ' ' || c.type || ' ' || c."notnull" || ' ' || c.pk || ' '
            || coalesce(c.dflt_value, '')
        FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table'""",
    "foreign keys": """
        SELECT t.name || '.' || k."from" || ' ' || k."table" || '.' || k."to"
        FROM sqlite_master t JOIN pragma_foreign_key_list(t.name) k WHERE t.type = 'table'""",
    "indexes": "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    "unique": """
        SELECT t.name || ' ' || (SELECT group_concat(name) FROM pragma_index_info(i.name))
        FROM sqlite_master t JOIN pragma_index_list(t.name) i WHERE t.type = 'table' AND i."unique" """,
    "triggers": "SELECT sql FROM sqlite_master WHERE type = 'trigger'",
}
# Django's own: its bookkeeping of migrations, and a table that its migrations give smaller numbers.
NOT_OURS = re.compile("django_migrations|auth_group_permissions")


@pytest.fixture
def migrated(tmp_path: Path) -> Iterator[BaseDatabaseWrapper]:
    """A database that `manage.py migrate` made from nothing, as an operator does."""
    here = connection.settings_dict
    if connection.vendor == "sqlite":
        name, url = str(tmp_path / "migrated.sqlite3"), f"sqlite:///{tmp_path}/migrated.sqlite3"
    else:
        name = f"{here['NAME']}_migrated"
        url = f"postgres://{here['USER']}@{here['HOST']}:{here['PORT']}/{quote(name)}"
        _execute_outside(f'CREATE DATABASE "{name}"')
    settings = {"DJANGO_SETTINGS_MODULE": "portal.settings", "DATABASE_URL": url}
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], check=True, env=os.environ | settings)
    other = ConnectionHandler({"default": here | {"NAME": name}})["default"]
    try:
        yield other
    finally:
        other.close()
        if other.vendor == "postgresql":
            _execute_outside(f'DROP DATABASE "{name}"')


def _execute_outside(sql: str) -> None:
    """On a connection without a transaction: databases are made and dropped in none."""
    here = connection.settings_dict
    with closing(psycopg2.connect(host=here["HOST"], port=here["PORT"], user=here["USER"], dbname="postgres")) as plain:
        plain.autocommit = True
        plain.cursor().execute(sql)


def schema_of(database: BaseDatabaseWrapper) -> Schema:
    read = _read_postgresql if database.vendor == "postgresql" else _read_sqlite
    with database.cursor() as cursor:
        found = read(cursor)
    # A trigger names the columns in their order in the table, which is that of the migrations.
    found["triggers"] = {" ".join(sorted(re.split(r"\W+", trigger))) for trigger in found["triggers"]}
    return {kind: {line for line in lines if not NOT_OURS.search(line)} for kind, lines in found.items()}


def _read_postgresql(cursor: Any) -> Schema:
    return {kind: set(_rows(cursor, sql)) for kind, sql in OF_POSTGRESQL.items()}


def _read_sqlite(cursor: Any) -> Schema:
    found = {kind: set(_rows(cursor, sql)) for kind, sql in OF_SQLITE.items()}
    tables = list(_rows(cursor, "SELECT sql FROM sqlite_master WHERE type = 'table'"))
    return found | {"constraints": {check for table in tables for check in _checks(table)}}


def _checks(table: str) -> Iterator[str]:
    """Each named constraint, up to the bracket that closes it."""
    for start in re.finditer(r'CONSTRAINT "\w+" (CHECK|UNIQUE) \(', table):
        depth, end = 1, start.end()
        while depth:
            depth += {"(": 1, ")": -1}.get(table[end], 0)
            end += 1
        yield table[start.start() : end]


def _rows(cursor: Any, sql: str) -> Iterator[str]:
    cursor.execute(sql)
    return (row[0] for row in cursor.fetchall())


def difference(one: Schema, other: Schema) -> Schema:
    """What only one of them has."""
    kinds = {kind: one[kind] ^ other[kind] for kind in one}
    return {kind: lines for kind, lines in kinds.items() if lines}


def test_migrations_make_what_the_models_say(migrated: BaseDatabaseWrapper) -> None:
    of_models, of_migrations = schema_of(connection), schema_of(migrated)

    assert difference(of_models, of_migrations) == {}
    assert min(map(len, of_models.values())) >= 5
    assert _changes_are_seen(migrated, of_models)
    assert _order_of_names(migrated) in ("C", None)


def _order_of_names(migrated: BaseDatabaseWrapper) -> str | None:
    """A prefix and its order are one range of an index only where names compare byte by byte; no model can say so."""
    if migrated.vendor == "sqlite":
        return None
    with migrated.cursor() as cursor:
        cursor.execute(
            "SELECT l.collname FROM pg_attribute c JOIN pg_collation l ON l.oid = c.attcollation "
            "WHERE c.attrelid = 'workflow_case'::regclass AND c.attname = 'subject'"
        )
        return str(cursor.fetchone()[0])


def _changes_are_seen(migrated: BaseDatabaseWrapper, of_models: Schema) -> bool:
    """The control: a lost index, constraint or trigger, and a column too much, are each found."""
    with migrated.cursor() as cursor:
        cursor.execute("DROP INDEX case_queue")
        cursor.execute("ALTER TABLE workflow_case ADD COLUMN superfluous integer")
        trigger = "DROP TRIGGER tongban_workflow_act_delete"
        cursor.execute(trigger + (" ON workflow_act" if migrated.vendor == "postgresql" else ""))
    return set(difference(of_models, schema_of(migrated))) == {"indexes", "columns", "triggers"}
