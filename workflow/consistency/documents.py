"""Batches, public notices, objections and the numbers that were given out."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from workflow.consistency.checks import check, sql_check
from workflow.enums import Action, ObjectionStatus
from workflow.models import BatchMember, CaseEvent, Objection, Stage
from workflow.services.verification import Fault

sql_check(
    "batch.totals",
    _("Every batch names as many cases and as much money as its members add up to"),
    """
    SELECT b.number,
           'v' || b.version || ': ' || COALESCE(v.count, 0) || ', ' || COALESCE(v.total, 0),
           'v' || COALESCE(w.versions, 0) || ': ' || COALESCE(m.cases, 0) || ', ' || COALESCE(m.total, 0)
    FROM workflow_batch b
    LEFT JOIN workflow_batchversion v ON v.batch_id = b.id AND v.version = b.version
    LEFT JOIN (SELECT batch_id, count(*) AS versions FROM workflow_batchversion GROUP BY batch_id) w
        ON w.batch_id = b.id
    LEFT JOIN (
        SELECT batch_id, count(*) AS cases, sum(amount) AS total
        FROM workflow_batchmember WHERE removed_in IS NULL GROUP BY batch_id
    ) m ON m.batch_id = b.id
    WHERE v.id IS NULL OR w.versions <> b.version OR v.count <> COALESCE(m.cases, 0)
       OR abs(v.total - COALESCE(m.total, 0)) >= 0.005
    """,
)
sql_check(
    "batch.members",
    _("Every case on a batch was put there by the batch's act, names the same amount and has not come back before it"),
    """
    SELECT b.number || ' / ' || COALESCE(NULLIF(c.number, ''), '#' || c.id),
           m.amount || ' ' || b.stage,
           COALESCE(c.amount, 0) || ' ' || c.state || ' ' || c.stage
    FROM workflow_batchmember m
    JOIN workflow_batch b ON b.id = m.batch_id
    JOIN workflow_case c ON c.id = m.case_id
    LEFT JOIN workflow_caseevent e ON e.case_id = m.case_id AND e.act_id = b.act_id
    LEFT JOIN workflow_stage s ON s.chain_id = c.chain_id AND s.slug = b.stage
    LEFT JOIN workflow_stage t ON t.chain_id = c.chain_id
        AND t.slug = CASE WHEN c.state = 'returned' THEN c.resume_stage ELSE c.stage END
    WHERE e.id IS NULL OR m.removed_in > b.version
       OR (m.removed_in IS NULL AND (
            abs(m.amount - COALESCE(c.amount, 0)) >= 0.005
            OR c.state IN ('draft', 'rejected', 'withdrawn') OR t.position <= s.position
       ))
    """,
)
sql_check(
    "batch.once",
    _("No case stands on two batches of the same stage"),
    """
    SELECT COALESCE(NULLIF(c.number, ''), '#' || c.id), count(*) || ' ' || b.kind || ' ' || b.stage, 1
    FROM workflow_batchmember m
    JOIN workflow_batch b ON b.id = m.batch_id
    JOIN workflow_case c ON c.id = m.case_id
    WHERE m.removed_in IS NULL
    GROUP BY c.number, c.id, b.kind, b.stage
    HAVING count(*) > 1
    """,
)
sql_check(
    "notice.batch",
    _("Every published list has its notice, and no other batch has one"),
    """
    SELECT b.number, b.kind, COALESCE(CAST(n.ends_on AS varchar), '-')
    FROM workflow_batch b
    LEFT JOIN workflow_publicnotice n ON n.batch_id = b.id
    WHERE (b.kind = 'notice') <> (n.id IS NOT NULL)
    """,
)
sql_check(
    "objection.case",
    _("Every objection is against a case of its notice, and decided by somebody at some time or open"),
    """
    SELECT COALESCE(NULLIF(c.number, ''), '#' || c.id),
           j.status || ' ' || COALESCE(CAST(j.decided_at AS varchar), '-'),
           b.number
    FROM workflow_objection j
    JOIN workflow_case c ON c.id = j.case_id
    JOIN workflow_publicnotice n ON n.id = j.notice_id
    JOIN workflow_batch b ON b.id = n.batch_id
    LEFT JOIN workflow_batchmember m ON m.batch_id = n.batch_id AND m.case_id = j.case_id
    WHERE m.id IS NULL
       OR (j.status = 'open') <> (j.decided_at IS NULL) OR (j.status = 'open') <> (j.decided_by_id IS NULL)
    """,
)
sql_check(
    "number.cases",
    _("Case numbers run without gaps and doubles"),
    """
    SELECT prefix, sum(given), sum(used) || ' (' || sum(last) || ')'
    FROM (
        SELECT replace(substr(prefix, 6), '/', '') AS prefix, last AS given, 0 AS used, 0 AS last
        FROM workflow_numbercounter WHERE substr(prefix, 1, 5) = 'case/'
        UNION ALL
        SELECT substr(number, 1, 17), 0, count(*), max(CAST(substr(number, 18, 6) AS integer))
        FROM workflow_case WHERE number <> '' GROUP BY substr(number, 1, 17)
    ) x
    GROUP BY prefix HAVING sum(given) <> sum(used) OR sum(given) <> sum(last)
    """,
)
sql_check(
    "number.internal",
    _("Internal numbers run without gaps and doubles"),
    """
    SELECT prefix, sum(given), sum(used) || ' (' || sum(last) || ')'
    FROM (
        SELECT prefix, CASE WHEN last > 9999 THEN 9999 ELSE last END AS given, 0 AS used, 0 AS last
        FROM workflow_numbercounter WHERE prefix NOT LIKE '%/%'
        UNION ALL
        SELECT substr(number, 1, 39), 0, count(*), max(CAST(substr(number, 40) AS integer))
        FROM workflow_internalnumber GROUP BY substr(number, 1, 39)
    ) x
    GROUP BY prefix HAVING sum(given) <> sum(used) OR sum(given) <> sum(last)
    """,
)
sql_check(
    "number.batches",
    _("Batch numbers run without gaps and doubles"),
    # What services number by the same way stands in tables of their own.
    """
    SELECT prefix, sum(given), sum(used) || ' (' || sum(last) || ')'
    FROM (
        SELECT prefix, last AS given, 0 AS used, 0 AS last
        FROM workflow_numbercounter
        WHERE prefix LIKE 'batch/%/notice/%' OR prefix LIKE 'batch/%/report/%'
              OR prefix LIKE 'batch/%/summary/%' OR prefix LIKE 'batch/%/payout/%'
        UNION ALL
        SELECT 'batch/' || o.code || '/' || b.kind || '/' || substr(b.number, length(o.code) + 6, 8), 0, count(*),
               max(CAST(substr(b.number, length(o.code) + 15) AS integer))
        FROM workflow_batch b JOIN workflow_organisation o ON o.id = b.organisation_id
        GROUP BY o.code, b.kind, substr(b.number, length(o.code) + 6, 8)
    ) x
    GROUP BY prefix HAVING sum(given) <> sum(used) OR sum(given) <> sum(last)
    """,
)


def _passed(gate: str) -> Iterator[QuerySet[CaseEvent]]:
    """Forward moves out of the stages that name this gate, as querysets of one stage each."""
    for stage in Stage.objects.exclude(gates=[]):
        if gate in stage.gates:
            yield CaseEvent.objects.filter(
                case__chain=stage.chain_id, from_stage=stage.slug, action=Action.APPROVE
            ).select_related("case")


def _named(event: CaseEvent) -> str:
    return f"{event.case}/{event.seq}"


@check("notice.period", _("No published case went on before the last day of its notice was over"))
def _periods() -> Iterator[Fault]:
    for passed in _passed("workflow.notice_over"):
        running = BatchMember.objects.filter(
            case=OuterRef("case"),
            batch__created_at__lte=OuterRef("at"),
            batch__notice__ends_on__gte=OuterRef("day"),
        )
        for event in passed.annotate(day=TruncDate("at")).filter(Exists(running)).iterator():
            yield Fault(_named(event), f"{event.at:%Y-%m-%d %H:%M}")


@check("objection.held_back", _("No case went on against an objection that was open or upheld"))
def _held_back() -> Iterator[Fault]:
    then_open = Q(created_at__lte=OuterRef("at")) & (Q(decided_at=None) | Q(decided_at__gt=OuterRef("at")))
    then_upheld = Q(status=ObjectionStatus.UPHELD, decided_at__lte=OuterRef("at"))
    for passed in _passed("workflow.no_open_objection"):
        against = Objection.objects.filter(then_open | then_upheld, case=OuterRef("case"))
        for event in passed.filter(Exists(against)).iterator():
            yield Fault(_named(event), event.from_stage)
