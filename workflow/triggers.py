"""What the database itself refuses: changing or deleting what is append-only or published."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from django.apps import apps
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from workflow.fields import EncryptedField
from workflow.permits import PURGE, REENCRYPT, permits

# Nothing of these rows may change, and none may go.
APPEND_ONLY = ["workflow_act", "workflow_filing", "workflow_seal"]
EVENTS = "workflow_caseevent"
# Columns of an event that may be emptied together (erasure of personal words) while all the others stay.
EVENT_WORDS = ["opinion", "opinion_salt"]
EVENT_COLUMNS = [
    "id", "case_id", "seq", "act_id", "actor_id", "organisation_id", "action", "from_stage", "to_stage", "state",
    "opinion_digest", "payload", "filing_id", "irreversible", "at", "previous", "digest",
]  # fmt: skip
STAGES = "workflow_stage"
CHAINS = "workflow_chainversion"
# A published chain may be retired, and nothing else.
CHAIN_UNSAFE = (
    "OLD.status <> 'draft' AND (NEW.status = 'draft' OR NEW.case_type <> OLD.case_type OR NEW.version <> OLD.version)"
)

_extra_tables: list[str] = []
# {table: (columns that stay, columns that may be emptied)}
_erasable: dict[str, tuple[list[str], list[str]]] = {EVENTS: (EVENT_COLUMNS, EVENT_WORDS)}
# {table: condition over OLD under which a row stays as it is}
_kept: dict[str, str] = {}
# Rules that an app words itself: (its tables, what answers the statements for a database)
_rules: list[tuple[Sequence[str], Callable[[str], list[str]]]] = []
# Tables whose rows may go once their time is over.
_purgeable: set[str] = set()


def append_only(table: str) -> None:
    """A service declares a table of its own append-only (the ledger)."""
    if table not in _extra_tables:
        _extra_tables.append(table)


def erasable(table: str, *, stays: list[str], words: list[str]) -> None:
    """Append-only, but for words about a person: they may be emptied, all columns of them at once."""
    _erasable[table] = stays, words
    append_only(table)


def kept_while(table: str, condition: str) -> None:
    """Rows that neither change nor go while this condition over OLD holds (the months of a case that was paid)."""
    _kept[table] = condition
    append_only(table)


def purgeable(table: str) -> None:
    """Append-only, but for rows past their time: ``workflow.services.retention`` takes them, and says so."""
    _purgeable.add(table)
    append_only(table)


def add_rule(tables: Sequence[str], statements: Callable[[str], list[str]]) -> None:
    """``statements``: from the vendor to CREATE statements; the triggers' names begin with ``tongban_``."""
    _rules.append((tables, statements))


def create_triggers(connection: BaseDatabaseWrapper, tables: list[str] | None = None) -> None:
    """Install the triggers of the floor, or those of the named tables only."""
    with connection.cursor() as cursor:
        for sql in _statements(connection, tables):
            cursor.execute(sql)


def _statements(connection: BaseDatabaseWrapper, tables: list[str] | None) -> list[str]:
    return (_postgresql if connection.vendor == "postgresql" else _sqlite)(connection, tables)


def drop_triggers(connection: BaseDatabaseWrapper) -> None:
    names = installed_triggers(connection)
    with connection.cursor() as cursor:
        for table, name in names:
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def recreate_triggers(connection: BaseDatabaseWrapper) -> None:
    """All triggers again, those of the services included, or as they were; nothing where a table is not there (yet)."""
    tables = set(connection.introspection.table_names())
    if not tables.issuperset([*APPEND_ONLY, EVENTS, STAGES, CHAINS, *_extra_tables, *_ruled()]):
        return
    with transaction.atomic(using=connection.alias):
        drop_triggers(connection)
        create_triggers(connection)
        if _extra_tables:
            create_triggers(connection, _extra_tables)
        with connection.cursor() as cursor:
            for sql in _rule_statements(connection):
                cursor.execute(sql)


def _ruled() -> list[str]:
    return [table for tables, _statements_of in _rules for table in tables]


