"""Databases of any number of cases, filled by set SQL; every run clones its databases from one prepared template.

The rows carry real regions, offices, units and people, and a summary as a filing writes it. Their events are not
hash-linked: what is measured on them does not read the digests of the past.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO

from django.core.management import call_command
from django.db import connection, connections, models
from django.utils import timezone

from accounts.models import User
from portal.demo.offices import make_officers, make_offices
from subsidies.enums import GRADUATE_RENT
from workflow.actors import Actor
from workflow.enums import Action, OrganisationKind, State
from workflow.models import Act, Case, CaseEvent, ChainVersion, Duty, Organisation, Region, Stage
from workflow.seats import Seat
from workflow.services.counters import repair_counters

TEMPLATE = "tongban_bench"
UNITS, PEOPLE = 320, 5_000
COUNTY = "130921"
SUMMARY = """jsonb_build_object(
    'id_masked', '1309**********' || lpad((i %% 10000)::text, 4, '0'), 'tail_key', '', 'degree', '硕士',
    'degree_code', '14', 'start', '2026-01', 'end', '2026-06', 'months', 6, 'standard', '1000.00',
    'total', '6000.00', 'unit', '沧州启明科技有限公司', 'county', '沧县',
    'month_list', jsonb_build_array('2026-01', '2026-02', '2026-03', '2026-04', '2026-05', '2026-06'))"""
# 60 surnames x 60 given names, so that a prefix finds a few cases and not half of the seat.
NAME = "chr((19968 + i * 7919 %% 60)::int) || chr((24000 + i * 104729 %% 60)::int) || chr((25000 + i / 60 %% 60)::int)"


def use_database(name: str) -> None:
    """Let the default connection of this process speak to that database from now on."""
    connection.close()
    connections.databases["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name


@contextmanager
def _maintenance() -> Iterator[None]:
    used = connection.settings_dict["NAME"]
    use_database("postgres")
    try:
        yield
    finally:
        use_database(used)


def exists(name: str) -> bool:
    with _maintenance(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None


def clone_database(name: str, template: str = TEMPLATE) -> None:
    """Make (or make anew) a database from the template and use it."""
    if template == TEMPLATE and not exists(TEMPLATE):
        _make_template()
    with _maintenance(), connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
    use_database(name)


def new_database(name: str) -> None:
    """An empty portal: tables, regions, chains and programmes."""
    with _maintenance(), connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    use_database(name)
    call_command("migrate", verbosity=0)
    call_command("seed", stdout=StringIO())


def _make_template() -> None:
    new_database(TEMPLATE)
    offices = make_offices()
    make_officers(offices)
    bureaus = [office for office in offices if office.kind == OrganisationKind.COUNTY_HR]
    Organisation.objects.bulk_create(
        Organisation(
            code=f"UNIT{n:06}", name=f"沧州启明{n}科技有限公司", kind=OrganisationKind.UNIT,
            region=bureaus[n % len(bureaus)].region, parent=bureaus[n % len(bureaus)],
        )
        for n in range(UNITS)
    )  # fmt: skip
    User.objects.bulk_create(User(username=f"bench{n}", password="!") for n in range(PEOPLE))
    connection.close()


def seat_at(stage: str, *, region: str = COUNTY) -> Seat:
    """The seat of this stage in the benchmark's county, or in its city."""
    found = Stage.objects.named(GRADUATE_RENT, stage).get()
    codes = Region.objects.get(pk=region).ancestors
    office = Organisation.objects.get(kind=found.actor_kind, region__in=codes)
    return Seat(office, GRADUATE_RENT, found)


def officer_of(seat: Seat) -> Actor:
    duty = Duty.objects.select_related("organisation__region", "user").get(
        organisation=seat.organisation, role=seat.stage.role
    )
    return Actor.in_duty(duty, duty.user)


def fill(cases: int, *, seat: Seat, waiting: int, scattered: bool = False) -> None:
    """``waiting`` cases in the seat, the others spread over all counties, stages and states.

    Those in the seat are the last ones filed or, ``scattered``, stand everywhere between the others.
    """
    with _bulk_loading():
        if scattered:
            _insert_cases(cases, 0, seat=seat, seat_rows=f"i %% {cases // waiting} = 0")
        else:
            _insert_cases(cases - waiting, 0, seat=seat, seat_rows="false")
            _insert_cases(waiting, cases - waiting, seat=seat, seat_rows="true")
        _insert_events(seat)
    repair_counters()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


@contextmanager
def _bulk_loading() -> Iterator[None]:
    """Without indexes, triggers and foreign keys, which are all made or checked anew by construction."""
    tables = [Case._meta.db_table, CaseEvent._meta.db_table]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s)"
            " AND indexname NOT IN (SELECT conname FROM pg_constraint)",
            [tables],
        )
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off")
        yield
        cursor.execute("SET session_replication_role = DEFAULT; SET synchronous_commit = on")
        cursor.execute("SET maintenance_work_mem = '1GB'")
        for _name, definition in indexes:
            cursor.execute(definition)


