"""What guarded tables let pass within one transaction: the same text under another key, or what is past its time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

REENCRYPT, PURGE = "reencrypt", "purge"
# On PostgreSQL a setting of the transaction, on SQLite a function of the connection.
SETTING = "tongban.permit"
FUNCTION = "tongban_permit"


def permits(vendor: str, what: str) -> str:
    """As SQL: whether this transaction has that permit."""
    if vendor == "postgresql":
        return f"COALESCE(current_setting('{SETTING}', true), '') = '{what}'"
    return f"{FUNCTION}() = '{what}'"


def know_permits(*, connection: BaseDatabaseWrapper, **_event: object) -> None:
    """For each new connection of SQLite; whoever opens the file otherwise cannot change a guarded table at all."""
    if connection.vendor == "sqlite":
        connection.connection.create_function(FUNCTION, 0, lambda: getattr(connection, FUNCTION, ""))


@contextmanager
def permitting(what: str) -> Iterator[None]:
    """One transaction, or a part of one."""
    with transaction.atomic():
        _permit(what)
        try:
            yield
        except BaseException:
            # PostgreSQL takes the setting back with the savepoint.
            setattr(connection, FUNCTION, "")
            raise
        _permit("")


def _permit(what: str) -> None:
    if connection.vendor != "postgresql":
        setattr(connection, FUNCTION, what)
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, what])
