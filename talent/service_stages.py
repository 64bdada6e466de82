"""The stages of 渤海英才卡服务 (spec 4.10): the county's specialist takes it on, then says what came of it."""

from __future__ import annotations

from workflow.chain_specs import StageSpec
from workflow.enums import PERSON, OrganisationKind, Role

# Where a request stands that was taken on.
TAKEN_ON = "finish"

STAGES = (
    StageSpec(
        slug="accept",
        actor_kind=OrganisationKind.COUNTY_HR,
        role=Role.SPECIALIST,
        label="待服务专员受理",
        label_en="Waiting to be taken on",
        step="服务专员受理",
        step_en="Taken on by the service specialist",
        menu="渤海英才卡服务受理",
        menu_en="Services by card to take on",
        todo="您有【{count}】个渤海英才卡服务申请待受理",
        todo_en="{count} requests for services by card to take on",
        forward="受理",
        forward_en="Take it on",
        rejection="不予受理",
        rejection_en="Do not take it on",
        working_days=2,
        form="talent.acceptance",
        gates=("talent.card_serves",),
        effects=("talent.accept_service",),
        returns_to=(PERSON,),
        may_reject=True,
    ),
    # Due when the time limit that was named on taking it on ends.
    StageSpec(
        slug=TAKEN_ON,
        actor_kind=OrganisationKind.COUNTY_HR,
        role=Role.SPECIALIST,
        label="办理中",
        label_en="Being handled",
        step="办结",
        step_en="Finished",
        menu="渤海英才卡服务办结",
        menu_en="Services by card to finish",
        todo="您有【{count}】个渤海英才卡服务申请待办结",
        todo_en="{count} requests for services by card to finish",
        forward="办结",
        forward_en="Finish",
        working_days=10,
        form="talent.service_result",
        effects=("talent.finish_service",),
        returns_to=("accept", PERSON),
    ),
)
