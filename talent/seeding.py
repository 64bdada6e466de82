"""The card scheme that is shipped: read from YAML into rows that an administrator may change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from django.db import models, transaction

from talent.models import CardCategory, CardPaper, CardScheme, CardService
from workflow.seeding import register_seed

BOHAI_CARD_FILE = Path(__file__).parent / "data" / "bohai_card.yaml"


def read_scheme() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(BOHAI_CARD_FILE.read_text(encoding="utf-8"))
    return data


@register_seed
@transaction.atomic
def seed_bohai_card() -> None:
    """Where the scheme exists it stays as its administrator left it."""
    config = read_scheme()
    if CardScheme.objects.filter(key=config["key"]).exists():
        return
    scheme = CardScheme(**_columns(config))
    scheme.full_clean()
    scheme.save()
    parts: dict[type[models.Model], str] = {
        CardCategory: "categories",
        CardPaper: "materials",
        CardService: "services",
    }
    for model, key in parts.items():
        rows = [model(scheme=scheme, position=position, **entry) for position, entry in enumerate(config[key])]
        for row in rows:
            row.clean_fields()
        model._default_manager.bulk_create(rows)


def _columns(config: dict[str, Any]) -> dict[str, Any]:
    same = (
        "key", "name", "name_en", "card_name", "card_name_en", "issuer", "issuer_en", "valid_from", "valid_until",
        "number_prefix", "validity_years", "renew_before_days",
        "change_report_days", "legal_basis", "legal_basis_en", "contact", "contact_en",
    )  # fmt: skip
    return {name: config[name] for name in same} | {
        "region_id": config["region"],
        "require_summary": config["require_summary_table"],
    }
