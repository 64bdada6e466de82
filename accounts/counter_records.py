"""What 业务经办窗口 wrote down about somebody: shown under 我的信息, kept as evidence, removed after its time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.data_sections import DataSection, Fact, Group, facts_of, register_data_section
from accounts.enums import ResetState
from accounts.models import CounterEvent, CounterOpening, CounterReset, CounterScan, CounterSheet, User
from accounts.services.erasing import Erased, Kept, register_data_eraser, register_holder
from workflow.codelists import DOCUMENT_KINDS
from workflow.masking import mask_number, mask_phone
from workflow.presentation.times import minute_text
from workflow.retention import HANDLING_RECORDS, THREE_YEARS, RetentionClass, register_retention

EVIDENCE = gettext_lazy("Civil Code, article 188: claims lapse after three years; until then the papers are evidence.")


def at_counters(user: User) -> Iterator[Group]:
    for reset in CounterReset.objects.whole().filter(user=user).order_by("-pk"):
        facts = facts_of((_("State"), reset.get_state_display()), (_("Reason"), reset.reason or reset.ground))
        title = _("Password reset at a counter, %(day)s") % {"day": minute_text(reset.at)}
        yield Group(title, [*_reception(reset), *facts])
    for opening in CounterOpening.objects.whole().filter(user=user):
        facts = facts_of(
            (_("Name"), opening.name),
            (_("Unified social credit code"), opening.uscc),
            (_("Social insurance number"), opening.social_number, mask_number(opening.social_number)),
            (_("Mobile number"), opening.phone, mask_phone(opening.phone)),
        )
        title = _("Account opened at a counter, %(day)s") % {"day": minute_text(opening.at)}
        yield Group(title, [*_reception(opening), *facts])


def _reception(row: CounterOpening | CounterReset) -> list[Fact]:
    scan = CounterScan.objects.filter(Q(opening=row.pk) if isinstance(row, CounterOpening) else Q(reset=row.pk)).first()
    return facts_of(
        (_("Counter"), row.counter.name),
        (_("Date and time"), minute_text(row.at)),
        (_("Who came"), row.agent),
        (_("Kind of document"), DOCUMENT_KINDS.label(row.document_kind)),
        (_("Document number"), row.number, mask_number(row.number)),
        (_("Signed paper"), scan.name if scan is not None else ""),
    )


def _decided_resets() -> QuerySet[Any]:
    return CounterReset.objects.exclude(state=ResetState.WAITING)


def _openings_of_the_erased() -> QuerySet[Any]:
    """As long as the account is there, so is what it was opened with."""
    erased = CounterOpening.objects.filter(user__data_requests__erasure__isnull=False)
    return erased.annotate(erased_at=Max("user__data_requests__erasure__at"))


def _remove_resets(keys: Sequence[Any]) -> None:
    _remove(Q(reset__in=keys))
    CounterReset.objects.filter(pk__in=keys).delete()


def _remove_openings(keys: Sequence[Any]) -> None:
    _remove(Q(opening__in=keys))
    CounterOpening.objects.filter(pk__in=keys).delete()


def _remove(belongs: Q) -> None:
    """The file goes once its row is gone for certain."""
    for name in CounterScan.objects.filter(belongs).values_list("file", flat=True):
        transaction.on_commit(partial(default_storage.delete, name))
    for model in (CounterEvent, CounterScan, CounterSheet):
        model._base_manager.filter(belongs).delete()


@register_holder
def receptions(user: User) -> Iterator[Kept]:
    came = [CounterOpening.objects.filter(user=user), CounterReset.objects.filter(user=user)]
    if any(rows.exists() for rows in came):
        yield Kept(_("What a counter wrote down, with the signed paper"), str(EVIDENCE), _("three years more"))


@register_data_eraser
def erase_contacts(user: User) -> Iterator[Erased]:
    """Who came, with which document and paper, is evidence; how they could be reached is not."""
    openings = CounterOpening.objects.filter(user=user)
    yield Erased(_("Contacts left at a counter"), openings.update(phone="", social_number=""))


register_data_section(DataSection("counter", gettext_lazy("At service counters"), at_counters, order=28))
for _kind in (
    RetentionClass(
        "counter_deeds",
        gettext_lazy("What was done at counters"),
        HANDLING_RECORDS,
        CounterEvent.objects.all,
        "at",
        THREE_YEARS,
        THREE_YEARS,
    ),
    # A day more: the notice is printed after the decision, and that deed has its three years too.
    RetentionClass(
        "counter_resets",
        gettext_lazy("Password resets at counters, with the signed forms"),
        EVIDENCE,
        _decided_resets,
        "decided_at",
        THREE_YEARS + 1,
        THREE_YEARS + 1,
        _remove_resets,
    ),
    RetentionClass(
        "counter_openings",
        gettext_lazy("Accounts opened at counters and erased since, with the signed agreements"),
        EVIDENCE,
        _openings_of_the_erased,
        "erased_at",
        THREE_YEARS,
        THREE_YEARS,
        _remove_openings,
    ),
):
    register_retention(_kind)
