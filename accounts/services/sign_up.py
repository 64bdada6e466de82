"""自然人注册 and 法人注册: an account of the portal, whose phone is proved and whose name is not."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.enums import RealNameLevel, UserKind, VerificationOutcome
from accounts.models import SignUp, StatedPerson, StatedUnit, Terms, UnitRegistration, User, Verification
from accounts.services.accounts import Taken, claim_identifiers, find_taken
from accounts.services.person_registration import IdentityFacts
from accounts.services.registration import AccountFacts, create_account
from workflow import clock
from workflow.models import Organisation

# ``Verification.verifier``: the code by text message.
BY_PHONE = "phone"


@dataclass(frozen=True)
class PersonStatement:
    """What a natural person says of himself. ``valid_until`` is empty for 长期."""

    identity: IdentityFacts
    valid_from: date | None
    valid_until: date | None
    region_id: str | None


@dataclass(frozen=True)
class UnitStatement:
    """What somebody says of a legal person; ``agent`` is who registers it."""

    kind: str
    name: str
    uscc: str
    principal: str
    principal_document_kind: str
    principal_number: str
    agent: str
    agent_number: str
    region_id: str | None
    address: str


Statement = PersonStatement | UnitStatement


def sign_up(
    statement: Statement, *, account: AccountFacts, password: str, terms: Sequence[Terms], token: uuid.UUID
) -> User:
    """Raises Taken. A second call with the token returns the account that the first one made."""
    try:
        return _sign_up(statement, account, password, terms, token)
    except IntegrityError as error:
        # Somebody was faster with a name or number, or the same form came twice at the same moment.
        if first := SignUp.objects.with_token(token):
            return first.user
        raise Taken(_conflicts(statement, account)) from error


@transaction.atomic
def _sign_up(
    statement: Statement, account: AccountFacts, password: str, terms: Sequence[Terms], token: uuid.UUID
) -> User:
    if first := SignUp.objects.with_token(token):
        return first.user
    if errors := _conflicts(statement, account):
        raise Taken(errors)
    is_unit = isinstance(statement, UnitStatement)
    user = create_account(
        account,
        password=password,
        kind=UserKind.UNIT if is_unit else UserKind.PERSON,
        terms=terms,
        is_approved=True,
        real_name_level=RealNameLevel.BASIC,
    )
    SignUp.objects.create(token=token, user=user, at=clock.now())
    claim_identifiers(user, number=account.number, phone=account.phone, uscc=_code(statement))
    _keep(statement, user)
    Verification.objects.create(
        user=user, verifier=BY_PHONE, outcome=VerificationOutcome.PASSED, level=RealNameLevel.BASIC, at=clock.now()
    )
    return user


def _code(statement: Statement) -> str:
    return statement.uscc if isinstance(statement, UnitStatement) else ""


def _keep(statement: Statement, user: User) -> None:
    if isinstance(statement, UnitStatement):
        StatedUnit.objects.create(user=user, **asdict(statement))
        return
    StatedPerson.objects.create(
        user=user,
        valid_from=statement.valid_from,
        valid_until=statement.valid_until,
        region_id=statement.region_id,
        **statement.identity.columns,
    )


def _conflicts(statement: Statement, account: AccountFacts) -> dict[str, str]:
    code = _code(statement)
    for_unit = isinstance(statement, UnitStatement)
    errors = find_taken(number=account.number, phone=account.phone, uscc=code, for_unit=for_unit)
    if User.objects.filter(username=account.username).exists():
        errors["username"] = _("This user name exists already. Choose another one.")
    if code and "uscc" not in errors and _is_known_employer(code):
        errors["uscc"] = _("This unified social credit code is registered already. Ask the contact of the employer.")
    return errors


def _is_known_employer(code: str) -> bool:
    """By a 单位注册 that lives, or as an employer that an office or verifier has agreed to."""
    held = UnitRegistration.objects.holding().filter(organisation__code=code)
    return held.exists() or Organisation.objects.units().active().filter(code=code).exists()