def _rule_statements(connection: BaseDatabaseWrapper) -> list[str]:
    return [sql for _tables, statements_of in _rules for sql in statements_of(connection.vendor)]


def stand_aside(*, using: str, **_event: object) -> None:
    """Before every migration: SQLite makes no table anew that a trigger of another one looks into."""
    if connections[using].vendor == "sqlite":
        drop_triggers(connections[using])


def restore_triggers(*, using: str, **_event: object) -> None:
    """After every migration: SQLite makes a changed table anew, and its triggers are gone without a word."""
    recreate_triggers(connections[using])


def missing_triggers(connection: BaseDatabaseWrapper) -> list[tuple[str, str]]:
    """(table, trigger) of each that should stand guard and does not, or was switched off."""
    return sorted(_expected_triggers(connection) - set(installed_triggers(connection, only_enabled=True)))


def _expected_triggers(connection: BaseDatabaseWrapper) -> set[tuple[str, str]]:
    of_floors = [sql for tables in (None, _extra_tables) for sql in _statements(connection, tables)]
    created = (
        re.match(r"CREATE TRIGGER (\w+) .*? ON (\w+) ", sql) for sql in [*of_floors, *_rule_statements(connection)]
    )
    return {(found[2], found[1]) for found in created if found}


def installed_triggers(connection: BaseDatabaseWrapper, *, only_enabled: bool = False) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
                "WHERE NOT t.tgisinternal AND t.tgname LIKE 'tongban_%%'"
                + (" AND t.tgenabled <> 'D'" if only_enabled else "")
            )
        else:
            cursor.execute("SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'tongban_%%'")
        return [(table, name) for table, name in cursor.fetchall()]


def _changed(columns: list[str], operator: str) -> str:
    return " OR ".join(f"NEW.{column} {operator} OLD.{column}" for column in columns)


def sealed_columns(table: str) -> list[str]:
    """The encrypted columns of a table, whichever app it belongs to."""
    models = [model for model in apps.get_models() if model._meta.db_table == table]
    return [field.column for model in models[:1] for field in model._meta.concrete_fields if _is_sealed(field)]


def _is_sealed(field: object) -> bool:
    return isinstance(field, EncryptedField)


def _other_text(connection: BaseDatabaseWrapper, table: str, unequal: str, sealed: list[str]) -> str:
    """When an UPDATE is more than the same row under another key; no database sees whether the text is the same."""
    with connection.cursor() as cursor:
        # Those that are there now: an old migration knows fewer than the model does.
        columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
    others = _changed([f'"{column}"' for column in columns if column not in sealed], unequal)
    of_one_key = " OR ".join(
        f"(NEW.{name} {unequal} OLD.{name} AND NOT (SUBSTR(NEW.{name}, 1, 1) {unequal} SUBSTR(OLD.{name}, 1, 1)))"
        for name in sealed
        if name in columns
    )
    return f"NOT ({permits(connection.vendor, REENCRYPT)}) OR {others} OR {of_one_key}"


def _refused(connection: BaseDatabaseWrapper, table: str) -> dict[str, str]:
    """{verb: when it is refused}; "" where it is always."""
    unequal = "IS DISTINCT FROM" if connection.vendor == "postgresql" else "IS NOT"
    if table in _kept:
        return dict.fromkeys(("UPDATE", "DELETE"), f"WHEN ({_kept[table]})")
    delete = f"WHEN (NOT ({permits(connection.vendor, PURGE)}))" if table in _purgeable else ""
    if table in _erasable:
        stays, words = _erasable[table]
        erased = " AND ".join(f"NEW.{column} = ''" for column in words)
        return {"UPDATE": f"WHEN ({_changed(stays, unequal)} OR NOT ({erased}))", "DELETE": delete}
    if sealed := sealed_columns(table):
        return {"UPDATE": f"WHEN ({_other_text(connection, table, unequal, sealed)})", "DELETE": delete}
    return {"UPDATE": "", "DELETE": delete}


