"""Full account and identity numbers for the list that finance pays from: every look is written down first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.services.sensitive import note_looks
from subsidies.models import Payment, RentApplication
from subsidies.services.payments import Account, accounts_of
from workflow.actors import Actor
from workflow.enums import OrganisationKind
from workflow.models import Case

FINANCE = (OrganisationKind.CITY_FIN, OrganisationKind.COUNTY_FIN)


@dataclass(frozen=True, slots=True)
class Look:
    """What the list shows in full of one person."""

    number: str
    account: Account


def refuse_strangers(actor: Actor, reason: str) -> None:
    """Raises PermissionDenied for whoever is no finance bureau, ValueError for a look without a reason."""
    if actor.kind not in FINANCE:
        raise PermissionDenied(_("Only a finance bureau may see account numbers in full."))
    if not reason.strip():
        raise ValueError("A look at account numbers needs a reason.")


@transaction.atomic
def reveal_accounts(cases: Sequence[Case], actor: Actor, *, reason: str, once: bool = False) -> Mapping[int, Look]:
    """{case pk: identity number and the account that is or was paid}. Raises PermissionDenied and ValueError.

    With ``once`` the looks that stand there for this very reason are left out: a task that begins again writes none
    down twice.
    """
    refuse_strangers(actor, reason)
    note_looks(cases, actor, field="account", reason=reason.strip(), once=once)
    paid = {
        payment.case_id: Account(payment.holder_name, payment.bank, payment.branch, payment.account)
        for payment in Payment.objects.filter(case__in=cases).order_by("attempt")
    }
    filed = accounts_of([case for case in cases if case.pk not in paid])
    forms = RentApplication.objects.filter(case__in=cases).select_related("person")
    return {
        form.case_id: Look(
            form.person.number, paid.get(form.case_id) or filed.get(form.case_id, Account("", "", "", ""))
        )
        for form in forms
    }