def _insert(model: type[models.Model], values: dict[str, str], source: str) -> None:
    """INSERT with these SQL expressions; every other column gets the model's own default."""
    prototype = model()
    columns, picks, parameters = [], [], []
    for field in model._meta.concrete_fields:
        if field.primary_key and field.column not in values:
            continue
        columns.append(f'"{field.column}"')
        if field.column in values:
            picks.append(values[field.column])
        else:
            picks.append(f"%s::{field.db_type(connection) if not field.is_relation else 'bigint'}")
            parameters.append(field.get_db_prep_save(field.value_from_object(prototype), connection))
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{model._meta.db_table}" ({", ".join(columns)}) SELECT {", ".join(picks)} {source}',
            parameters,
        )


def _insert_cases(count: int, first: int, *, seat: Seat, seat_rows: str) -> None:
    """Rows first+1 … first+count. Of those outside the seat, six of seven are closed, the others wait anywhere."""
    chain = ChainVersion.objects.published(GRADUATE_RENT)
    people = list(User.objects.filter(username__startswith="bench").order_by("pk").values_list("pk", flat=True))
    begin = (timezone.now() - timedelta(days=900)).isoformat()
    total = first + count
    entered = f"timestamptz '{begin}' + interval '1 day' * (i * 880.0 / {total})"
    open_stage = "(ARRAY['county_hr', 'publish', 'review', 'county_report'])[1 + (i / 7) %% 4]"
    is_open = f"({seat_rows} OR i %% 7 = 0)"
    values = {
        "token": "gen_random_uuid()",
        "number": "'B' || lpad(i::text, 12, '0')",
        "case_type": f"'{GRADUATE_RENT}'",
        "chain_id": str(chain.pk),
        "state": f"CASE WHEN {is_open} THEN '{State.IN_REVIEW}' ELSE '{State.APPROVED}' END",
        "stage": f"CASE WHEN {seat_rows} THEN '{seat.stage.slug}' WHEN {is_open} THEN {open_stage} ELSE '' END",
        "holder_id": f"CASE WHEN {is_open} THEN u.parent_id END",
        "applicant_id": f"('{{{','.join(map(str, people))}}}'::bigint[])[1 + i %% {len(people)}]",
        "unit_id": "u.id",
        "supervisor_id": "u.parent_id",
        "region_id": "u.region_id",
        "subject": NAME,
        "subject_key": "encode(sha256(i::text::bytea), 'hex')",
        "summary": SUMMARY,
        "amount": "6000.00",
        "created_at": entered,
        "submitted_at": entered,
        "entered_at": entered,
        "due_on": "(current_date + (i %% 12)::int - 3)",
        "revision": "1",
        "seq": "1",
        "head": "encode(sha256(('h' || i)::bytea), 'hex')",
    }
    everywhere, county = (
        f"ARRAY(SELECT id FROM workflow_organisation WHERE kind = 'unit' AND {where} ORDER BY id)"
        for where in ("true", f"region_id = '{COUNTY}'")
    )
    _insert(
        Case,
        values,
        f"FROM generate_series({first + 1}::bigint, {total}) AS g(i)"
        f" CROSS JOIN (SELECT {everywhere} AS everywhere, {county} AS county) a"
        f" CROSS JOIN LATERAL (SELECT CASE WHEN {seat_rows} THEN a.county ELSE a.everywhere END AS ids) b"
        " JOIN workflow_organisation u ON u.id = b.ids[1 + i / 7 %% cardinality(b.ids)]",
    )


def _insert_events(seat: Seat) -> None:
    """One submission per case, and the seat's approval for the closed cases of its county."""
    actor = officer_of(seat)
    at = timezone.now()
    for action, where, organisation, from_stage in (
        (Action.SUBMIT, "true", "NULL::bigint", ""),
        (Action.APPROVE, f"c.state = '{State.APPROVED}' AND c.supervisor_id = {seat.organisation_id}",
         str(seat.organisation_id), seat.stage.slug),
    ):  # fmt: skip
        act = Act.objects.create(
            token=uuid.uuid4(), action=action, case_type=GRADUATE_RENT, actor=actor.user, at=at, asked=1, done=1
        )
        seq = 1 if action == Action.SUBMIT else 2
        _insert(
            CaseEvent,
            {
                "case_id": "c.id", "seq": str(seq), "act_id": f"'{act.pk}'", "actor_id": "c.applicant_id",
                "organisation_id": organisation, "action": f"'{action}'", "from_stage": f"'{from_stage}'",
                "to_stage": "c.stage", "state": "c.state", "at": "c.entered_at", "digest": "c.head",
            },
            f"FROM workflow_case c WHERE {where} ORDER BY c.id",
        )  # fmt: skip


def people_of(count: int) -> Sequence[User]:
    return list(User.objects.filter(username__startswith="bench").order_by("pk")[:count])