def _sqlite(connection: BaseDatabaseWrapper, tables: list[str] | None) -> list[str]:
    sql = []
    for table in tables if tables is not None else [*APPEND_ONLY, EVENTS]:
        for verb, when in _refused(connection, table).items():
            sql.append(
                f"CREATE TRIGGER tongban_{table}_{verb.lower()} BEFORE {verb} ON {table} {when} "
                f"BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END"
            )
    if tables is not None:
        return sql
    for verb, rows in (
        ("INSERT", "NEW.chain_id"),
        ("UPDATE", "OLD.chain_id, NEW.chain_id"),
        ("DELETE", "OLD.chain_id"),
    ):
        sql.append(
            f"CREATE TRIGGER tongban_stage_{verb.lower()} BEFORE {verb} ON {STAGES} "
            f"WHEN EXISTS (SELECT 1 FROM workflow_chainversion WHERE id IN ({rows}) AND status <> 'draft') "
            "BEGIN SELECT RAISE(ABORT, 'a published chain does not change'); END"
        )
    refuse = "BEGIN SELECT RAISE(ABORT, 'a published chain does not change'); END"
    sql += [
        f"CREATE TRIGGER tongban_chain_update BEFORE UPDATE ON {CHAINS} WHEN {CHAIN_UNSAFE} {refuse}",
        f"CREATE TRIGGER tongban_chain_delete BEFORE DELETE ON {CHAINS} WHEN OLD.status <> 'draft' {refuse}",
    ]
    return sql


POSTGRESQL_FUNCTIONS = """
CREATE OR REPLACE FUNCTION tongban_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'append-only: %%', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE OR REPLACE FUNCTION tongban_stage_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE chains bigint[];
BEGIN
  chains := CASE TG_OP WHEN 'INSERT' THEN ARRAY[NEW.chain_id] WHEN 'DELETE' THEN ARRAY[OLD.chain_id]
    ELSE ARRAY[OLD.chain_id, NEW.chain_id] END;
  IF EXISTS (SELECT 1 FROM workflow_chainversion WHERE id = ANY (chains) AND status <> 'draft') THEN
    RAISE EXCEPTION 'a published chain does not change' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
"""


def _refused_on_postgresql(connection: BaseDatabaseWrapper, table: str) -> list[str]:
    return [
        f"CREATE TRIGGER tongban_{table}_{verb.lower()} BEFORE {verb} ON {table} "
        f"FOR EACH ROW {when} EXECUTE FUNCTION tongban_refuse()"
        for verb, when in _refused(connection, table).items()
    ]


def _kept_on_postgresql(table: str) -> list[str]:
    """The condition looks into other tables, which only a function may."""
    return [
        f"CREATE OR REPLACE FUNCTION tongban_{table}_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {_kept[table]} THEN RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME "
        "USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
        f"CREATE TRIGGER tongban_{table}_kept BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION tongban_{table}_kept()",
    ]


def _postgresql(connection: BaseDatabaseWrapper, tables: list[str] | None) -> list[str]:
    sql = [POSTGRESQL_FUNCTIONS.replace("%%", "%")]
    for table in tables if tables is not None else [*APPEND_ONLY, EVENTS]:
        sql += _kept_on_postgresql(table) if table in _kept else _refused_on_postgresql(connection, table)
        sql.append(
            f"CREATE TRIGGER tongban_{table}_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION tongban_refuse()"
        )
    if tables is None:
        sql += [
            f"CREATE TRIGGER tongban_stage_change BEFORE INSERT OR UPDATE OR DELETE ON {STAGES} "
            "FOR EACH ROW EXECUTE FUNCTION tongban_stage_change()",
            f"CREATE TRIGGER tongban_chain_update BEFORE UPDATE ON {CHAINS} "
            f"FOR EACH ROW WHEN ({CHAIN_UNSAFE}) EXECUTE FUNCTION tongban_refuse()",
            f"CREATE TRIGGER tongban_chain_delete BEFORE DELETE ON {CHAINS} "
            "FOR EACH ROW WHEN (OLD.status <> 'draft') EXECUTE FUNCTION tongban_refuse()",
        ]
    return sql
