"""Events, acts, filings and seals: one event per move, nothing missing, nothing changed."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection
from django.utils.translation import gettext_lazy as _

from workflow.consistency.checks import check, sql_check
from workflow.models import Act
from workflow.services.verification import (
    Fault,
    Report,
    changed_contents,
    changed_filings,
    changed_seals,
)
from workflow.triggers import missing_triggers

sql_check(
    "event.sequence",
    _("One event for every move of every case, without a gap"),
    """
    SELECT COALESCE(NULLIF(c.number, ''), '#' || c.id),
           c.seq || ' (' || c.revision || ')',
           COALESCE(x.events, 0) || ' (' || COALESCE(x.first, 0) || '-' || COALESCE(x.last, 0) || ')'
    FROM workflow_case c
    LEFT JOIN (
        SELECT case_id, count(*) AS events, min(seq) AS first, max(seq) AS last
        FROM workflow_caseevent GROUP BY case_id
    ) x ON x.case_id = c.id
    WHERE c.seq <> COALESCE(x.events, 0) OR c.seq <> COALESCE(x.last, 0) OR c.revision <> c.seq
       OR COALESCE(x.first, 1) <> 1 OR (x.events IS NULL AND c.state <> 'draft')
    """,
)
sql_check(
    "event.links",
    _("Every event is chained to the one before it, every case to its last"),
    """
    SELECT COALESCE(NULLIF(c.number, ''), '#' || c.id) || '/' || e.seq, e.previous, COALESCE(p.digest, '')
    FROM workflow_caseevent e
    JOIN workflow_case c ON c.id = e.case_id
    LEFT JOIN workflow_caseevent p ON p.case_id = e.case_id AND p.seq = e.seq - 1
    WHERE e.previous <> COALESCE(p.digest, '') AND (p.id IS NOT NULL OR e.seq = 1)
    UNION ALL
    SELECT COALESCE(NULLIF(c.number, ''), '#' || c.id), c.head, e.digest
    FROM workflow_case c
    JOIN workflow_caseevent e ON e.case_id = c.id AND e.seq = c.seq
    WHERE c.head <> e.digest
    """,
)
sql_check(
    "event.stages",
    _("Every event begins where the one before it ended, at stages of the case's chain"),
    """
    SELECT COALESCE(NULLIF(c.number, ''), '#' || c.id) || '/' || e.seq,
           e.from_stage || ' ' || e.action || ' ' || e.state || ' ' || e.to_stage,
           COALESCE(p.to_stage, '')
    FROM workflow_caseevent e
    JOIN workflow_case c ON c.id = e.case_id
    LEFT JOIN workflow_caseevent p ON p.case_id = e.case_id AND p.seq = e.seq - 1
    LEFT JOIN workflow_stage s ON s.chain_id = c.chain_id AND s.slug = e.from_stage
    LEFT JOIN workflow_stage t ON t.chain_id = c.chain_id AND t.slug = e.to_stage
    WHERE (e.from_stage <> COALESCE(p.to_stage, '') AND (p.id IS NOT NULL OR e.seq = 1))
       OR (e.from_stage <> '' AND s.id IS NULL)
       OR (e.to_stage <> '' AND t.id IS NULL)
       OR (e.state = 'in_review') <> (e.to_stage <> '')
       OR NOT CASE e.action
            WHEN 'approve' THEN e.state IN ('in_review', 'approved')
            WHEN 'send_back' THEN e.state IN ('in_review', 'returned')
            WHEN 'reject' THEN e.state = 'rejected'
            WHEN 'withdraw' THEN e.state = 'withdrawn'
            ELSE e.state = 'in_review'
          END
    """,
)
sql_check(
    "act.totals",
    _("Every act has moved as many cases and as much money as it says"),
    """
    SELECT replace(CAST(a.token AS varchar), '-', ''),
           a.done || ' / ' || a.asked || ', ' || a.amount,
           COALESCE(x.moved, 0) || ', ' || COALESCE(x.amount, 0)
    FROM workflow_act a
    LEFT JOIN (
        SELECT e.act_id, count(*) AS moved, sum(COALESCE(f.amount, 0)) AS amount
        FROM (
            SELECT act_id, max(filing_id) OVER (PARTITION BY case_id ORDER BY seq) AS filing_id FROM workflow_caseevent
        ) e
        LEFT JOIN workflow_filing f ON f.id = e.filing_id
        GROUP BY e.act_id
    ) x ON x.act_id = a.token
    WHERE a.done <> COALESCE(x.moved, 0) OR abs(a.amount - COALESCE(x.amount, 0)) >= 0.005
    """,
)
sql_check(
    "filing.sequence",
    _("The submissions of every case are numbered without a gap, each by an event of its own"),
    """
    SELECT COALESCE(NULLIF(c.number, ''), '#' || c.id), x.filings || ' (' || x.last || ')', COALESCE(y.submissions, 0)
    FROM (SELECT case_id, count(*) AS filings, max(number) AS last FROM workflow_filing GROUP BY case_id) x
    JOIN workflow_case c ON c.id = x.case_id
    LEFT JOIN (
        SELECT case_id, count(DISTINCT filing_id) AS submissions
        FROM workflow_caseevent WHERE filing_id IS NOT NULL AND action = 'submit' GROUP BY case_id
    ) y ON y.case_id = x.case_id
    WHERE x.filings <> x.last OR x.filings <> COALESCE(y.submissions, 0)
    """,
)


@check("act.refused", _("Every case that an act was asked for has moved or was refused by name"))
def _refusals() -> Iterator[Fault]:
    # Acts that refused nothing are the rule: only the others are read.
    acts = Act.objects.exclude(refused=[]).values_list("pk", "asked", "done", "refused")
    for token, asked, done, refused in acts.iterator():
        if asked != done + len(refused):
            yield Fault(token.hex, f"{asked} ≠ {done} + {len(refused)}")


sql_check(
    "act.answered",
    _("An act that refused nothing has moved all that it was asked for"),
    """
    SELECT replace(CAST(token AS varchar), '-', ''), asked, done
    FROM workflow_act WHERE refused = '[]' AND asked <> done
    """,
)


@check("record.triggers", _("Every table that only grows, and every published chain, is guarded by its triggers"))
def _triggers() -> Iterator[Fault]:
    for table, trigger in missing_triggers(connection):
        yield Fault(table, trigger)


@check("event.content", _("No event and no opinion was changed"), slow=True)
def _contents() -> Iterator[Fault]:
    yield from changed_contents()


@check("filing.content", _("No form was changed after it was filed"), slow=True)
def _filings() -> Iterator[Fault]:
    yield from changed_filings()


@check("seal.content", _("The daily seals fit the events of their days"), slow=True)
def _seals() -> Iterator[Fault]:
    yield from changed_seals(Report())
