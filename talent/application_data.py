"""What the applications for the card leave of a person: what must stay, and drafts that go."""

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
from accounts.services.closing import bars_closing
from accounts.services.erasing import Erased, Kept, register_data_eraser, register_holder
from talent.models import CardApplication, SpecialistChange
from workflow.enums import State
from workflow.models import Case
from workflow.presentation.times import minute_text
from workflow.retention import NECESSARY, YEAR, RetentionClass, register_retention
from workflow.services.drafts import discard_drafts, never_filed


@register_holder
def card_applications(user: User) -> Iterator[Kept]:
    if CardApplication.objects.filter(case__applicant=user).exclude(case__number="").exists():
        why = _("Who was granted a card, on what grounds and by whom must be answered for.")
        yield Kept(_("Applications for the talent card"), why, _("for good"))


@bars_closing
def waits_for_a_card(user: User) -> str:
    """Whoever leaves withdraws first, or waits for the decision."""
    if user.person is None:
        return ""
    numbers = _(", ").join(str(row.case) for row in CardApplication.objects.under_way(user.person)[:5])
    return _("Applications for the talent card are under way: %(cases)s") % {"cases": numbers} if numbers else ""


@register_data_eraser
def erase_card_drafts(user: User) -> Iterator[Erased]:
    drafts = Case.objects.filter(applicant=user, card_application__isnull=False)
    yield Erased(_("Drafts"), _discard(drafts.values_list("pk", flat=True)))


def _discard(keys: Iterable[int]) -> int:
    cases = never_filed(keys)
    CardApplication.objects.filter(case__in=cases).delete()
    discard_drafts(cases)
    return len(cases)


def _drafts() -> QuerySet[Any]:
    drafts = CardApplication.objects.filter(case__state=State.DRAFT, case__number="", case__seq=0)
    return drafts.annotate(touched_at=Coalesce("saved_at", "case__created_at"))


def _remove(keys: Sequence[Any]) -> None:
    _discard(keys)


def specialist_changes(user: User) -> Iterator[Group]:
    rows = SpecialistChange.objects.filter(case__applicant=user).select_related("case", "after", "organisation")
    for row in rows:
        facts = facts_of(
            (_("Case"), str(row.case)),
            (_("Service specialist"), str(row.after)),
            (_("Reason"), row.reason),
            (_("Office"), str(row.organisation)),
        )
        yield Group(minute_text(row.at), facts)


register_data_section(
    DataSection(
        "specialists",
        gettext_lazy("Changes of the service specialist"),
        specialist_changes,
        kinds=(UserKind.PERSON,),
        order=68,
    )
)
register_retention(
    RetentionClass(
        "card_drafts",
        gettext_lazy("Drafts of applications for the talent card that were never filed"),
        NECESSARY,
        _drafts,
        "touched_at",
        preset_days=YEAR,
        remove=_remove,
    )
)
