"""Employers of the demonstration, registered and approved the way real ones are."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from accounts.enums import TermsKind, UnitForm
from accounts.models import Terms, UnitRegistration, User
from accounts.services import AccountFacts, UnitFacts, register_unit, submit_registration
from portal.demo.names import Invented
from portal.demo.papers import hand_in
from portal.demo.walk import Walker
from workflow import clock
from workflow.actors import Actor
from workflow.enums import Action, OrganisationKind
from workflow.models import Organisation


@dataclass(frozen=True, slots=True)
class DemoUnit:
    username: str
    contact: str
    name: str
    uscc: str
    region: str
    kind: str
    industry: str
    # approved, waiting, returned, draft
    stands: str = "approved"


UNITS = (
    DemoUnit("unit", "王人事", "沧州御河智能装备有限公司", "91130900MA07ABCD0Q", "130902", "32", "C"),
    DemoUnit("unit2", "刘人事", "沧州清池软件有限公司", "91130902MA0EXAMP0", "130902", "32", "I"),
    DemoUnit("unit3", "陈人事", "沧州运河文旅发展有限公司", "91130903MA0EXAMP1", "130903", "31", "R"),
    DemoUnit("unit4", "杨人事", "任丘渤海管件有限公司", "91130982MA0EXAMP2", "130982", "32", "C"),
    DemoUnit("unit5", "朱人事", "沧州浮阳物流有限公司", "91130902MA0EXAMP3", "130902", "32", "G", "waiting"),
    DemoUnit("unit6", "马人事", "沧州狮城餐饮管理有限公司", "91130902MA0EXAMP4", "130902", "40", "H", "returned"),
)
# Registered by the short form of the talent card; 【上传材料】 and 【提交申请】 under 系统管理 are still to come.
DRAFT = DemoUnit("draftunit", "乔人事", "沧州海绿环保材料有限公司", "91130902MA0EXAM58", "130902", "", "", "draft")
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def credit_code(body: str) -> str:
    """The 17 characters of a code with its check character (GB 32100); a whole code stays as it is."""
    if len(body) == 18:
        return body
    return body + ALPHABET[-sum(ALPHABET.index(c) * w for c, w in zip(body, WEIGHTS, strict=True)) % 31]


def make_units(walker: Walker) -> list[Organisation]:
    """Answers the approved ones, the demo unit first."""
    organisations = [_make(index, unit, walker) for index, unit in enumerate(UNITS)]
    return [o for o, unit in zip(organisations, UNITS, strict=True) if unit.stands == "approved"]


def _make(index: int, unit: DemoUnit, walker: Walker) -> Organisation:
    # Only those of long ago lie a day apart: the others would else register in the future.
    days = {"approved": index - 120, "waiting": -2, "returned": -4}[unit.stands]
    with clock.travelling(days):
        registration = _register(index, unit)
        actor = Actor(User.objects.get(pk=registration.case.applicant_id))
        hand_in(registration.case, actor)
        submit_registration(registration.case, actor, token=uuid.uuid4())
    if unit.stands == "waiting":
        return registration.organisation
    with clock.travelling(days + 1):
        if unit.stands == "approved":
            walker.step([registration.case_id], opinion="材料齐全，同意注册。")
        else:
            walker.step([registration.case_id], action=Action.SEND_BACK, opinion="营业执照照片不清晰，请重新上传。")
    return registration.organisation


def make_draft_unit(contact: Invented) -> None:
    bureau = Organisation.objects.get(kind=OrganisationKind.COUNTY_HR, region=DRAFT.region)
    facts = UnitFacts(
        name=DRAFT.name, uscc=credit_code(DRAFT.uscc), region_id=DRAFT.region, supervisor=bureau, is_short=True
    )
    account = AccountFacts(DRAFT.username, DRAFT.contact, contact.phone, "", contact.number)
    with clock.travelling(-1):
        _send(facts, account, UnitForm.SHORT)


def _register(index: int, unit: DemoUnit) -> UnitRegistration:
    bureau = Organisation.objects.get(kind=OrganisationKind.COUNTY_HR, region=unit.region)
    facts = UnitFacts(
        name=unit.name,
        uscc=credit_code(unit.uscc),
        region_id=unit.region,
        supervisor=bureau,
        principal=f"{unit.contact[0]}总经理",
        principal_phone=f"138001000{index:02d}",
        unit_kind=unit.kind,
        industry=unit.industry,
        address="河北省沧州市新华区解放西路1号",
        founded_on=None,
        affiliation="local",
    )
    account = AccountFacts(unit.username, unit.contact, f"137001000{index:02d}", "")
    return _send(facts, account, UnitForm.FULL)


def _send(facts: UnitFacts, account: AccountFacts, variant: UnitForm) -> UnitRegistration:
    return register_unit(
        facts,
        account=account,
        password=str(uuid.uuid4()),
        terms=Terms.objects.of_kinds([TermsKind.UNIT, TermsKind.SENSITIVE]),
        token=uuid.uuid4(),
        variant=variant,
    )
