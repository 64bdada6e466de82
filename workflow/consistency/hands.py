"""Who acted: nobody on the own case, nobody twice where the chain wants four eyes, nobody for another office."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from workflow.consistency.checks import check, faults_of, sql_check
from workflow.models import Stage
from workflow.services.verification import Fault

sql_check(
    "hand.own_case",
    _("Nobody has decided where they applied"),
    """
    SELECT COALESCE(NULLIF(c.number, ''), '#' || c.id) || '/' || e.seq, e.actor_id, c.applicant_id
    FROM workflow_caseevent e
    JOIN workflow_case c ON c.id = e.case_id
    WHERE e.organisation_id IS NOT NULL AND e.actor_id = c.applicant_id
    UNION ALL
    SELECT COALESCE(NULLIF(c.number, ''), '#' || c.id), j.decided_by_id, c.applicant_id
    FROM workflow_objection j
    JOIN workflow_case c ON c.id = j.case_id
    WHERE j.decided_by_id = c.applicant_id
    """,
)
sql_check(
    "hand.office",
    _("Every decision was made by the office of its stage, the applicant or, where stages allow it, the system"),
    """
    SELECT COALESCE(NULLIF(c.number, ''), '#' || c.id) || '/' || e.seq,
           COALESCE(o.name, CAST(e.actor_id AS varchar), '-') || ' ' || e.action,
           COALESCE(s.actor_kind, '-')
    FROM workflow_caseevent e
    JOIN workflow_case c ON c.id = e.case_id
    LEFT JOIN workflow_organisation o ON o.id = e.organisation_id
    LEFT JOIN workflow_stage s ON s.chain_id = c.chain_id AND s.slug = e.from_stage
    WHERE e.action <> 'take_back' AND NOT COALESCE(CASE
        WHEN e.organisation_id IS NULL AND e.actor_id IS NULL
            THEN e.action = 'withdraw' OR (e.action = 'approve' AND s.automatic)
        WHEN e.organisation_id IS NULL
            THEN e.actor_id = c.applicant_id
             AND (e.action IN ('submit', 'withdraw') OR (e.action = 'approve' AND s.actor_kind = 'person'))
        WHEN e.action IN ('submit', 'withdraw') OR e.actor_id IS NULL THEN FALSE
        WHEN e.action = 'approve' AND NOT s.hand_moved THEN FALSE
        WHEN s.actor_kind = 'unit' THEN e.organisation_id = c.unit_id
        WHEN s.actor_kind = 'county_hr' THEN e.organisation_id = c.supervisor_id
        ELSE o.kind = s.actor_kind
      END, FALSE)
    """,
)
sql_check(
    "hand.take_back",
    _("Only the own latest decision was taken back, and none that had taken effect outside"),
    """
    SELECT COALESCE(NULLIF(c.number, ''), '#' || c.id) || '/' || e.seq,
           COALESCE(CAST(e.actor_id AS varchar), '-') || ' → ' || e.to_stage,
           COALESCE(CAST(p.actor_id AS varchar), '-') || ' ' || p.action || ' ' || p.from_stage
    FROM workflow_caseevent e
    JOIN workflow_case c ON c.id = e.case_id
    JOIN workflow_caseevent p ON p.case_id = e.case_id AND p.seq = e.seq - 1
    WHERE e.action = 'take_back' AND (
        p.irreversible OR p.action IN ('submit', 'take_back', 'withdraw') OR e.to_stage <> p.from_stage
        OR COALESCE(e.actor_id, 0) <> COALESCE(p.actor_id, -1)
        OR COALESCE(e.organisation_id, 0) <> COALESCE(p.organisation_id, -1)
    )
    """,
)

FOUR_EYES = """
    SELECT COALESCE(NULLIF(c.number, ''), '#' || c.id) || '/' || e.seq, e.from_stage || ' ' || e.actor_id, p.from_stage
    FROM workflow_caseevent e
    JOIN workflow_case c ON c.id = e.case_id
    JOIN workflow_caseevent p ON p.case_id = e.case_id AND p.seq < e.seq
    WHERE c.chain_id = %s AND e.from_stage = %s AND e.action IN ('approve', 'send_back', 'reject')
      AND p.from_stage = %s AND p.action = 'approve' AND p.actor_id = e.actor_id
"""


@check("hand.four_eyes", _("Nobody has decided at a stage that their earlier decision bars them from"))
def _four_eyes() -> Iterator[Fault]:
    for stage in Stage.objects.exclude(barred=[]):
        for barred in stage.barred:
            yield from faults_of(FOUR_EYES, [stage.chain_id, stage.slug, barred])
