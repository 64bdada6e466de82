"""汇总表: exported for the ticked persons, uploaded sealed, returned by the county bureau (manual 001, 5.3; spec 4.9).

Whoever changes anything here locks the cases first, as every move does: nobody is returned while a scan comes in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from io import BytesIO

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile, File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.services.sensitive import note_looks
from talent.documents.summary_rows import SummaryRow, read_rows
from talent.documents.summary_sheet import file_name, write_sheet
from talent.enums import BOHAI_CARD
from talent.models import SummaryBatch, SummaryMember, SummaryScan
from talent.summary_rules import SHEET, TABLE, is_current, may_export, may_return, name_batch
from workflow import clock
from workflow.actors import Actor
from workflow.digests import canonical_json, sha256_hex
from workflow.models import Case, Filing, Material, Organisation, OutboxMessage
from workflow.services.files import store_file
from workflow.services.numbering import next_batch_number
from workflow.services.perform import Refused
from workflow.worker_wake import wake_workers

# Rows of one table; more make a second one.
MOST = 300
# What a stamped sheet of paper comes back as.
SCANS = ("pdf", "jpg", "png", "ofd")
NUMBER_KIND = "HZB"
LOOK = "card_summary"


@transaction.atomic
def export_summary(keys: Collection[int], actor: Actor) -> SummaryBatch:
    """A numbered table of these persons; the same persons with the same facts get the table that they have.

    Raises Refused, naming those who may not stand on it, and PermissionDenied.
    """
    if not may_export(actor) or actor.organisation is None:
        raise PermissionDenied(_("Only the employer's own people export its summary table."))
    if not keys:
        raise Refused(_("Tick the persons first who are to stand on the summary table."))
    if len(keys) > MOST:
        raise Refused(_("At most %(most)s persons stand on one summary table.") % {"most": MOST})
    cases = list(Case.objects.locked(keys).filter(unit=actor.organisation, case_type=BOHAI_CARD))
    _refuse_others(cases, len(set(keys)))
    rows = read_rows(cases)
    digest = sha256_hex(canonical_json([row.cells for row in rows]))
    same = SummaryBatch.objects.of_unit(actor.organisation).unsealed().filter(sha256=digest).first()
    batch = same or _make(rows, digest, actor, actor.organisation)
    # The workbook says every number in full.
    note_looks(cases, actor, field=LOOK, reason=batch.number)
    return batch


def _refuse_others(cases: Sequence[Case], asked: int) -> None:
    if len(cases) < asked:
        raise Refused(_("Some of the ticked persons are not your employees. Reload the page and tick again."))
    sealed = set(SummaryMember.objects.of_cases(cases).sealed().values_list("case", flat=True))
    gone = [case.subject for case in cases if not is_current(case)]
    if gone:
        reason = _("Not among the current applicants, the application went back or has ended: %(names)s")
        raise Refused(reason % {"names": _(", ").join(gone)})
    if sealed:
        names = _(", ").join(case.subject for case in cases if case.pk in sealed)
        raise Refused(_("%(message)s: %(names)s") % {"message": already_uploaded(), "names": names})


def _make(rows: Sequence[SummaryRow], digest: str, actor: Actor, unit: Organisation) -> SummaryBatch:
    assert actor.user_id is not None
    now = clock.now()
    number = next_batch_number(unit.code, NUMBER_KIND, clock.today())
    target = BytesIO()
    write_sheet(target, rows, unit=unit.name, number=number)
    upload = ContentFile(target.getvalue(), name=file_name(number))
    sheet = store_file(upload, actor, kind=SHEET, organisation_id=unit.pk, kinds=("xlsx",))
    batch = SummaryBatch.objects.create(
        number=number, unit=unit, sheet=sheet, sha256=digest, exported_by_id=actor.user_id, exported_at=now
    )
    SummaryMember.objects.bulk_create(
        SummaryMember(batch=batch, position=position, case_id=row.case_id, filing_id=row.filing_id)
        for position, row in enumerate(rows, start=1)
    )
    return batch


def already_uploaded() -> str:
    """汇总表已上传,不能重复上传."""
    return _("The summary table has been uploaded already and cannot be uploaded again")


def not_current() -> str:
    """汇总表与当前申报人员不一致,请重新导出."""
    return _("The summary table does not agree with the current applicants. Export it again")


@transaction.atomic
def upload_summary(batch: SummaryBatch, *, upload: File[bytes], actor: Actor) -> SummaryScan:
    """【上传汇总表】. Raises ValidationError (what is wrong with the file or the table) and PermissionDenied."""
    if batch.unit_id != actor.organisation_id or not may_export(actor):
        raise PermissionDenied(_("Only the employer whose table it is uploads it."))
    cases, members = _lock(batch)
    if SummaryScan.objects.filter(batch=batch, returned_at=None).exists():
        raise ValidationError(already_uploaded(), "uploaded")
    if not agrees(batch, cases, members):
        raise ValidationError(not_current(), "not_current")
    material = store_file(upload, actor, kind=TABLE, organisation_id=batch.unit_id, kinds=SCANS)
    scan = _keep(batch, material, actor)
    SummaryMember.objects.filter(batch=batch).update(scan=scan)
    name_batch(cases, batch.short_number)
    return scan


def _lock(batch: SummaryBatch) -> tuple[list[Case], list[SummaryMember]]:
    """The cases in key order, as every move locks them; then who stands on the table."""
    keys = list(SummaryMember.objects.filter(batch=batch).values_list("case_id", flat=True))
    cases = list(Case.objects.locked(keys))
    return cases, list(SummaryMember.objects.filter(batch=batch))


def agrees(batch: SummaryBatch, cases: Iterable[Case], members: Iterable[SummaryMember]) -> bool:
    """Everybody on it still is a current applicant of this employer, and on no other sealed table."""
    cases = list(cases)
    stand = all(case.unit_id == batch.unit_id and is_current(case) for case in cases)
    latest = dict(_latest_filings(cases))
    same = all(member.left_at is None and latest.get(member.case_id) == member.filing_id for member in members)
    return stand and same and not SummaryMember.objects.of_cases(cases).sealed().exists()


def _latest_filings(cases: Iterable[Case]) -> Iterable[tuple[int, int]]:
    """(case, its latest filing)"""
    return Filing.objects.filter(case__in=list(cases)).order_by("number").values_list("case_id", "pk")


def _keep(batch: SummaryBatch, material: Material, actor: Actor) -> SummaryScan:
    """The constraint decides where two bring the same file in the same instant."""
    assert actor.user_id is not None
    try:
        with transaction.atomic():
            return SummaryScan.objects.create(
                batch=batch,
                material=material,
                sha256=material.sha256,
                uploaded_by_id=actor.user_id,
                uploaded_at=material.uploaded_at,
            )
    except IntegrityError as error:
        # The row goes with the transaction, the file must be taken back by hand.
        material.file.storage.delete(material.file.name)
        message = _("This very file was uploaded as a summary table before. Scan the table that you have sealed now.")
        raise ValidationError(message, "twice") from error


@transaction.atomic
def return_summary(batch: SummaryBatch, *, reason: str, actor: Actor) -> SummaryScan:
    """退回汇总表: the scan counts no more, the employer may upload once again. Raises Refused, PermissionDenied."""
    cases, _members = _lock(batch)
    scan = SummaryScan.objects.filter(batch=batch, returned_at=None).first()
    if scan is None:
        raise Refused(_("There is no uploaded summary table to return: somebody was faster."))
    covered = set(scan.members.values_list("case", flat=True))
    if not may_return([case for case in cases if case.pk in covered], actor):
        raise PermissionDenied(_("Only the county bureau returns it while one of its applications waits there."))
    scan.members.update(scan=None)
    name_batch([case for case in cases if case.pk in covered], "")
    scan.returned_by_id, scan.returned_at, scan.reason = actor.user_id, clock.now(), reason.strip()
    scan.save(update_fields=["returned_by", "returned_at", "reason"])
    OutboxMessage.objects.create(
        kind="talent.summary_returned",
        organisation_id=batch.unit_id,
        context={"number": batch.number, "reason": scan.reason},
        created_at=scan.returned_at,
    )
    transaction.on_commit(wake_workers)
    return scan
