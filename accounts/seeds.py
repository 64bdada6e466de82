"""The user notices that people agree to before they register."""

from __future__ import annotations

from pathlib import Path

import yaml

from accounts.models import Terms
from workflow import clock
from workflow.seeding import register_seed

TERMS = Path(__file__).parent / "data" / "terms.yaml"


@register_seed
def seed_terms() -> None:
    """Version 1 where none was published; later versions are the administrator's."""
    for kind, text in yaml.safe_load(TERMS.read_text(encoding="utf-8")).items():
        Terms.objects.get_or_create(kind=kind, version=1, defaults={**text, "published_at": clock.now()})
