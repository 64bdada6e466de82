"""A small service of its own: 单位 → 县区人社局 → 市人社局 → 本人, with every kind of stage option in it."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms

from tests.workflow.factories import DutyFactory, OrganisationFactory, UserFactory, acting
from workflow import clock, registry
from workflow.actors import Actor
from workflow.chain_specs import ChainSpec, StageSpec
from workflow.enums import PERSON, Action, OrganisationKind, Role
from workflow.lookup_keys import identity_key, tail_key
from workflow.models import Case, ChainVersion, Duty
from workflow.registry import ActContext, CaseType, Column, Document, Look, MaterialRule, Move
from workflow.services import perform_one
from workflow.services.filings import FilingDraft

TOY = "toy"
SPEC = ChainSpec(
    TOY,
    (
        StageSpec(
            "unit",
            OrganisationKind.UNIT,
            "待单位审核",
            "Waiting for the employer",
            "单位审核",
            "Employer",
            "审核通过",
            "Approve",
            5,
            menu="玩具审核",
            menu_en="Toy review",
            todo="您有【{count}】个玩具申请待审核",
            todo_en="{count} toys to review",
            returns_to=(PERSON,),
        ),
        StageSpec(
            "report",
            OrganisationKind.UNIT,
            "待单位上报",
            "Waiting for the report",
            "单位上报",
            "Report",
            "上报至县人社局",
            "Report to the county",
            5,
            menu="玩具上报",
            menu_en="Toy report",
            todo="您有【{count}】个玩具申请待上报",
            todo_en="{count} toys to report",
            backward="退回到单位待审核",
            backward_en="Back to the review",
            returns_to=("unit",),
        ),
        StageSpec(
            "county",
            OrganisationKind.COUNTY_HR,
            "待县区人社局审核",
            "Waiting for the county",
            "县区人社局审核",
            "County",
            "审核通过",
            "Approve",
            10,
            menu="县区审核",
            menu_en="County review",
            todo="您有【{count}】个玩具申请待审核",
            todo_en="{count} toys to review",
            returns_to=(PERSON, "unit"),
            may_reject=True,
            gates=("toy.open",),
        ),
        StageSpec(
            "organisation",
            OrganisationKind.COUNTY_ORG,
            "待县区组织部确认",
            "Waiting for the department",
            "县组织部确认",
            "Department",
            "确认",
            "Confirm",
            5,
            optional=True,
        ),
        StageSpec(
            "city",
            OrganisationKind.CITY_HR,
            "待市人社局拨付",
            "Waiting for the payment",
            "市人社局拨付",
            "Payment",
            "确认拨付",
            "Confirm the payment",
            5,
            menu="拨付",
            menu_en="Payment",
            todo="您有【{count}】个玩具待拨付",
            todo_en="{count} to pay",
            form="toy.voucher",
            effects=("toy.pay",),
            barred=("county",),
            returns_to=("county",),
        ),
        StageSpec(
            "person",
            PERSON,
            "待个人确认",
            "Waiting for the applicant",
            "个人确认",
            "Confirmation",
            "确认拨付",
            "Confirm receipt",
            15,
        ),
    ),
)
# All but the optional one, which the toy town has no office for.
STAGES = [spec.slug for spec in SPEC.stages if spec.slug != "organisation"]


class VoucherForm(forms.Form):
    voucher = forms.CharField(label="凭证号", max_length=20)
    paid_on = forms.DateField(label="拨付日期")
    paper = forms.FileField(label="凭证", required=False)


def toy_pages(cases: Sequence[Case], look: Look) -> Iterator[str]:
    return (f"<h1>{case.number}</h1><p>{case.subject}: {look.reason}</p>" for case in cases)


def toy_type() -> CaseType:
    return CaseType(
        key=TOY,
        label="玩具补助",
        code="TOY",
        columns=(
            Column("subject", "姓名"),
            Column("id_masked", "证件号码"),
            Column("degree", "学历"),
            Column("start", "补助申领起始日期", "month"),
            Column("months", "补贴月数", "number"),
            Column("amount", "合计金额", "money"),
            Column("submitted_at", "上报时间", "date"),
        ),
        edit_url="workflow:materials",
        materials=lambda case: (MaterialRule("id_card", "身份证", required=True),),
        documents=(Document("form", "补助申请表", toy_pages),),
        has_amount=True,
        passes_along={"unit": "report"},
    )


@dataclass
class Gate:
    """Closed for the cases whose name stands here."""

    closed: dict[str, str] = field(default_factory=dict)
    asked: int = 0

    def __call__(self, cases: Sequence[Case]) -> registry.Closed:
        self.asked += 1
        return {case.pk: self.closed[case.subject] for case in cases if case.subject in self.closed}


@dataclass
class Payments:
    paid: list[int] = field(default_factory=list)

    def __call__(self, moves: Sequence[Move], context: ActContext) -> None:
        self.paid += [move.case.pk for move in moves]


@dataclass
class Town:
    """One county with an employer, its offices and their people."""

    chain: ChainVersion
    gate: Gate
    payments: Payments
    person: Any
    unit: Duty
    county: Duty
    city: Duty
    filed: int = 0

    @property
    def applicant(self) -> Actor:
        return Actor(self.person)

    def actor(self, who: str) -> Actor:
        return self.applicant if who == PERSON else acting(getattr(self, who))

    def draft(self, **fields: Any) -> Case:
        values = {
            "case_type": TOY,
            "chain": self.chain,
            "applicant": self.person,
            "unit": self.unit.organisation,
            "supervisor": self.county.organisation,
            "region": self.county.organisation.region,
            "created_at": clock.now(),
        }
        return Case.objects.create(**values | fields)

    def filing(self, number: int, **fields: Any) -> FilingDraft:
        id_number = f"13090219990307{number:04d}"
        values: dict[str, Any] = {
            "subject": f"赵{number}",
            "subject_key": identity_key(id_number),
            "summary": {
                "id_masked": f"130902********{number:04d}",
                "tail_key": tail_key(id_number),
                "degree": "硕士",
                "start": "2026-01",
                "months": 6,
            },
            "content": {
                "sections": [
                    {
                        "key": "rent",
                        "title": "租房",
                        "rows": [
                            {"key": "street", "label": "租住地址", "value": "解放路1号", "kind": "text"},
                            {"key": "rent", "label": "月租金", "value": "800.00", "kind": "money"},
                        ],
                    }
                ],
                "checks": [{"rule": "学历", "passed": True, "reason": "硕士研究生", "clause": "第三条"}],
                "materials": [],
            },
            "entitlement": {"months": 6},
            "amount": Decimal("6000.00"),
        }
        return FilingDraft(**values | fields)

    def submit(self, case: Case, **fields: Any) -> Case:
        self.filed += 1
        draft = self.filing(self.filed, **fields)
        perform_one(Action.SUBMIT, case, Actor(case.applicant), filings={case.pk: draft})
        return Case.objects.get(pk=case.pk)

    def at(self, stage: str, **fields: Any) -> Case:
        """A new case that has travelled to this stage by the hands of this town's people."""
        case = self.submit(self.draft(), **fields)
        while case.stage != stage:
            case = self.move(case, Action.APPROVE)
        return case

    def move(self, case: Case, action: Action, who: str = "", **options: Any) -> Case:
        hands = {"unit": "unit", "report": "unit", "county": "county", "city": "city", "person": PERSON}
        if action in (Action.SEND_BACK, Action.REJECT):
            options.setdefault("opinion", "请补正")
        perform_one(action, case, self.actor(who or hands[case.stage]), token=uuid.uuid4(), **options)
        return Case.objects.get(pk=case.pk)


def make_town(chain: ChainVersion, gate: Gate, payments: Payments) -> Town:
    return Town(
        chain,
        gate,
        payments,
        person=UserFactory(),
        unit=DutyFactory(role=Role.HANDLER),
        county=DutyFactory(organisation=OrganisationFactory(county_hr=True)),
        city=DutyFactory(organisation=OrganisationFactory(city_hr=True)),
    )
