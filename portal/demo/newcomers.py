"""Two accounts that have only said who they are, a person and a legal person: 【实名等级提升】 can be walked."""

from __future__ import annotations

import uuid
from dataclasses import replace

from accounts.enums import LegalPersonKind, TermsKind
from accounts.models import Terms, User
from accounts.services import AccountFacts
from accounts.services.sign_up import PersonStatement, Statement, UnitStatement, sign_up
from portal.demo.graduates import identity_of
from portal.demo.names import Invented
from portal.demo.people import COUNTY
from portal.demo.units import credit_code

PERSON, UNIT = "newcomer", "newunit"


def make_newcomers(person: Invented, principal: Invented, agent: Invented) -> None:
    identity = replace(identity_of(person), ethnic="", political="", household_id=None)
    _sign_up(
        PersonStatement(identity, valid_from=None, valid_until=None, region_id=COUNTY),
        AccountFacts(PERSON, person.name, person.phone, "", person.number),
    )
    unit = UnitStatement(
        kind=LegalPersonKind.ENTERPRISE,
        name="沧州新程科技有限公司",
        uscc=credit_code("91130902MA0EXAMP7"),
        principal=principal.name,
        principal_document_kind="01",
        principal_number=principal.number,
        agent=agent.name,
        agent_number=agent.number,
        region_id=COUNTY,
        address="河北省沧州市新华区解放西路7号",
    )
    _sign_up(unit, AccountFacts(UNIT, agent.name, agent.phone, "", agent.number))


def _sign_up(statement: Statement, account: AccountFacts) -> User:
    return sign_up(
        statement,
        account=account,
        password=str(uuid.uuid4()),
        terms=Terms.objects.of_kinds([TermsKind.AGREEMENT, TermsKind.SENSITIVE]),
        token=uuid.uuid4(),
    )
