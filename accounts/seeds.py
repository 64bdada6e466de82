"""The user notices that people agree to before they register, and the words and rules of messages."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import yaml
from django.conf import settings

from accounts.message_kinds import all_kinds
from accounts.models import MessagePolicy, Terms
from accounts.services.wordings import seed_templates
from workflow import clock
from workflow.seeding import register_seed

TERMS = Path(__file__).parent / "data" / "terms.yaml"


@register_seed
def seed_terms() -> None:
    """Version 1 where none was published; later versions are the administrator's."""
    for kind, text in yaml.safe_load(TERMS.read_text(encoding="utf-8")).items():
        Terms.objects.get_or_create(kind=kind, version=1, defaults={**text, "published_at": clock.now()})


@register_seed
def seed_messages() -> None:
    """Rows that exist stay as they are. Only a real portal has quiet hours and a budget: elsewhere nothing leaves."""
    seed_templates([kind.key for kind in all_kinds()])
    rules = {"quiet_from": time(21, 30), "quiet_until": time(7, 30), "daily_budget": 5000, "reserve": 1000}
    MessagePolicy.objects.get_or_create(pk=1, defaults=rules if settings.PRODUCTION else {})
