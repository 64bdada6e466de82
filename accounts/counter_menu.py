"""The menu of a counter, the seed of its agreement, and what else is registered by being imported (accounts.chains)."""

from __future__ import annotations

from pathlib import Path

import yaml
from django.utils.translation import gettext_lazy as _

from accounts import grants
from accounts.counters import is_counter
from accounts.enums import TermsKind
from accounts.models import Terms
from accounts.services import counter_openings, counter_resets, counter_scans
from workflow import clock
from workflow.navigation import register_page
from workflow.seeding import register_seed

__all__ = ["counter_openings", "counter_resets", "counter_scans", "grants"]

COUNTER, REGISTERS = _("Counter services"), _("Registers of the counter")
AGREEMENT = Path(__file__).parent / "data" / "counter_agreement.yaml"

register_page(COUNTER, _("Opening of an account"), "accounts:counter_open", visible=is_counter, order=120)
register_page(COUNTER, _("Reset of a password"), "accounts:counter_reset_find", visible=is_counter, order=121)
register_page(REGISTERS, _("Register of accounts opened"), "accounts:counter_openings", visible=is_counter, order=205)
register_page(REGISTERS, _("Register of password resets"), "accounts:counter_resets", visible=is_counter, order=206)


@register_seed
def seed_agreement() -> None:
    """Version 1 where none was published; later versions are the administrator's."""
    text = yaml.safe_load(AGREEMENT.read_text(encoding="utf-8"))
    Terms.objects.get_or_create(kind=TermsKind.COUNTER, version=1, defaults={**text, "published_at": clock.now()})
