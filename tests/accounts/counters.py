"""A counter with two officers, what they type into its forms, and the papers that they scan."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.enums import CodePurpose, CounterSubject
from accounts.models import CounterOpening, CounterReset, User
from accounts.services.counter_openings import OpeningFacts, open_account
from accounts.services.counter_resets import ResetFacts, ask_reset, confirm_reset
from tests.accounts.factories import OfficeFactory, OfficerFactory, credit_code, id_number, phone_number
from tests.accounts.filling import proved
from tests.workflow.files import pdf
from workflow.actors import Actor
from workflow.models import Duty, Organisation

RENT = "graduate_rent"
OPEN = "/counter/openings/new/"
PAPERS = ("code", "licence", "agent_card")


@dataclass
class Counter:
    """An organisation below the county's HR bureau and the two who work there."""

    organisation: Organisation
    first: User
    second: User

    @property
    def actor(self) -> Actor:
        return actor_of(self.first)

    @property
    def other(self) -> Actor:
        return actor_of(self.second)

    def client(self, user: User | None = None) -> Client:
        client = Client()
        client.force_login(user or self.first)
        return client


def actor_of(user: User) -> Actor:
    return Actor.in_duty(
        Duty.objects.select_related("organisation__region", "organisation__parent").get(user=user), user
    )


def make_counter(region: str = "130902") -> Counter:
    bureau = OfficeFactory(kind="county_hr", region_id=region, code=f"{region}-county_hr")
    place = OfficeFactory(
        kind="counter", region_id=region, code=f"{region}-counter", name=f"{bureau.name}受理点", parent=bureau
    )
    return Counter(place, OfficerFactory(office=place), OfficerFactory(office=place))


def scan(name: str = "协议.pdf", content: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or pdf())


def unit_opening(n: int = 1, **changes: Any) -> dict[str, Any]:
    """A complete 开户受理 of the n-th enterprise."""
    form = {
        "token": str(uuid.uuid4()),
        "papers": list(PAPERS),
        "unit_name": f"沧州窗口{n}有限公司",
        "uscc": credit_code(n + 50_000),
        "social_number": f"SB{n:06d}",
        "bureau": str(Organisation.objects.get(code="130902-county_hr").pk),
        "agent": "韩经办",
        "document_kind": "01",
        "number": id_number(n, "19850607"),
        "phone": phone_number(n + 700_000),
        "items": [RENT, "person_registration"],
        "valid_until": "",
        "username": "",
        "scan": scan(),
    }
    return form | changes


def person_opening(n: int = 1, **changes: Any) -> dict[str, Any]:
    form = {
        "token": str(uuid.uuid4()),
        "papers": ["own_card"],
        "agent": "蒋个人",
        "document_kind": "01",
        "number": id_number(n, "19910203"),
        "phone": phone_number(n + 800_000),
        "items": [RENT],
        "valid_until": "",
        "username": "",
    }
    return form | changes


def post_opening(client: Client, form: dict[str, Any], subject: str = "enterprise") -> Any:
    """With the code that proves the phone."""
    code = form.get("code") or proved(client, form["phone"], CodePurpose.COUNTER)
    return client.post(f"{OPEN}?subject={subject}", form | {"code": code})


def facts(n: int = 1, subject: CounterSubject = CounterSubject.ENTERPRISE, **changes: Any) -> OpeningFacts:
    is_person = subject == CounterSubject.PERSON
    known: dict[str, Any] = {
        "subject": subject,
        "username": f"c{n:04d}",
        "name": "蒋个人" if is_person else f"沧州窗口{n}有限公司",
        "agent": "蒋个人" if is_person else "韩经办",
        "document_kind": "01",
        "number": id_number(n, "19870809"),
        "phone": phone_number(n + 900_000),
        "phone_proved": True,
        "items": (RENT,) if is_person else (RENT, "person_registration"),
        "papers": ("own_card",) if is_person else PAPERS,
        "uscc": "" if is_person else credit_code(n + 60_000),
        "bureau": None if is_person else Organisation.objects.get(code="130902-county_hr"),
        "scan": None if is_person else scan(),
    }
    return OpeningFacts(**(known | changes))


def opened(counter: Counter, n: int = 1, **changes: Any) -> CounterOpening:
    opening = open_account(facts(n, **changes), counter.actor, token=uuid.uuid4())
    return CounterOpening.objects.whole().get(pk=opening.pk)


def reset_facts(number: str, subject: CounterSubject = CounterSubject.PERSON, **changes: Any) -> ResetFacts:
    known: dict[str, Any] = {
        "subject": subject,
        "agent": "蒋个人",
        "document_kind": "01",
        "number": number,
        "papers": ("own_card",) if subject == CounterSubject.PERSON else PAPERS,
        "scan": scan("申请单.pdf"),
    }
    return ResetFacts(**(known | changes))


def asked(counter: Counter, user: User, number: str, **changes: Any) -> CounterReset:
    return ask_reset(user, reset_facts(number, **({"agent": str(user)} | changes)), counter.actor, token=uuid.uuid4())


def confirmed(counter: Counter, user: User, number: str) -> CounterReset:
    reset = asked(counter, user, number)
    confirm_reset(reset, counter.other)
    return CounterReset.objects.whole().get(pk=reset.pk)
