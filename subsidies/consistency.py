"""What the money must agree on: applications, months, ledger, batches and counties."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from subsidies.models import Allocation, Payment, RentApplication
from subsidies.services import reconciliation
from subsidies.services.claims import months_of
from workflow.consistency.checks import check, sql_check
from workflow.enums import Action
from workflow.models import CaseEvent, Stage
from workflow.services.verification import Fault


@check("money.applications", _("Every application asks for its months at their standard and holds each of them"))
def _applications() -> Iterator[Fault]:
    for row in reconciliation.applications():
        yield Fault(row.where, f"{row.expected} ≠ {row.found}")


@check("money.allocations", _("The city has allocated what the case asks for"))
def _allocations() -> Iterator[Fault]:
    for row in reconciliation.allocations():
        yield Fault(row.where, f"{row.expected} ≠ {row.found}")


@check("money.payments", _("What is paid was allocated, once and as a whole"))
def _payments() -> Iterator[Fault]:
    for row in reconciliation.payments():
        yield Fault(row.where, f"{row.expected} ≠ {row.found}")


sql_check(
    "money.months",
    _("Months are held by living applications alone, for the person who applied"),
    """
    SELECT COALESCE(NULLIF(c.number, ''), '#' || c.id), CAST(m.month AS varchar), c.state
    FROM subsidies_monthclaim m
    JOIN workflow_case c ON c.id = m.case_id
    LEFT JOIN subsidies_rentapplication r ON r.case_id = m.case_id
    LEFT JOIN subsidies_programme p ON p.id = r.programme_id
    WHERE c.state IN ('draft', 'rejected', 'withdrawn') OR r.person_id IS NULL OR r.person_id <> m.person_id
       OR p.family <> m.family
    """,
)


@check("money.months_once", _("No month is paid twice to one person"))
def _months_once() -> Iterator[Fault]:
    """Read from the cases that money was allocated for, not from the claims that should prevent it."""
    paid = RentApplication.objects.filter(case__allocation__isnull=False).select_related("case", "programme")
    rows = paid.order_by("person", "case").only("person", "case__number", "case__summary", "programme__family")
    for _person, applications in groupby(rows.iterator(), key=lambda row: row.person_id):
        held: dict[tuple[str, object], str] = {}
        for row in applications:
            for month in months_of(row.case):
                first = held.setdefault((row.programme.family, month), row.case.number)
                if first != row.case.number:
                    yield Fault(row.case.number, f"{month:%Y-%m} ≠ {first}")


# Which entry an office's decision writes.
WRITES: Mapping[str, QuerySet[Allocation] | QuerySet[Payment]] = {
    "subsidies.pay_city": Allocation.objects.all(),
    "subsidies.pay_county": Payment.objects.all(),
}


@check("money.ledger", _("Every decision to pay has its entry in the ledger, every entry its decision"))
def _ledger() -> Iterator[Fault]:
    for stage in Stage.objects.exclude(effects=[]):
        for effect in WRITES.keys() & set(stage.effects):
            entries = WRITES[effect].filter(act=OuterRef("act"), case=OuterRef("case"))
            decided = CaseEvent.objects.filter(case__chain=stage.chain_id, from_stage=stage.slug, action=Action.APPROVE)
            for event in decided.filter(~Exists(entries)).select_related("case").iterator():
                yield Fault(f"{event.case}/{event.seq}", effect)
    decision = CaseEvent.objects.filter(act=OuterRef("act"), case=OuterRef("case"), irreversible=True)
    for written in WRITES.values():
        undecided = written.filter(~Exists(decision), act__isnull=False).select_related("case")
        for entry in undecided.iterator():
            yield Fault(f"{entry.case} / {entry.voucher}", str(entry.act_id))


sql_check(
    "money.counties",
    _("What a batch of the city finance bureau names for each county is what was allocated there"),
    """
    SELECT x.number || ' / ' || x.region_id, x.total, x.allocated
    FROM (
        SELECT b.number, c.region_id, sum(m.amount) AS total, sum(COALESCE(a.amount, 0)) AS allocated
        FROM workflow_batch b
        JOIN workflow_organisation o ON o.id = b.organisation_id AND o.kind = 'city_fin'
        JOIN workflow_batchmember m ON m.batch_id = b.id AND m.removed_in IS NULL
        JOIN workflow_case c ON c.id = m.case_id
        LEFT JOIN subsidies_allocation a ON a.case_id = m.case_id AND a.act_id = b.act_id
        WHERE b.kind = 'payout' AND b.case_type = 'graduate_rent'
        GROUP BY b.number, c.region_id
    ) x
    WHERE abs(x.total - x.allocated) >= 0.005
    """,
)
