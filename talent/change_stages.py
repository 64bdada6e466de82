"""The stages of 渤海英才卡变更 (spec 4.10): the employer confirms, the county looks, the city changes the card."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from talent.stages import DAYS
from talent.stages import STAGES as APPLICATION
from workflow.chain_specs import StageSpec
from workflow.enums import PERSON, OrganisationKind

# The same hands as for the application itself, under words of their own.
_SAME = {stage.slug: stage for stage in APPLICATION}
_WORDS: dict[str, Any] = {
    "menu": "渤海英才卡变更审核",
    "menu_en": "Review of card changes",
    "todo": "您有【{count}】个渤海英才卡变更申请待审核",
    "todo_en": "{count} applications to change a Bohai talent card to review",
}

STAGES = (
    StageSpec(
        slug="unit",
        actor_kind=OrganisationKind.UNIT,
        label="待单位审核",
        label_en="Waiting for the employer's review",
        step="单位审核",
        step_en="Employer's review",
        **_WORDS,
        forward="审核通过",
        forward_en="Approve",
        working_days=DAYS["unit"],
        returns_to=(PERSON,),
    ),
    replace(_SAME["county_specialist"], **_WORDS, gates=(), effects=()),
    # The card is changed when the city approves, and its new edition waits to be printed.
    replace(
        _SAME["city_specialist"],
        **_WORDS,
        gates=("talent.card_changeable",),
        effects=("talent.change_card",),
        returns_to=("county_specialist", PERSON),
    ),
)
