"""银行回单: the bank's word on many payments. A task records it part by part, each row by itself, nothing twice."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from itertools import islice

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from subsidies.documents.bank_sheets import BOUNCED, SUCCESS, SheetRow, read_rows, refuse_other_tables
from subsidies.enums import FAILED, RowOutcome
from subsidies.models import Arrival, BankFile, BankRow, Bounce, Payment
from subsidies.services.payments import draft_arrival, draft_bounce, tell_bounced
from workflow import clock
from workflow.actors import Actor
from workflow.digests import sha256_hex
from workflow.enums import ScanStatus
from workflow.filetypes import check_upload
from workflow.models import Case, Job
from workflow.registry import job
from workflow.scanning import scan
from workflow.services import Refused
from workflow.services.jobs import actor_of, report_progress, start_job
from workflow.services.sweeping import register_store

READ_BANK_FILE = "subsidies.read_bank_file"
# Rows of one transaction: what a crash makes the task do again.
PART = 500


def _known_files(tokens: Sequence[uuid.UUID]) -> Iterable[str]:
    return BankFile.objects.filter(token__in=tokens).values_list("file", flat=True)


register_store("bank", _known_files)


def keep_bank_file(upload: File[bytes], actor: Actor, *, token: uuid.UUID) -> BankFile:
    """Check the file, keep it and ask for it to be read; the same form again answers the first file.

    Raises ValidationError for what is no workbook, or not the template.
    """
    first = BankFile.objects.of_office(actor.organisation).filter(token=token).first()
    if first is not None:
        return first
    checked = check_upload(upload, ("xlsx",))
    upload.seek(0)
    content = upload.read()
    refuse_other_tables(io.BytesIO(content))
    status = scan(content)
    if status == ScanStatus.INFECTED:
        raise ValidationError(_("The selected file contains a virus. It was not saved"), "virus")
    assert actor.user_id is not None
    assert actor.organisation is not None
    bank_file = BankFile(
        token=token,
        organisation=actor.organisation,
        uploaded_by_id=actor.user_id,
        uploaded_at=clock.now(),
        name=checked.name,
        size=checked.size,
        sha256=sha256_hex(content),
        scan=status,
    )
    bank_file.file.save(checked.name, ContentFile(content), save=False)
    try:
        return _ask_to_read(bank_file, actor)
    except IntegrityError:
        # The same form in the same instant.
        bank_file.file.delete(save=False)
        return BankFile.objects.of_office(actor.organisation).get(token=token)


@transaction.atomic
def _ask_to_read(bank_file: BankFile, actor: Actor) -> BankFile:
    """The task bears the token of the form: pressed twice in the same instant there is one task and one file."""
    title = _("Results of the bank: %(name)s") % {"name": bank_file.name}
    bank_file.job = start_job(READ_BANK_FILE, title[:120], {"file": bank_file.token.hex}, actor, token=bank_file.token)
    bank_file.save(force_insert=True)
    return bank_file


@job(READ_BANK_FILE)
def read_bank_file(job: Job) -> None:
    """Begun again after a crash, or delivered twice, it goes on behind the last part that was recorded."""
    bank_file, actor = BankFile.objects.get(job=job), actor_of(job)
    job.outcome = {"page": reverse("subsidies:bank_file", args=[bank_file.token])}
    with bank_file.file.open("rb") as content:
        try:
            # All of it is read once before the first row counts: a damaged file changes nothing.
            total = sum(1 for _row in read_rows(content))
        except ValidationError as error:
            BankFile.objects.filter(pk=bank_file.pk).update(problem=" ".join(error.messages)[:200])
            return
        for part in _parts(read_rows(content)):
            report_progress(job, done=bank_file.row_count, refused=bank_file.failed, total=total)
            bank_file = record_part(bank_file, part, actor)
    report_progress(job, done=bank_file.row_count, refused=bank_file.failed, total=total)


def _parts(rows: Iterable[SheetRow]) -> Iterator[list[SheetRow]]:
    remaining = iter(rows)
    while part := list(islice(remaining, PART)):
        yield part


@transaction.atomic
def record_part(bank_file: BankFile, part: Sequence[SheetRow], actor: Actor) -> BankFile:
    """The entries of the ledger and what became of each row, together; answers the file as it stands then."""
    locked = BankFile.objects.select_for_update().get(pk=bank_file.pk)
    rows = [row for row in part if row.row > locked.read_until]
    if not rows:
        return locked
    book = _Book(actor, _attempts({row.number for row in rows}, actor), clock.now())
    outcomes = [book.enter(row) for row in rows]
    book.write()
    BankRow.objects.bulk_create(
        BankRow(file=locked, row=row.row, cells=row.cells, outcome=outcome, problem=problem)
        for row, (outcome, problem) in zip(rows, outcomes, strict=True)
    )
    failed = sum(outcome in FAILED for outcome, _problem in outcomes)
    known = sum(outcome == RowOutcome.KNOWN for outcome, _problem in outcomes)
    locked.failed, locked.known = locked.failed + failed, locked.known + known
    locked.recorded += len(outcomes) - failed - known
    locked.read_until = rows[-1].row
    locked.save(update_fields=["failed", "known", "recorded", "read_until"])
    return locked


def _attempts(numbers: set[str], actor: Actor) -> dict[str, list[Payment]]:
    """{case number: what this office has paid for it, the latest last}; the cases are locked, in the order of keys."""
    mine = Payment.objects.made_by(actor.organisation).filter(case__number__in=numbers - {""})
    keys = set(mine.values_list("case_id", flat=True))
    found: dict[str, list[Payment]] = {case.number: [] for case in Case.objects.locked(keys)}
    for payment in mine.with_bank_word().order_by("case", "attempt"):
        found[payment.case.number].append(payment)
    return found


Outcome = tuple[RowOutcome, str]


class _Book:
    """What a part of the file enters into the ledger: rows of the same payment see each other."""

    def __init__(self, actor: Actor, attempts: Mapping[str, list[Payment]], at: datetime) -> None:
        self.actor, self.attempts, self.at = actor, attempts, at
        self.arrivals: list[Arrival] = []
        self.bounces: list[Bounce] = []

    def enter(self, row: SheetRow) -> Outcome:
        payments = self.attempts.get(row.number, [])
        if not payments:
            return RowOutcome.UNKNOWN, _("Your office has made no payment with this case number.")
        try:
            return self._enter(row, payments), ""
        except Refused as refused:
            return RowOutcome.REFUSED, str(refused)[:200]

    def _enter(self, row: SheetRow, payments: list[Payment]) -> RowOutcome:
        same_account = [payment for payment in payments if payment.last4 == row.last4.zfill(4)]
        if not same_account:
            raise Refused(_("The last four digits are not those of the account that was paid."))
        if row.result not in (SUCCESS, BOUNCED):
            raise Refused(_("The result must be “%(yes)s” or “%(no)s”.") % {"yes": SUCCESS, "no": BOUNCED})
        if row.result == BOUNCED and not row.reason:
            raise Refused(_("A returned payment needs the reason."))
        day = _day(row.day)
        payment = _numbered(row.attempt, payments) if row.attempt else _unnumbered(row, day, payments, same_account)
        if _says_the_same(row, day, payment):
            return RowOutcome.KNOWN
        if payment not in same_account:
            raise Refused(_("The last four digits are not those of the account that was paid."))
        _refuse_other_amount(row, payment)
        if row.result == SUCCESS:
            self.arrivals.append(draft_arrival(payment, self.actor, arrived_on=day, at=self.at))
            return RowOutcome.ARRIVED
        self.bounces.append(draft_bounce(payment, self.actor, reason=row.reason[:200], bounced_on=day, at=self.at))
        return RowOutcome.RETURNED

    def write(self) -> None:
        Arrival.objects.bulk_create(self.arrivals)
        Bounce.objects.bulk_create(self.bounces)
        tell_bounced(self.bounces)


def _numbered(attempt: str, payments: Sequence[Payment]) -> Payment:
    """A workbook program may make 2.0 of 2."""
    for payment in payments:
        if str(payment.attempt) == attempt.removesuffix(".0"):
            return payment
    raise Refused(_("Your office has made no payment no. %(attempt)s of this case.") % {"attempt": attempt})


def _unnumbered(row: SheetRow, day: date, payments: Sequence[Payment], same_account: Sequence[Payment]) -> Payment:
    """The latest payment, or the earlier one of which the ledger says the same; never one of two that may be meant."""
    latest = payments[-1]
    said = next((payment for payment in same_account if _says_the_same(row, day, payment)), None)
    earlier = [payment for payment in same_account if payment != latest]
    is_open = latest in same_account and latest.paid_on <= day and not _has_word(row, latest)
    if said is not None and (said == latest or not is_open):
        return said
    if said is not None or (row.result == BOUNCED and any(_may_mean(day, payment) for payment in earlier)):
        raise Refused(_("An earlier payment to this account came back too: enter by hand which of them is meant."))
    return latest


def _has_word(row: SheetRow, payment: Payment) -> bool:
    return hasattr(payment, "bounce") or (row.result == SUCCESS and hasattr(payment, "arrival"))


def _may_mean(day: date, earlier: Payment) -> bool:
    """Whether a returned payment of this day may be the earlier one: it came back, and not after that day."""
    return hasattr(earlier, "bounce") and earlier.paid_on <= day <= earlier.bounce.bounced_on


def _says_the_same(row: SheetRow, day: date, payment: Payment) -> bool:
    if row.result == SUCCESS:
        return hasattr(payment, "arrival") and payment.arrival.arrived_on == day
    if not hasattr(payment, "bounce"):
        return False
    return payment.bounce.bounced_on == day and payment.bounce.reason == row.reason[:200]


def _refuse_other_amount(row: SheetRow, payment: Payment) -> None:
    """The template names the amount; a row that lacks it is known by its number and account."""
    try:
        is_the_same = not row.amount or Decimal(row.amount.replace(",", "")) == payment.amount
    except InvalidOperation:
        is_the_same = False
    if not is_the_same:
        raise Refused(_("The amount is not the one that was paid (%(paid)s yuan).") % {"paid": payment.amount})


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text.replace("/", "-"))
    except ValueError:
        raise Refused(_("Write the day as 2026-11-21.")) from None
    if day > clock.today():
        raise Refused(_("The day %(day)s has not come yet. Enter today or an earlier day.") % {"day": text})
    return day
