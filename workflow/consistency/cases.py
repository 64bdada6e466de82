"""Where each case stands, and the seats that count it."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from workflow.consistency.checks import check, sql_check
from workflow.services.counters import recount
from workflow.services.verification import Fault, changed_amounts

sql_check(
    "case.place",
    _("State, stage and holder of every case fit together"),
    """
    SELECT COALESCE(NULLIF(c.number, ''), '#' || c.id),
           c.state || ' ' || c.stage || ' ' || COALESCE(o.name, '-'),
           COALESCE(s.actor_kind, '-')
    FROM workflow_case c
    LEFT JOIN workflow_stage s ON s.chain_id = c.chain_id AND s.slug = c.stage
    LEFT JOIN workflow_organisation o ON o.id = c.holder_id
    WHERE (c.state = 'in_review') <> (c.stage <> '')
       OR NOT COALESCE(CASE
            WHEN c.stage = '' OR s.actor_kind = 'person' THEN c.holder_id IS NULL
            WHEN s.actor_kind = 'unit' THEN c.holder_id = c.unit_id
            WHEN s.actor_kind = 'county_hr' THEN c.holder_id = c.supervisor_id
            ELSE o.kind = s.actor_kind
          END, FALSE)
    """,
)
sql_check(
    "case.times",
    _("A case is numbered once it was filed, and closed exactly when nothing can follow"),
    """
    SELECT COALESCE(NULLIF(c.number, ''), '#' || c.id),
           COALESCE(CAST(c.submitted_at AS varchar), '-') || ' ' || COALESCE(CAST(c.closed_at AS varchar), '-'),
           c.state
    FROM workflow_case c
    WHERE (c.closed_at IS NOT NULL) <> (c.state IN ('approved', 'rejected', 'withdrawn'))
       OR (c.submitted_at IS NOT NULL) <> (c.number <> '')
       OR (c.submitted_at IS NULL AND c.state NOT IN ('draft', 'withdrawn'))
    """,
)
sql_check(
    "case.last_event",
    _("Every case stands where its last event left it"),
    """
    SELECT COALESCE(NULLIF(c.number, ''), '#' || c.id),
           c.state || ' ' || c.stage,
           e.state || ' ' || e.to_stage
    FROM workflow_case c
    JOIN workflow_caseevent e ON e.case_id = c.id AND e.seq = c.seq
    WHERE c.state <> e.state OR c.stage <> e.to_stage
    """,
)


@check("case.amount", _("Every case asks for the amount that was filed last"))
def _amounts() -> Iterator[Fault]:
    yield from changed_amounts()


@check("seat.waiting", _("The kept counters of the seats equal a recount"))
def _counters() -> Iterator[Fault]:
    for row in recount():
        yield Fault(f"{row.organisation} {row.case_type} {row.stage} {row.due_on}", f"{row.kept} ≠ {row.counted}")
