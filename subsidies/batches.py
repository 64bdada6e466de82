"""What the pages of batches show: the document, its versions, its cases, the totals per county."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, F, IntegerField, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.http import QueryDict
from django.urls import reverse

from subsidies.amounts import split_amount
from subsidies.enums import GRADUATE_RENT
from subsidies.filters import BatchFilter
from subsidies.intakes import intake_text
from workflow.actors import Actor
from workflow.enums import BatchKind, OrganisationKind
from workflow.keyset import Keyset, read_cursor
from workflow.models import Batch, BatchMember, BatchVersion
from workflow.presentation.pages import ListPager, pager_of
from workflow.presentation.times import minute_text
from workflow.templatetags.tongban import money

# 博士, 硕士, 本科, 大专 by their codes in GB/T 4658: columns of the 市级汇总表, highest first.
DEGREES = {"11": "博士", "14": "硕士", "21": "本科", "31": "大专"}
FINANCE = (OrganisationKind.CITY_FIN, OrganisationKind.COUNTY_FIN)
NEWEST_FIRST = Keyset(("id",), "n", descending=True)
BY_CASE = Keyset(("case_id",), "n")
NOTHING = Decimal("0.00")


def batches_of(actor: Actor) -> QuerySet[Batch]:
    """The documents of the offices of one place, and for the city those of its counties."""
    if not actor.is_office:
        return Batch.objects.none()
    assert actor.organisation is not None
    return Batch.objects.filter(
        case_type=GRADUATE_RENT, organisation__region__lineage__startswith=actor.organisation.region.lineage
    ).select_related("organisation__region", "intake_of")


def may_see_accounts(batch: Batch, actor: Actor) -> bool:
    """Full account numbers stand only in the finance bureau's own list."""
    return batch.kind == BatchKind.PAYOUT and actor.kind in FINANCE and actor.organisation_id == batch.organisation_id


@dataclass(frozen=True, slots=True)
class BatchRow:
    number: str
    title: str
    intake: str
    kind: str
    office: str
    made: str
    version: int
    count: int
    total: str
    url: str

    @classmethod
    def of(cls, latest: BatchVersion) -> BatchRow:
        batch = latest.batch
        return cls(
            number=batch.number,
            title=batch.title,
            intake=intake_name(batch),
            kind=batch.get_kind_display(),
            office=batch.organisation.name,
            made=minute_text(batch.created_at),
            version=latest.version,
            count=latest.count,
            total=money(latest.total),
            url=reverse("subsidies:batch", args=[batch.pk]),
        )


def intake_name(batch: Batch) -> str:
    """The 批次 that the document is about; "" for a public notice, which may hold several."""
    return intake_text(batch.intake_of.intake_id) if hasattr(batch, "intake_of") else ""


def batch_list(actor: Actor, query: QueryDict) -> tuple[BatchFilter, list[BatchRow], ListPager]:
    found = BatchFilter(query, batches_of(actor))
    part = NEWEST_FIRST.slice(found.qs.values_list("id"), read_cursor(query, NEWEST_FIRST.pattern))
    latest = BatchVersion.objects.filter(batch__in=[row[0] for row in part.rows], version=F("batch__version"))
    rows = latest.select_related("batch__organisation", "batch__intake_of").order_by("-batch_id")
    return found, [BatchRow.of(row) for row in rows], pager_of(query, NEWEST_FIRST, part)


@dataclass(slots=True)
class CountyTotal:
    """One line of the 市级汇总表."""

    county: str
    people: dict[str, int] = field(default_factory=lambda: dict.fromkeys(DEGREES, 0))
    months: int = 0
    amount: Decimal = NOTHING
    city: Decimal = NOTHING

    @property
    def count(self) -> int:
        return sum(self.people.values())

    @property
    def by_degree(self) -> list[tuple[str, int]]:
        return [(name, self.people[code]) for code, name in DEGREES.items()]

    @property
    def county_part(self) -> Decimal:
        return self.amount - self.city

    def add(self, people: dict[str, int], months: int, amount: Decimal, city: Decimal) -> None:
        for code, count in people.items():
            self.people[code] = self.people.get(code, 0) + count
        self.months, self.amount, self.city = self.months + months, self.amount + amount, self.city + city


def living_members(batch: Batch) -> QuerySet[BatchMember]:
    return BatchMember.objects.filter(batch=batch, removed_in=None)


def batch_payees(batch: Batch) -> list[tuple[int, Decimal]]:
    """The cases still in it with their amounts, county by county."""
    return list(living_members(batch).order_by("case__region", "case").values_list("case_id", "amount"))


def case_keys(batch: Batch) -> list[int]:
    return list(living_members(batch).order_by("case__region", "case").values_list("case_id", flat=True))


def county_totals(batch: Batch) -> list[CountyTotal]:
    """Each case is split by itself, as its allocation will be: the sums agree to the fen. Equal cases go together."""
    same = {
        "degree": KeyTextTransform("degree_code", "case__summary"),
        "months": Cast(KeyTextTransform("months", "case__summary"), IntegerField()),
        "share": F("case__rent_application__programme__city_share"),
        "county": F("case__region__name"),
    }
    groups = living_members(batch).values("case__region", "amount", **same).annotate(n=Count("pk"))
    lines: dict[str, CountyTotal] = {}
    for row in groups.order_by("case__region"):
        line, n = lines.setdefault(row["case__region"], CountyTotal(row["county"])), row["n"]
        city = split_amount(row["amount"], row["share"]).city
        line.add({row["degree"]: n}, row["months"] * n, row["amount"] * n, city * n)
    return list(lines.values())


def sum_of(lines: Iterable[CountyTotal], label: str) -> CountyTotal:
    total = CountyTotal(label)
    for line in lines:
        total.add(line.people, line.months, line.amount, line.city)
    return total


@dataclass(frozen=True, slots=True)
class MemberRow:
    name: str
    id_masked: str
    unit: str
    county: str
    degree: str
    start: str
    months: int
    amount: str
    status: str
    url: str


def _member_rows(members: Iterable[BatchMember]) -> Iterator[MemberRow]:
    for member in members:
        case = member.case
        yield MemberRow(
            name=case.subject,
            id_masked=case.summary.get("id_masked", ""),
            unit=case.summary.get("unit", ""),
            county=case.summary.get("county", ""),
            degree=case.summary.get("degree", ""),
            start=case.summary.get("start", ""),
            months=case.summary.get("months", 0),
            amount=money(member.amount),
            status=case.status,
            url=reverse("workflow:case", args=[case.pk]),
        )


def member_page(batch: Batch, query: QueryDict) -> tuple[list[MemberRow], ListPager]:
    part = BY_CASE.slice(living_members(batch).values_list("case_id"), read_cursor(query, BY_CASE.pattern))
    members = living_members(batch).filter(case__in=[row[0] for row in part.rows]).select_related("case")
    return list(_member_rows(members.order_by("case"))), pager_of(query, BY_CASE, part)


@dataclass(frozen=True, slots=True)
class VersionRow:
    number: int
    made: str
    count: int
    total: str
    reason: str


def version_rows(batch: Batch) -> list[VersionRow]:
    return [
        VersionRow(row.version, minute_text(row.created_at), row.count, money(row.total), row.reason)
        for row in batch.versions.order_by("-version")
    ]
