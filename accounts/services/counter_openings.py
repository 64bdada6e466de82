"""开户受理: account, employer or person, granted items, signed paper and notice come into being together."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import CounterDeed, CounterSubject, RealNameLevel, TermsKind, UserKind
from accounts.grants import grant
from accounts.hashes import phone_key
from accounts.message_kinds import load_kinds
from accounts.models import Consent, CounterOpening, CounterSheet, Grant, Person, Terms, User
from accounts.services.accounts import Taken, claim_identifiers, find_taken
from accounts.services.counter_log import note_deed
from accounts.services.counter_scans import keep_scan
from accounts.services.first_duties import give_first_duties
from accounts.services.lock_order import lock_known
from accounts.services.real_name import COUNTER, raise_level
from accounts.services.security_notices import tell_of_change
from accounts.services.stated_claims import lock_users, yield_claims
from accounts.services.unit_registration import UnitFacts, unit_conflicts, write_organisation
from workflow import clock
from workflow.actors import Actor
from workflow.identifiers import read_document
from workflow.lookup_keys import identity_key
from workflow.models import Duty, Organisation

load_kinds(Path(__file__).parent.parent / "data" / "counter_messages.yaml")

ACCOUNT_OPENED = "counter_opened"
# What the kinds of spec 6.2 are in the list of kinds of employers; an enterprise says more of itself later.
UNIT_KINDS = {
    CounterSubject.NON_PROFIT: "51",
    CounterSubject.GOVERNMENT: "10",
    CounterSubject.INSTITUTION: "20",
}
DIGITS = "23456789"
# It is the officer who reads this, not whoever holds the number.
FOR_THE_OFFICER = {
    "number": gettext_lazy(
        "This document number has an account already. A lost password is renewed by a reset of the password; the "
        "agent of an employer is changed by the employer first."
    ),
    "phone": gettext_lazy(
        "This mobile number signs in to another account already. Compare the number or take another one; whoever lost "
        "the password of that account gets a reset of the password."
    ),
}


@dataclass(frozen=True, slots=True)
class OpeningFacts:
    """What the officer typed, normalised; ``name`` of the employer or the person, ``agent`` of who came."""

    subject: CounterSubject
    username: str
    name: str
    agent: str
    document_kind: str
    number: str
    phone: str
    phone_proved: bool
    items: tuple[str, ...]
    papers: tuple[str, ...]
    valid_until: date | None = None
    uscc: str = ""
    social_number: str = ""
    bureau: Organisation | None = None
    scan: File[bytes] | None = None

    @property
    def is_person(self) -> bool:
        return self.subject == CounterSubject.PERSON

    @property
    def claimed_phone(self) -> str:
        """Nobody signs in by a phone that was not proved."""
        return self.phone if self.phone_proved else ""


def open_account(facts: OpeningFacts, actor: Actor, *, token: uuid.UUID) -> CounterOpening:
    """Raises Taken, or ValidationError for the scan. A second call with the token returns the first opening."""
    try:
        return _open(facts, actor, token)
    except IntegrityError as error:
        # Somebody was faster with a number, or the same form came twice at the same moment.
        if first := CounterOpening.objects.with_token(token):
            return first
        raise Taken(_conflicts(facts)) from error


@transaction.atomic
def _open(facts: OpeningFacts, actor: Actor, token: uuid.UUID) -> CounterOpening:
    if first := CounterOpening.objects.with_token(token):
        return first
    lock_known(number=facts.number, uscc=facts.uscc)
    # The officer has the documents before them: whoever merely states these numbers keeps nobody out.
    yield_claims(number=facts.number, uscc=facts.uscc)
    if errors := _conflicts(facts):
        raise Taken(errors)
    user = _make_user(facts)
    unit = None if facts.is_person else _make_unit(facts, user)
    if unit is None:
        _make_person(facts, user)
    assert actor.user_id is not None
    assert actor.organisation is not None
    raise_level([user], level=RealNameLevel.HIGH, verifier=COUNTER, officer=actor.user_id)
    grant(user, facts.items)
    opening = _write(facts, actor, token, user, unit)
    _keep_paper(facts, opening)
    CounterSheet.objects.create(
        counter=actor.organisation, user=user, opening=opening, print_until=clock.machine_now() + sheet_days()
    )
    note_deed(actor, CounterDeed.OPENED, opening=opening)
    tell_of_change(user, ACCOUNT_OPENED, phone=facts.claimed_phone)
    return opening


def sheet_days() -> timedelta:
    """How long a notice waits to be printed, and how long the password on it is good."""
    return timedelta(days=settings.COUNTER_NOTICE_DAYS)


def _conflicts(facts: OpeningFacts) -> dict[str, str]:
    taken = find_taken(number=facts.number, phone=facts.claimed_phone)
    errors = {field: str(FOR_THE_OFFICER[field]) for field in taken}
    if facts.username and User.objects.filter(username=facts.username).exists():
        errors["username"] = _("This user name exists already. Choose another one.")
    return errors if facts.is_person else errors | unit_conflicts(_unit_facts(facts))


def _unit_facts(facts: OpeningFacts) -> UnitFacts:
    """The rest the employer fills in itself under 单位信息管理."""
    assert facts.bureau is not None
    return UnitFacts(
        name=facts.name,
        uscc=facts.uscc,
        region_id=facts.bureau.region_id,
        supervisor=facts.bureau,
        principal="",
        principal_phone="",
        unit_kind=UNIT_KINDS.get(facts.subject, ""),
        industry="",
        address="",
        founded_on=None,
        affiliation="local",
    )


def _make_user(facts: OpeningFacts) -> User:
    """No password opens it before the notice is printed."""
    user = User.objects.create(
        username=facts.username or _free_name(facts),
        password=make_password(None),
        name=facts.agent,
        phone=facts.phone,
        kind=UserKind.PERSON if facts.is_person else UserKind.UNIT,
        is_approved=True,
        is_limited=True,
        valid_until=facts.valid_until,
    )
    claim_identifiers(user, number=facts.number, phone=facts.claimed_phone)
    return user


def _free_name(facts: OpeningFacts) -> str:
    """Short, and read off paper without doubt."""
    start = "gr" if facts.is_person else "dw"
    while True:
        name = start + "".join(secrets.choice(DIGITS) for _place in range(8))
        if not User.objects.filter(username=name).exists():
            return name


def _make_unit(facts: OpeningFacts, user: User) -> Organisation:
    """It acts at once: the officer has seen its papers."""
    unit = write_organisation(_unit_facts(facts))
    unit.active = True
    unit.save(update_fields=["active"])
    give_first_duties(user, unit)
    return unit


def _make_person(facts: OpeningFacts, user: User) -> Person:
    """Whoever had an account before is the same person again."""
    card = read_document(facts.document_kind, facts.number)
    known: dict[str, Any] = {
        "document_kind": facts.document_kind,
        "number": facts.number,
        "name": facts.name,
        "phone": facts.phone,
        "phone_hash": phone_key(facts.phone),
    }
    if card is not None:
        known |= {"sex": card.sex, "birth_date": card.birth_date}
    person, _created = Person.objects.update_or_create(
        number_hash=identity_key(facts.number),
        defaults=known,
        create_defaults=known | {"created_at": clock.now()},
    )
    user.person = person
    user.save(update_fields=["person"])
    return person


def _write(
    facts: OpeningFacts, actor: Actor, token: uuid.UUID, user: User, unit: Organisation | None
) -> CounterOpening:
    assert actor.user_id is not None
    assert actor.organisation is not None
    return CounterOpening.objects.create(
        token=token,
        counter=actor.organisation,
        officer_id=actor.user_id,
        subject=facts.subject,
        agent=facts.agent,
        document_kind=facts.document_kind,
        number=facts.number,
        papers=list(facts.papers),
        at=clock.now(),
        user=user,
        organisation=unit,
        name=facts.name,
        uscc=facts.uscc,
        social_number=facts.social_number,
        phone=facts.phone,
        phone_proved=facts.phone_proved,
        valid_until=facts.valid_until,
    )


def _keep_paper(facts: OpeningFacts, opening: CounterOpening) -> None:
    """Whoever has signed the agreement has agreed to this version of it."""
    if facts.scan is None:
        return
    keep_scan(facts.scan, opening=opening)
    terms = Terms.objects.current(TermsKind.COUNTER)
    Consent.objects.create(user=opening.user, terms=terms, given_at=clock.now())


@transaction.atomic
def change_grants(
    opening: CounterOpening, actor: Actor, *, items: Iterable[str], valid_until: date | None
) -> CounterOpening:
    """授权事项 and 有效期 anew, also for the limited accounts that the employer has set up since.

    The employer is held, as while it sets up an account: none is passed over.
    """
    Organisation.objects.select_for_update(of=("self",), no_key=True).filter(pk=opening.organisation_id or 0).first()
    opening = CounterOpening.objects.select_for_update(of=("self",)).get(pk=opening.pk)
    limited = User.objects.filter(is_limited=True)
    mine = limited.filter(pk=opening.user_id)
    if opening.organisation_id is not None:
        mine |= limited.filter(pk__in=Duty.objects.filter(organisation=opening.organisation_id).values("user"))
    keys = [user.pk for user in lock_users(mine.values_list("pk", flat=True))]
    Grant.objects.filter(user__in=keys).delete()
    wanted = set(items)
    for user in User.objects.filter(pk__in=keys).order_by("pk"):
        grant(user, wanted)
    User.objects.filter(pk__in=keys).update(valid_until=valid_until)
    opening.valid_until = valid_until
    opening.save(update_fields=["valid_until"])
    note_deed(actor, CounterDeed.CHANGED, opening=opening)
    return opening
