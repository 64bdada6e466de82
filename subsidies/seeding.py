"""The programme that is shipped: read from YAML into rows that an administrator may change."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from subsidies.enums import MaterialCondition
from subsidies.models import Programme, ProgrammeLevel, ProgrammePaper
from workflow.seeding import register_seed

GRADUATE_RENT_FILE = Path(__file__).parent / "data" / "graduate_rent.yaml"


def read_programme() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(GRADUATE_RENT_FILE.read_text(encoding="utf-8"))
    return data


@register_seed
@transaction.atomic
def seed_graduate_rent() -> None:
    """Where the programme exists it stays as its administrator left it."""
    config = read_programme()
    if Programme.objects.filter(key=config["key"]).exists():
        return
    programme = Programme(**_columns(config))
    programme.full_clean()
    programme.save()
    ProgrammeLevel.objects.bulk_create(_levels(programme, config))
    ProgrammePaper.objects.bulk_create(
        ProgrammePaper(programme=programme, position=position, **_paper(entry))
        for position, entry in enumerate(config["materials"])
    )


def _columns(config: dict[str, Any]) -> dict[str, Any]:
    window = config["apply_window"]
    same = (
        "key", "name", "name_en", "family", "valid_from", "valid_until", "demo_amounts", "max_months", "basis",
        "graduated_within_years", "full_time_only", "no_own_house", "exclusive_with", "past_periods_only", "contact",
        "contact_en", "legal_basis", "legal_basis_en", "basis_en", "contract_min_months",
    )  # fmt: skip
    return {name: config[name] for name in same} | {
        "region_id": config["region"],
        "unit_kinds": [code for kind in config["employer_types"] for code in config["employer_kinds"][kind]],
        "cap_by_rent": config["cap_by_actual_rent"],
        "window_mode": window["mode"],
        # [year, quarter]: the finest part counts, the year always belongs to it.
        "batch_by": config["batch_by"][-1],
        "window_from": window.get("from", ""),
        "window_to": window.get("to", ""),
        "insurance_min_months": config["social_insurance_min_months"],
        "city_share": Decimal(str(config["fund_split"]["city"])),
    }


def _levels(programme: Programme, config: dict[str, Any]) -> list[ProgrammeLevel]:
    return [
        ProgrammeLevel(
            programme=programme,
            education=config["levels"][name],
            name=name,
            amount=Decimal(str(amount)),
            enabled=name in config["enable_levels"],
        )
        for name, amount in config["standards_yuan_month"].items()
    ]


def _paper(entry: dict[str, Any]) -> dict[str, Any]:
    return {"required": True, "condition": MaterialCondition.ALWAYS} | entry
