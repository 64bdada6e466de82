"""Sums of persons, batch, county and city agree: the proof, and the gate that asks for it before money moves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, Q, Sum
from django.utils.translation import gettext as _

from subsidies.enums import GRADUATE_RENT
from subsidies.models import Allocation, Payment
from workflow.enums import BatchKind, State
from workflow.models import Batch, BatchMember, BatchVersion, Case

NOTHING = Decimal("0.00")
# Documents whose sums money follows.
MONEY_BATCHES = (BatchKind.REPORT, BatchKind.SUMMARY, BatchKind.PAYOUT)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two sums that should be one."""

    where: str
    expected: Decimal
    found: Decimal

    def __str__(self) -> str:
        return f"{self.where}: {self.expected} ≠ {self.found}"


@dataclass(frozen=True, slots=True)
class MoneyReport:
    """What the whole system says about its money."""

    persons: Decimal
    allocated: Decimal
    city: Decimal
    county: Decimal
    paid: Decimal
    disagreements: tuple[Disagreement, ...]


def batch_disagreements(cases: Sequence[Case]) -> dict[int, str]:
    """{case pk: reason} where a batch that holds the case names another amount, or does not add up."""
    members = (
        BatchMember.objects.filter(case__in=cases, removed_in=None, batch__kind__in=MONEY_BATCHES)
        .select_related("batch")
        .order_by("id")
    )
    amounts = {case.pk: case.amount for case in cases}
    wrong = {row.where: row for row in _batch_totals({member.batch_id for member in members})} if members else {}
    summed_up = {member.case_id for member in members if member.batch.kind == BatchKind.SUMMARY}
    found = {pk: _("The case stands in no summary of the city.") for pk in amounts if pk not in summed_up}
    for member in members:
        if member.amount != amounts[member.case_id]:
            found[member.case_id] = _("Batch %(number)s names %(batch)s yuan, the case asks for %(case)s yuan.") % {
                "number": member.batch.number,
                "batch": member.amount,
                "case": amounts[member.case_id],
            }
        elif member.batch.number in wrong:
            sums = wrong[member.batch.number]
            found[member.case_id] = _(
                "Batch %(number)s does not add up: its document says %(total)s yuan, its cases %(sum)s yuan."
            ) % {"number": member.batch.number, "total": sums.expected, "sum": sums.found}
    return found


def money_report() -> MoneyReport:
    """Every sum of the rent subsidy, and each pair that does not agree."""
    cases = Case.objects.of_type(GRADUATE_RENT)
    allocated = Allocation.objects.aggregate(amount=Sum("amount"), city=Sum("city_share"))
    amount, city = allocated["amount"] or NOTHING, allocated["city"] or NOTHING
    paid = Payment.objects.standing().aggregate(amount=Sum("amount"))["amount"] or NOTHING
    persons = cases.filter(allocation__isnull=False).aggregate(amount=Sum("amount"))["amount"] or NOTHING
    found = [
        *applications(),
        *_batch_totals(Batch.objects.filter(case_type=GRADUATE_RENT).values_list("pk", flat=True)),
        *_members(),
        *allocations(),
        *payments(),
    ]
    if persons != amount:
        found.append(Disagreement("Σ", persons, amount))
    return MoneyReport(persons, amount, city, amount - city, paid, tuple(found))


def applications() -> Iterator[Disagreement]:
    """Every living case asks for what its application adds up to, and holds one month for each month of it."""
    filed = Case.objects.of_type(GRADUATE_RENT).exclude(submitted_at=None)
    living = filed.exclude(state__in=[State.REJECTED, State.WITHDRAWN])
    rows = living.annotate(claimed=Count("month_claims")).values_list("number", "amount", "summary", "claimed")
    for number, amount, summary, claimed in rows.iterator():
        months, standard = summary["months"], Decimal(summary["standard"])
        if amount != standard * months:
            yield Disagreement(number, standard * months, amount or NOTHING)
        if claimed != months:
            yield Disagreement(_("%(case)s, months") % {"case": number}, Decimal(months), Decimal(claimed))


def _batch_totals(batches: Iterable[int]) -> Iterator[Disagreement]:
    """The latest version of each document against the cases still in it."""
    pks = set(batches)
    sums = defaultdict(lambda: (0, NOTHING)) | {
        row["batch"]: (row["n"], row["total"])
        for row in BatchMember.objects.filter(batch__in=pks, removed_in=None)
        .values("batch")
        .annotate(n=Count("pk"), total=Sum("amount"))
    }
    latest = BatchVersion.objects.filter(batch__in=pks, version=F("batch__version")).select_related("batch")
    for version in latest:
        count, total = sums[version.batch_id]
        if version.total != total or version.count != count:
            yield Disagreement(version.batch.number, version.total, total)


def _members() -> Iterator[Disagreement]:
    """A case still in a money batch carries the amount that the batch names."""
    rows = BatchMember.objects.filter(
        removed_in=None, batch__kind__in=MONEY_BATCHES, batch__case_type=GRADUATE_RENT
    ).exclude(amount=F("case__amount"))
    for member in rows.select_related("batch", "case"):
        yield Disagreement(
            f"{member.batch.number} / {member.case.number}", member.case.amount or NOTHING, member.amount
        )


def allocations() -> Iterator[Disagreement]:
    for entry in Allocation.objects.exclude(amount=F("case__amount")).select_related("case"):
        yield Disagreement(f"{entry.case.number} / {entry.voucher}", entry.case.amount or NOTHING, entry.amount)


def payments() -> Iterator[Disagreement]:
    """What is paid was allocated; who stands behind the payment has been paid exactly once and for the whole."""
    rows = Payment.objects.filter(Q(case__allocation=None) | ~Q(amount=F("case__allocation__amount")))
    for payment in rows.select_related("case__allocation"):
        allocation = getattr(payment.case, "allocation", None)
        expected = allocation.amount if allocation is not None else NOTHING
        yield Disagreement(f"{payment.case.number} / {payment.voucher}", expected, payment.amount)
    retries = Payment.objects.filter(retry_of__isnull=False).exclude(case=F("retry_of__payment__case"))
    for payment in retries.select_related("case"):
        yield Disagreement(f"{payment.case.number} / {payment.voucher}", NOTHING, payment.amount)
    unpaid = Case.objects.of_type(GRADUATE_RENT).filter(
        Q(state=State.APPROVED) | Q(stage="person_confirm"), payments=None
    )
    for case in unpaid:
        yield Disagreement(case.number, case.amount or NOTHING, NOTHING)
