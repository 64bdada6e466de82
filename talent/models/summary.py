"""The 汇总表 of an employer: who stands on it, and the sealed scan that the county bureau approves by (spec 4.9)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from talent.enums import SummaryState
from workflow.actors import Actor
from workflow.enums import OrganisationKind, State
from workflow.models import Case, Filing, Material, Organisation

if TYPE_CHECKING:
    OptionalMoment = models.Field[datetime | None, datetime | None]


class SummaryBatchQuerySet(models.QuerySet["SummaryBatch"]):
    def visible_to(self, actor: Actor) -> SummaryBatchQuerySet:
        """The employer's own; to an office those that name somebody whose case it may see."""
        if actor.organisation is None:
            return self.none()
        if actor.organisation.kind == OrganisationKind.UNIT:
            return self.filter(unit=actor.organisation)
        if not actor.is_office:
            return self.none()
        cases = Case.objects.visible_to(actor).filter(pk=OuterRef("case"))
        return self.filter(Exists(SummaryMember.objects.filter(Exists(cases), batch=OuterRef("pk"))))

    def of_unit(self, unit: Organisation) -> SummaryBatchQuerySet:
        return self.filter(unit=unit).order_by("-id")

    def numbered(self, part: str) -> SummaryBatchQuerySet:
        return self.filter(number__icontains=part) if part else self

    def for_list(self) -> SummaryBatchQuerySet:
        listed = self.with_state().select_related("unit", "exported_by").prefetch_related("scans")
        return listed.annotate(persons=models.Count("members"))

    def with_state(self) -> SummaryBatchQuerySet:
        """What ``state`` reads beside the scans: one stands for somebody, somebody waits for one, all on it do."""
        members = SummaryMember.objects.filter(batch=OuterRef("pk"))
        return self.annotate(
            covers=Exists(members.sealed()), is_needed=Exists(members.fitting()), is_whole=~Exists(members.astray())
        )

    def unsealed(self) -> SummaryBatchQuerySet:
        """待上传: what waits for a scan that may still come, as all on it still are applicants and on no sealed one."""
        sealed = SummaryScan.objects.filter(batch=OuterRef("pk"), returned_at=None)
        return self.filter(~Exists(sealed), ~Exists(SummaryMember.objects.filter(batch=OuterRef("pk")).astray()))

    def naming_all(self, cases: Iterable[int]) -> SummaryBatchQuerySet:
        """Those on which every one of these persons stands; one condition for however many."""
        wanted = set(cases)
        standing = models.Count("members", filter=Q(members__case__in=wanted, members__left_at=None))
        return self.alias(standing=standing).filter(standing=len(wanted)) if wanted else self

    def for_page(self) -> SummaryBatchQuerySet:
        return (
            self.with_state()
            .select_related("unit", "exported_by", "sheet")
            .prefetch_related(
                models.Prefetch("scans", SummaryScan.objects.select_related("material", "uploaded_by", "returned_by")),
                models.Prefetch("members", SummaryMember.objects.select_related("case").order_by("position")),
            )
        )


class SummaryBatch(models.Model):
    """One exported table: a number, the persons on it, the workbook as it was printed."""

    number = models.CharField(_("batch number"), max_length=40, unique=True)
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="card_summaries", verbose_name=_("employer"))
    sheet = models.OneToOneField(Material, models.PROTECT, related_name="+", verbose_name=_("workbook"))
    # Over what the rows say: the same persons with the same facts are one batch however often they are exported.
    sha256 = models.CharField(max_length=64)
    exported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    exported_at = models.DateTimeField(_("exported at"))

    objects = SummaryBatchQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("summary table")
        verbose_name_plural = _("summary tables")

    def __str__(self) -> str:
        return self.number

    @property
    def short_number(self) -> str:
        """HZB-20261121-001: without the credit code of the employer, which leaves no room in a queue."""
        return "-".join(self.number.rsplit("-", 3)[1:])

    @property
    def scan(self) -> SummaryScan | None:
        """The one that counts now."""
        return next((scan for scan in self.scans.all() if scan.returned_at is None), None)

    @property
    def last_return(self) -> SummaryScan | None:
        returned = [scan for scan in self.scans.all() if scan.returned_at is not None]
        return max(returned, key=lambda scan: scan.pk, default=None)

    @property
    def state(self) -> SummaryState:
        """Of what ``with_state`` has read."""
        if self.scan is not None and self.covers:  # type: ignore[attr-defined]
            return SummaryState.SEALED
        if self.scan is not None or not self.is_needed:  # type: ignore[attr-defined]
            return SummaryState.VOID
        if not self.is_whole:  # type: ignore[attr-defined]
            return SummaryState.OUTDATED
        return SummaryState.RETURNED if self.last_return is not None else SummaryState.OPEN


