"""The stages of 渤海英才卡变更 (spec 4.10): the employer confirms, the county looks, the city changes the card."""

from __future__ import annotations

from talent.seeding import read_scheme
from workflow.chain_specs import StageSpec
from workflow.enums import PERSON, OrganisationKind, Role

# As the same offices have for the application itself.
DAYS = read_scheme()["node_workdays"]
TODO = "您有【{count}】个渤海英才卡变更申请待审核"
TODO_EN = "{count} applications to change a Bohai talent card to review"

STAGES = (
    StageSpec(
        slug="unit",
        actor_kind=OrganisationKind.UNIT,
        label="待单位审核",
        label_en="Waiting for the employer's review",
        step="单位审核",
        step_en="Employer's review",
        menu="渤海英才卡变更审核",
        menu_en="Review of card changes",
        todo=TODO,
        todo_en=TODO_EN,
        forward="审核通过",
        forward_en="Approve",
        working_days=DAYS["unit"],
        returns_to=(PERSON,),
    ),
    StageSpec(
        slug="county_specialist",
        actor_kind=OrganisationKind.COUNTY_HR,
        role=Role.SPECIALIST,
        label="待县区服务专员审核",
        label_en="Waiting for the county's service specialist",
        step="县区服务专员审核",
        step_en="Review by the county's service specialist",
        menu="渤海英才卡变更审核",
        menu_en="Review of card changes",
        todo=TODO,
        todo_en=TODO_EN,
        forward="审核通过",
        forward_en="Approve",
        rejection="不予通过",
        rejection_en="Do not approve",
        working_days=DAYS["county_specialist"],
        returns_to=(PERSON, "unit"),
        may_reject=True,
    ),
    # The card is changed when the city approves, and its new edition waits to be printed.
    StageSpec(
        slug="city_specialist",
        actor_kind=OrganisationKind.CITY_HR,
        role=Role.SPECIALIST,
        label="待市服务专员审核",
        label_en="Waiting for the city's service specialist",
        step="市服务专员审核",
        step_en="Review by the city's service specialist",
        menu="渤海英才卡变更审核",
        menu_en="Review of card changes",
        todo=TODO,
        todo_en=TODO_EN,
        forward="审核通过",
        forward_en="Approve",
        rejection="不予通过",
        rejection_en="Do not approve",
        working_days=DAYS["city_specialist"],
        gates=("talent.card_changeable",),
        effects=("talent.change_card",),
        returns_to=("county_specialist", PERSON),
        may_reject=True,
    ),
)
