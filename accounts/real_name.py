"""What a service asks of whoever applies: 实名等级, and the words for those who have not reached it."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from accounts.enums import RealNameLevel, UserKind
from accounts.models import User
from accounts.services.real_name_requests import is_counter
from workflow.actors import Actor
from workflow.bulk import KeyIn
from workflow.models import Case
from workflow.navigation import register_page
from workflow.registry import Closed, case_type_of, case_types, gate

# Word for word as the manual has it.
NOT_VERIFIED = _("Not a real-name user: raise your real-name level at User centre->Account details")


@gate("accounts.real_name")
def real_name(cases: Sequence[Case]) -> Closed:
    """One query for all of them, and none for a service that asks for nothing."""
    needed = case_type_of(cases[0]).real_name_level
    if not needed:
        return {}
    applicants = User.objects.filter(KeyIn("pk", {case.applicant_id for case in cases}))
    below = set(applicants.filter(real_name_level__lt=needed).values_list("pk", flat=True))
    return {case.pk: NOT_VERIFIED for case in cases if case.applicant_id in below}


def level_needed(case_type: str) -> RealNameLevel:
    return RealNameLevel(case_types[case_type].real_name_level)


def is_below(user: object, case_type: str) -> bool:
    """Whether this account must raise its level before it may apply; officers and visitors have none to raise."""
    return has_level(user) and user.real_name_level < level_needed(case_type)  # type: ignore[attr-defined]


def has_level(user: object) -> bool:
    return isinstance(user, User) and user.kind != UserKind.OFFICER


register_page(
    _("Business handling"), _("Check of real names"), "accounts:real_name_requests", visible=is_counter, order=150
)


def _has_centre(actor: Actor) -> bool:
    return has_level(actor.user)


register_page(_("User centre"), _("Account settings"), "accounts:account", visible=_has_centre, order=400)
register_page(_("User centre"), _("Account details"), "accounts:profile", visible=_has_centre, order=410)
