"""The menu of a counter, the seed of its agreement, and what else is registered by being imported (accounts.chains)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import grants
from accounts.counters import is_counter
from accounts.enums import ResetState, TermsKind
from accounts.models import CounterReset, Terms
from accounts.services import counter_openings, counter_resets, counter_scans
from workflow import clock
from workflow.actors import Actor
from workflow.navigation import Todo, register_page, register_todos
from workflow.seeding import register_seed

__all__ = ["counter_openings", "counter_resets", "counter_scans", "grants"]

COUNTER, REGISTERS = _("Counter services"), _("Registers of the counter")
AGREEMENT = Path(__file__).parent / "data" / "counter_agreement.yaml"

register_page(COUNTER, _("Opening of an account"), "accounts:counter_open", visible=is_counter, order=120)
register_page(COUNTER, _("Reset of a password"), "accounts:counter_reset_find", visible=is_counter, order=121)
register_page(REGISTERS, _("Register of accounts opened"), "accounts:counter_openings", visible=is_counter, order=205)
register_page(
    COUNTER, _("Password resets: confirm and look up"), "accounts:counter_resets", visible=is_counter, order=122
)


@register_todos
def resets_to_confirm(actor: Actor) -> Iterator[Todo]:
    if not is_counter(actor):
        return
    mine = CounterReset.objects.of_counter(actor.organisation).in_time(clock.machine_now())
    if n := mine.waiting_for(actor.user_id, actor.stands_in_for_id).count():
        text = ngettext("%(n)s password reset to confirm", "%(n)s password resets to confirm", n) % {"n": n}
        yield Todo(text, f"{reverse('accounts:counter_resets')}?state={ResetState.WAITING}", n, 0)


@register_seed
def seed_agreement() -> None:
    """Version 1 where none was published; later versions are the administrator's."""
    text = yaml.safe_load(AGREEMENT.read_text(encoding="utf-8"))
    Terms.objects.get_or_create(kind=TermsKind.COUNTER, version=1, defaults={**text, "published_at": clock.now()})
