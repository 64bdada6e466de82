"""Stand-ins: each has the seat of somebody absent for that time, and acted for nobody who was not free to."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import BigIntegerField, Exists, OuterRef
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, TruncDate
from django.utils.translation import gettext_lazy as _

from workflow.actors import STANDS_IN_FOR
from workflow.consistency.checks import check, faults_of, sql_check
from workflow.models import CaseEvent, Duty, Stage
from workflow.services.verification import Fault

sql_check(
    "duty.stand_in",
    _("Every stand-in has the seat of another person, whose duty lasts as long"),
    """
    SELECT d.id || ' ' || o.name, d.user_id || ' ' || d.role || ' ' || d.starts_on || ' ' || d.ends_on,
           d.stands_in_for_id
    FROM workflow_duty d
    JOIN workflow_organisation o ON o.id = d.organisation_id
    WHERE d.stands_in_for_id IS NOT NULL AND (d.stands_in_for_id = d.user_id OR NOT EXISTS (
        SELECT 1 FROM workflow_duty a
        WHERE a.user_id = d.stands_in_for_id AND a.organisation_id = d.organisation_id AND a.role = d.role
          AND a.stands_in_for_id IS NULL AND a.starts_on <= d.starts_on
          AND (a.ends_on IS NULL OR a.ends_on >= d.ends_on)
    ))
    """,
)
sql_check(
    "duty.one_seat",
    _("Nobody has a seat of their own and stands in for somebody in it at the same time"),
    """
    SELECT d.id || ' ' || o.name, d.user_id, 'duty ' || m.id
    FROM workflow_duty d
    JOIN workflow_organisation o ON o.id = d.organisation_id
    JOIN workflow_duty m ON m.user_id = d.user_id AND m.organisation_id = d.organisation_id AND m.role = d.role
        AND m.id <> d.id
    WHERE d.stands_in_for_id IS NOT NULL AND m.starts_on <= d.ends_on
      AND (m.ends_on IS NULL OR m.ends_on >= d.starts_on)
    """,
)

OWN_CASE = f"""
    SELECT COALESCE(NULLIF(c.number, ''), '#' || c.id) || '/' || e.seq, e.actor_id, c.applicant_id
    FROM workflow_caseevent e
    JOIN workflow_case c ON c.id = e.case_id
    WHERE CAST(e.payload ->> '{STANDS_IN_FOR}' AS bigint) = c.applicant_id
"""  # noqa: S608
FOUR_EYES = f"""
    SELECT COALESCE(NULLIF(c.number, ''), '#' || c.id) || '/' || e.seq, e.from_stage || ' ' || e.actor_id, p.from_stage
    FROM workflow_caseevent e
    JOIN workflow_case c ON c.id = e.case_id
    JOIN workflow_caseevent p ON p.case_id = e.case_id AND p.seq < e.seq
    WHERE c.chain_id = %s AND e.from_stage = %s AND e.action IN ('approve', 'send_back', 'reject')
      AND p.from_stage = %s AND p.action = 'approve' AND (
          CAST(e.payload ->> '{STANDS_IN_FOR}' AS bigint)
              IN (p.actor_id, CAST(p.payload ->> '{STANDS_IN_FOR}' AS bigint))
          OR e.actor_id = CAST(p.payload ->> '{STANDS_IN_FOR}' AS bigint)
      )
"""  # noqa: S608


@check("hand.stand_in", _("No stand-in decided what the absent person filed or decided before, or the reverse"))
def _stand_ins() -> Iterator[Fault]:
    yield from faults_of(OWN_CASE)
    for stage in Stage.objects.exclude(barred=[]):
        for barred in stage.barred:
            yield from faults_of(FOUR_EYES, [stage.chain_id, stage.slug, barred])


@check("hand.stand_in_duty", _("Whoever acted as a stand-in had that duty on that day"))
def _duties() -> Iterator[Fault]:
    acts = CaseEvent.objects.filter(payload__has_key=STANDS_IN_FOR).annotate(
        absent=Cast(KT(f"payload__{STANDS_IN_FOR}"), BigIntegerField()), day=TruncDate("at")
    )
    held = Duty.objects.filter(
        user=OuterRef("actor"),
        organisation=OuterRef("organisation"),
        stands_in_for=OuterRef("absent"),
        starts_on__lte=OuterRef("day"),
        ends_on__gte=OuterRef("day"),
    )
    for event in acts.filter(~Exists(held)).select_related("case").iterator():
        yield Fault(f"{event.case}/{event.seq}", f"{event.actor_id} {event.day:%Y-%m-%d}")
