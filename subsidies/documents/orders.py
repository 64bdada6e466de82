"""Workbooks that offices ask for: the same code writes a short one at once and a long one as a task."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from subsidies.batches import batch_payees, batches_of, living_members
from subsidies.documents.bank_sheets import write_failed, write_template
from subsidies.documents.papers import Watch, batch_notes, write_members
from subsidies.documents.payouts import write_payout
from subsidies.ledger_pages import waiting_payees
from subsidies.models import BankFile, Payment
from workflow import clock
from workflow.actors import Actor
from workflow.models import Job
from workflow.registry import job
from workflow.services.jobs import actor_of, save_result
from workflow.services.progress import counted
from workflow.spreadsheets import Target

WRITE_WORKBOOK = "subsidies.write_workbook"
# So many rows are written in well under a second, while the person waits; longer ones become a task.
AT_ONCE = 500
Params = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Order:
    """``write`` takes where to, and what the rows pass through."""

    name: str
    count: int
    write: Callable[[Target, Watch], None]

    @property
    def file_name(self) -> str:
        return f"{self.name} {clock.today():%Y-%m-%d}.xlsx"


def members(actor: Actor, params: Params) -> Order:
    """上报名单 or 公示名单."""
    batch = batches_of(actor).get(pk=params["batch"])
    count = living_members(batch).count()
    return Order(batch.title, count, lambda target, watch: write_members(target, batch, watch))


def payout(actor: Actor, params: Params) -> Order:
    """发放明细表 of one batch."""
    batch = batches_of(actor).get(pk=params["batch"])
    return _payout(actor, params, batch_payees(batch), batch_notes(batch))


def waiting(actor: Actor, params: Params) -> Order:
    """发放明细表 of what waits in this office now."""
    return _payout(actor, params, waiting_payees(actor), [])


def _payout(actor: Actor, params: Params, payees: list[Any], notes: list[str]) -> Order:
    def write(target: Target, watch: Watch) -> None:
        write_payout(
            target, payees, actor, reason=params["reason"], notes=notes, watch=watch, once=params.get("once", False)
        )

    return Order("大学生租房补助发放明细表", len(payees), write)


def template(actor: Actor, params: Params) -> Order:
    """The payments that the bank has not answered yet, to be filled in with its results."""
    unanswered = Payment.objects.made_by(actor.organisation).unanswered()
    return Order(
        _("Results of the bank"), unanswered.count(), lambda target, watch: write_template(target, unanswered, watch)
    )


def failed(actor: Actor, params: Params) -> Order:
    """The rows of the bank's results that could not be recorded."""
    bank_file = BankFile.objects.of_office(actor.organisation).get(token=params["token"])
    name = _("Rows not recorded")
    return Order(name, bank_file.failed, lambda target, watch: write_failed(target, bank_file, watch))


KINDS: Mapping[str, Callable[[Actor, Params], Order]] = {
    "members": members,
    "payout": payout,
    "waiting": waiting,
    "template": template,
    "failed": failed,
}


@job(WRITE_WORKBOOK)
def write_workbook(job: Job) -> None:
    """Begun again after a crash it is written anew; the looks at accounts of the first time stand already."""
    params = dict(job.params)
    if "reason" in params:
        params |= {"reason": f"{params['reason']}（任务{job.pk}）", "once": True}
    order = KINDS[params["kind"]](actor_of(job), params)
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        order.write(file.name, lambda rows: counted(job, rows, total=order.count))
        save_result(job, order.file_name, file)
