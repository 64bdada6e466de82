"""What is held of a person's changes of the card and requests for services, and when their drafts go."""

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
from accounts.services.erasing import Erased, register_data_eraser
from talent.enums import CardLevel
from talent.models import CardChange, ServiceRequest
from workflow.enums import State
from workflow.models import Case
from workflow.presentation.times import day_text
from workflow.retention import NECESSARY, YEAR, RetentionClass, register_retention
from workflow.services.drafts import discard_drafts, never_filed


def changes(user: User) -> Iterator[Group]:
    for change in CardChange.objects.filter(case__applicant=user).whole().order_by("-case_id"):
        facts = facts_of(
            (_("Case"), str(change.case)),
            (_("Kind of change"), str(change.get_kind_display())),
            (_("Card number"), change.card.number),
            (_("Type of card"), str(CardLevel(change.card.level).label)),
            (_("Explanation"), change.statement),
            (_("Labour contract until"), day_text(change.contract_end)),
        )
        yield Group(str(change.case), facts)


def requests(user: User) -> Iterator[Group]:
    for request in ServiceRequest.objects.filter(case__applicant=user).whole().order_by("-case_id"):
        facts = facts_of(
            (_("Case"), str(request.case)),
            (_("Service by card"), str(request.service)),
            (_("Card number"), request.card.number),
            (_("What is asked for"), request.content),
            (_("Department in charge"), request.department),
            (_("Time limit"), day_text(request.promised_on)),
            (_("Details of the result"), request.result),
            (_("My evaluation"), str(request.get_rating_display()) if request.rating else ""),
            (_("Reason"), request.rating_reason),
        )
        yield Group(str(request.case), facts)


@register_data_eraser
def erase_drafts(user: User) -> Iterator[Erased]:
    cases = Case.objects.filter(applicant=user)
    changed = cases.filter(card_change__isnull=False).values_list("pk", flat=True)
    asked = cases.filter(service_request__isnull=False).values_list("pk", flat=True)
    yield Erased(_("Drafts of changes of the talent card"), _discard(CardChange, changed))
    yield Erased(_("Drafts of requests for services by card"), _discard(ServiceRequest, asked))


def _discard(model: type[CardChange] | type[ServiceRequest], keys: Iterable[int]) -> int:
    cases = never_filed(keys)
    model._default_manager.filter(case__in=cases).delete()
    discard_drafts(cases)
    return len(cases)


def _drafts(model: type[CardChange] | type[ServiceRequest]) -> QuerySet[Any]:
    drafts = model._default_manager.filter(case__state=State.DRAFT, case__number="", case__seq=0)
    return drafts.annotate(touched_at=Coalesce("saved_at", "case__created_at"))


def _remove_changes(keys: Sequence[Any]) -> None:
    _discard(CardChange, keys)


def _remove_requests(keys: Sequence[Any]) -> None:
    _discard(ServiceRequest, keys)


PERSONS = (UserKind.PERSON,)
register_data_section(
    DataSection(
        "card_changes",
        gettext_lazy("Changes of the talent card"),
        changes,
        change_url="talent:changes",
        kinds=PERSONS,
        order=57,
    )
)
register_data_section(
    DataSection(
        "card_services",
        gettext_lazy("Requests for services by card"),
        requests,
        change_url="talent:services",
        kinds=PERSONS,
        order=58,
    )
)
register_retention(
    RetentionClass(
        "card_change_drafts",
        gettext_lazy("Drafts of changes of the talent card that were never filed"),
        NECESSARY,
        lambda: _drafts(CardChange),
        "touched_at",
        preset_days=YEAR,
        remove=_remove_changes,
    )
)
register_retention(
    RetentionClass(
        "card_service_drafts",
        gettext_lazy("Drafts of requests for services by card that were never filed"),
        NECESSARY,
        lambda: _drafts(ServiceRequest),
        "touched_at",
        preset_days=YEAR,
        remove=_remove_requests,
    )
)
