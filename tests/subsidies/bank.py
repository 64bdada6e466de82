"""Workbooks as the finance bureau uploads them, and the reading of them as the worker does it."""

import io
import uuid
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from subsidies.documents.bank_sheets import HEADER
from subsidies.models import BankFile
from subsidies.services.bank_results import keep_bank_file
from tests.subsidies.factories import ACCOUNT
from tests.subsidies.walking import officer_of
from workflow import clock
from workflow.actors import Actor
from workflow.models import Case, Organisation
from workflow.services.jobs import claim_job, run_job

LAST4 = ACCOUNT[-4:]


def finance() -> Actor:
    return officer_of(Organisation.objects.get(kind="county_fin"))


def row(
    case: Case,
    result: str,
    reason: str = "",
    last4: str = LAST4,
    day: str = "",
    amount: Any = 6000,
    attempt: Any = 1,
) -> tuple[Any, ...]:
    return (case.number, case.subject, last4, amount, result, reason, day or clock.today().isoformat(), attempt)


def workbook(*rows: Any, header: tuple[str, ...] = HEADER) -> bytes:
    book, content = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for line in [("大学生租房补助银行回单",), header, *rows]:
        sheet.append(line)
    book.save(content)
    return content.getvalue()


def keep(content: bytes, actor: Actor | None = None, token: uuid.UUID | None = None) -> BankFile:
    upload = SimpleUploadedFile("回单.xlsx", content)
    return keep_bank_file(upload, actor or finance(), token=token or uuid.uuid4())


def read(content: bytes, actor: Actor | None = None) -> BankFile:
    """Uploaded, and read by the worker."""
    bank_file = keep(content, actor)
    job = claim_job()
    assert job == bank_file.job
    run_job(job)
    return BankFile.objects.get(pk=bank_file.pk)


def problems(bank_file: BankFile) -> list[str]:
    return [row.problem for row in bank_file.rows.order_by("row")]


def outcomes(bank_file: BankFile) -> list[str]:
    return [str(row.outcome) for row in bank_file.rows.order_by("row")]