class SummaryScan(models.Model):
    """The sealed table as the employer sent it in; what the county bureau returned stays as evidence."""

    batch = models.ForeignKey(SummaryBatch, models.PROTECT, related_name="scans", verbose_name=_("summary table"))
    material = models.OneToOneField(Material, models.PROTECT, related_name="+", verbose_name=_("file"))
    # Of the file: no scan serves twice, for whichever table.
    sha256 = models.CharField(max_length=64, unique=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded at"))
    returned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    returned_at: OptionalMoment = models.DateTimeField(_("returned at"), null=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("sealed summary table")
        verbose_name_plural = _("sealed summary tables")
        constraints = [
            models.UniqueConstraint(fields=["batch"], condition=Q(returned_at=None), name="summary_one_scan"),
            models.CheckConstraint(
                condition=Q(returned_at=None, returned_by=None, reason="")
                | Q(returned_at__isnull=False, returned_by__isnull=False) & ~Q(reason=""),
                name="summary_scan_returned_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return str(self.material)


class SummaryMemberQuerySet(models.QuerySet["SummaryMember"]):
    def of_cases(self, cases: Iterable[Case]) -> SummaryMemberQuerySet:
        return self.filter(case__in=[case.pk for case in cases])

    def standing(self) -> SummaryMemberQuerySet:
        return self.filter(left_at=None)

    def sealed(self) -> SummaryMemberQuerySet:
        return self.filter(scan__isnull=False)

    def fitting(self) -> SummaryMemberQuerySet:
        """Who is still an applicant, and for whom no scan stands yet."""
        return self.filter(_fits())

    def astray(self) -> SummaryMemberQuerySet:
        return self.filter(~_fits())

    def of_use(self) -> SummaryMemberQuerySet:
        """Whose table is sealed, or may still be."""
        others = SummaryMember.objects.filter(batch=OuterRef("batch"))
        return self.standing().filter(Q(scan__isnull=False) | ~Exists(others.astray()))


def _fits() -> Q:
    elsewhere = SummaryMember.objects.filter(case=OuterRef("case"), scan__isnull=False)
    return Q(~Exists(elsewhere), left_at=None, case__state=State.IN_REVIEW)


class SummaryMember(models.Model):
    """One person on the table: the filing that the row was written from, and the scan that covers it."""

    batch = models.ForeignKey(SummaryBatch, models.PROTECT, related_name="members", verbose_name=_("summary table"))
    position = models.PositiveSmallIntegerField(_("position"))
    case = models.ForeignKey(Case, models.PROTECT, related_name="summary_members", verbose_name=_("case"))
    filing = models.ForeignKey(Filing, models.PROTECT, related_name="+", verbose_name=_("filing"))
    # Set while the table is sealed and the person still stands on it.
    scan = models.ForeignKey(
        SummaryScan, models.PROTECT, null=True, related_name="members", verbose_name=_("sealed summary table")
    )
    # The application went back before the county bureau: for this person the table counts no more.
    left_at: OptionalMoment = models.DateTimeField(_("left at"), null=True)

    objects = SummaryMemberQuerySet.as_manager()

    class Meta:
        ordering = ["batch", "position"]
        verbose_name = _("person on a summary table")
        verbose_name_plural = _("persons on a summary table")
        constraints = [
            models.UniqueConstraint(fields=["batch", "case"], name="summary_member_once"),
            models.UniqueConstraint(fields=["batch", "position"], name="summary_position_once"),
            # Nobody stands on two sealed tables.
            models.UniqueConstraint(fields=["case"], condition=Q(scan__isnull=False), name="summary_sealed_once"),
            models.CheckConstraint(condition=Q(left_at=None) | Q(scan=None), name="summary_left_unsealed"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} · {self.position}"
