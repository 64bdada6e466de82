"""What subsidies hold of a person, for 我的信息; what the law keeps of it, and what goes with an account or by age."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.data_sections import DataSection, Group, facts_of, register_data_section
from accounts.enums import UserKind
from accounts.models import User
from accounts.services.erasing import Erased, Kept, register_data_eraser, register_holder
from subsidies.models import Payment, PaymentStop, RentApplication
from subsidies.services.bank_results import READ_BANK_FILE
from workflow.enums import State
from workflow.models import Case
from workflow.presentation.times import day_text, text_of
from workflow.retention import NECESSARY, YEAR, RetentionClass, keep_tasks, register_retention
from workflow.services.drafts import discard_drafts, never_filed

ACCOUNTING = gettext_lazy("Measures for accounting archives (2016): vouchers are kept for thirty years.")


def payments(user: User) -> Iterator[Group]:
    rows = Payment.objects.filter(case__applicant=user).with_bank_word().order_by("-id")
    for row in rows:
        yield Group(
            str(row.case),
            facts_of(
                (_("Case"), str(row.case)),
                (_("Amount"), text_of(row.amount, "money")),
                (_("Date of payment"), day_text(row.paid_on)),
                (_("Account holder"), row.holder_name),
                (_("Bank"), row.bank),
                (_("Account number"), row.account, row.masked),
                (_("Voucher no."), row.voucher),
            ),
        )


def stops(user: User) -> Iterator[Group]:
    if user.person is None:
        return
    for row in PaymentStop.objects.filter(person=user.person).order_by("-id"):
        facts = facts_of(
            (_("Stopped from"), day_text(row.starts_on)),
            (_("Reason"), row.reason),
            (_("State"), row.get_status_display()),
            (_("Lifted on"), day_text(row.lifted_on)),
        )
        yield Group(day_text(row.starts_on), facts)


@register_holder
def money(user: User) -> Iterator[Kept]:
    applications = RentApplication.objects.filter(case__applicant=user).exclude(case__number="")
    if applications.exists():
        why = _("No month is paid twice to one person: name, number and months must stay.")
        yield Kept(_("Applications for the rent subsidy"), why, _("for good"))
    if Payment.objects.filter(case__applicant=user).exists():
        yield Kept(_("Payments with account and voucher"), str(ACCOUNTING), _("for good"))


@register_data_eraser
def erase_drafts(user: User) -> Iterator[Erased]:
    drafts = Case.objects.filter(applicant=user, rent_application__isnull=False)
    yield Erased(_("Drafts"), _discard(drafts.values_list("pk", flat=True)))


def _discard(keys: Iterable[int]) -> int:
    cases = never_filed(keys)
    RentApplication.objects.filter(case__in=cases).delete()
    discard_drafts(cases)
    return len(cases)


def _drafts() -> QuerySet[Any]:
    drafts = RentApplication.objects.filter(case__state=State.DRAFT, case__number="", case__seq=0)
    return drafts.annotate(touched_at=Coalesce("saved_at", "case__created_at"))


def _remove(keys: Sequence[Any]) -> None:
    _discard(keys)


PERSONS = (UserKind.PERSON,)
register_data_section(DataSection("payments", gettext_lazy("Payments"), payments, kinds=PERSONS, order=65))
register_data_section(DataSection("stops", gettext_lazy("Stopped payments"), stops, kinds=PERSONS, order=66))
register_retention(
    RetentionClass(
        "rent_drafts",
        gettext_lazy("Drafts of applications that were never filed"),
        NECESSARY,
        _drafts,
        "touched_at",
        preset_days=YEAR,
        remove=_remove,
    )
)
register_retention(
    RetentionClass("payments", gettext_lazy("Payments and vouchers"), ACCOUNTING, Payment.objects.all, "at")
)
keep_tasks(READ_BANK_FILE)
