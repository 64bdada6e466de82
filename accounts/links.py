"""What every case page offers to those who may see a number in full."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import UnitRegistration
from accounts.services.sensitive import may_reveal
from workflow.actors import Actor
from workflow.models import Case
from workflow.registry import Link, case_link


@case_link
def full_numbers(case: Case, actor: Actor) -> Iterator[Link]:
    if not may_reveal(case, actor):
        return
    unit = UnitRegistration.objects.filter(case=case).first()
    if unit is None or unit.contact_number:
        yield Link(_("Show the document number in full"), reverse("accounts:reveal", args=[case.pk, "number"]))
    yield Link(_("Show the mobile number in full"), reverse("accounts:reveal", args=[case.pk, "phone"]))
