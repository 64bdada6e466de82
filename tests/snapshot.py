"""The seeded database kept aside: after a test that committed something, every row is again what it was."""

import sqlite3
from collections.abc import Callable
from io import StringIO

from django.db import connection, transaction

from workflow.triggers import installed_triggers, recreate_triggers


def take_snapshot() -> Callable[[], None]:
    """What brings the database back to where it is now. On PostgreSQL the user must be a superuser, as in tests."""
    return _rows_of_postgresql() if connection.vendor == "postgresql" else _file_of_sqlite()


def _file_of_sqlite() -> Callable[[], None]:
    kept = sqlite3.connect(":memory:", check_same_thread=False)
    connection.ensure_connection()
    connection.connection.backup(kept)

    def restore() -> None:
        kept.backup(connection.connection)

    return restore


def _rows_of_postgresql() -> Callable[[], None]:
    tables = [
        f'"{table}"' for table in connection.introspection.django_table_names(only_existing=True, include_views=False)
    ]
    triggers = set(installed_triggers(connection, only_enabled=True))
    rows = {}
    with connection.cursor() as cursor:
        for table in tables:
            text = StringIO()
            cursor.copy_expert(f"COPY {table} TO STDOUT", text)
            if text.tell():
                rows[table] = text.getvalue()
    empty = ";".join(f"DELETE FROM {table}" for table in tables)

    def restore() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            # Triggers and foreign keys are silent in this transaction; nobody else is in the middle of one.
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(f"LOCK TABLE {', '.join(tables)} IN EXCLUSIVE MODE")
            cursor.execute(empty)
            for table, text in rows.items():
                cursor.copy_expert(f"COPY {table} FROM STDIN", StringIO(text))
        if set(installed_triggers(connection, only_enabled=True)) != triggers:
            recreate_triggers(connection)

    return restore
