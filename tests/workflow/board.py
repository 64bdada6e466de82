"""A service whose cases are published: 发布公示 → 公示中 → 评审 → 本人确认, the last by itself when due."""

import uuid
from dataclasses import dataclass
from typing import Any

from tests.workflow.factories import acting
from tests.workflow.toy import Town
from workflow.actors import Actor
from workflow.chain_specs import ChainSpec, StageSpec
from workflow.enums import PERSON, Action, OrganisationKind
from workflow.models import Act, Case, ChainVersion, PublicNotice
from workflow.registry import CaseType, Column
from workflow.services import Seen, perform, perform_one

BOARD = "board"
SPEC = ChainSpec(
    BOARD,
    (
        StageSpec(
            "publish", OrganisationKind.COUNTY_HR, "待公示", "To be published", "公示", "Publication", "发布公示",
            "Publish", 5, menu="补助公示", menu_en="Notices",
            todo="您有【{count}】个待公示", todo_en="{count} to publish",
            form="workflow.notice", effects=("workflow.publish_notice",), returns_to=(PERSON,),
        ),
        StageSpec(
            "publicity", OrganisationKind.COUNTY_HR, "公示中", "Published", "公示中", "Notice period", "公示结束",
            "Over", 5, gates=("workflow.notice_over", "workflow.no_open_objection"), may_reject=True, automatic=True,
            hand_moved=False,
        ),
        StageSpec(
            "review", OrganisationKind.COUNTY_HR, "待评审", "To be reviewed", "评审", "Review", "评审通过", "Pass", 10,
            gates=("workflow.no_open_objection",), returns_to=("publish", PERSON),
        ),
        StageSpec(
            "person", PERSON, "待个人确认", "To be confirmed", "个人确认", "Confirmation", "确认拨付", "Confirm", 15,
            automatic=True,
        ),
    ),
)  # fmt: skip
NOTICE = {
    "title": "大学生租房补助公示名单",
    "working_days": 5,
    "objection_days": 10,
    "phone": "0317-1234567",
    "email": "",
    "note": "",
}


def board_type() -> CaseType:
    return CaseType(
        key=BOARD,
        label="公示补助",
        code="BRD",
        columns=(
            Column("subject", "姓名"),
            Column("id_masked", "证件号码"),
            Column("degree", "学历"),
            Column("months", "补贴月数", "number"),
            Column("phone_masked", "联系电话"),
            Column("amount", "合计金额", "money"),
        ),
        edit_url="workflow:materials",
        has_amount=True,
    )


@dataclass
class Board:
    town: Town
    chain: ChainVersion

    @property
    def office(self) -> Actor:
        return acting(self.town.county)

    def waiting(self, count: int = 1) -> list[Case]:
        drafts = [self.town.draft(case_type=BOARD, chain=self.chain) for _number in range(count)]
        return [self.town.submit(draft) for draft in drafts]

    def publish(self, cases: list[Case], **payload: Any) -> Act:
        seen = [Seen(case.pk, case.revision) for case in cases]
        return perform(Action.APPROVE, seen, self.office, token=uuid.uuid4(), payload=NOTICE | payload)

    def published(self, count: int = 1, **payload: Any) -> tuple[PublicNotice, list[Case]]:
        act = self.publish(self.waiting(count), **payload)
        return PublicNotice.objects.get(batch__act=act), list(Case.objects.filter(events__act=act).order_by("pk"))

    def approve(self, case: Case) -> Case:
        perform_one(Action.APPROVE, case, self.office)
        return Case.objects.get(pk=case.pk)
