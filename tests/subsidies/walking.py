"""Walking cases of the rent subsidy through the chain by the real ``perform``."""

from datetime import timedelta
from typing import Any

from subsidies.models import Payment, RentApplication
from tests.accounts.factories import OfficeFactory, OfficerFactory
from tests.subsidies.factories import make_submitted_application
from workflow import clock
from workflow.actors import SYSTEM, Actor
from workflow.enums import PERSON, Action, OrganisationKind
from workflow.models import Act, Case, Duty, Organisation
from workflow.services import Seen, perform

OFFICES = ("county_org", "county_fin", "city_hr", "city_org", "city_fin")
VOUCHER = {"voucher": "记-0042", "paid_on": "2026-11-20"}
PAYLOADS: dict[str, dict[str, Any]] = {
    "publish": {
        "title": "大学生租房补助公示",
        "working_days": 5,
        "objection_days": 10,
        "phone": "0317-12345",
        "email": "",
        "note": "",
    },
    "review": {"met_on": "2026-11-20", "experts": "张三，李四", "conclusion": "评审一致通过"},
    "city_fin": VOUCHER | {"document": "沧财指〔2026〕12号"},
    "county_fin": VOUCHER,
}


def open_offices() -> None:
    """Every office that the chain needs beside the county HR bureau, which comes with the unit."""
    for kind in OFFICES:
        OfficeFactory(kind=OrganisationKind(kind))


def officer_of(organisation: Organisation) -> Actor:
    duty = Duty.objects.filter(organisation=organisation).first()
    user = duty.user if duty is not None else OfficerFactory(office=organisation)
    return Actor.in_duty(duty or user.duties.get(), user)


def holder_of(case: Case) -> Actor:
    """Whoever may press the forward button where the case stands now."""
    stage = case.current_stage
    assert stage is not None
    if not stage.hand_moved:
        return SYSTEM
    if stage.actor_kind == PERSON:
        return Actor(user=case.applicant)
    assert case.holder is not None
    return officer_of(case.holder)


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def press(action: Action, *cases: Case, actor: Actor | None = None, **options: Any) -> Act:
    """One act over the cases as they stand now."""
    now = [fresh(case) for case in cases]
    options.setdefault("payload", PAYLOADS.get(now[0].stage, {}) if action == Action.APPROVE else {})
    return perform(action, [Seen(case.pk, case.revision) for case in now], actor or holder_of(now[0]), **options)


def forward(*cases: Case) -> Act:
    act = press(Action.APPROVE, *cases)
    assert act.refused == [], act.refused
    return act


def end_notice(case: Case) -> None:
    """The published days pass: the day after the last one has come."""
    due_on = fresh(case).due_on
    assert due_on is not None
    clock.move_ahead((due_on - clock.today()).days + 1)


def walk(*cases: Case, to: str) -> None:
    """Press forward until the cases stand at this stage ("" = completed)."""
    while fresh(cases[0]).stage != to:
        if fresh(cases[0]).stage == "publicity":
            end_notice(cases[0])
        forward(*cases)


def application_at(stage: str, **facts: Any) -> RentApplication:
    open_offices()
    application = make_submitted_application(**facts)
    walk(application.case, to=stage)
    return RentApplication.objects.select_related("case").get(pk=application.pk)


def payment_of(case: Case) -> Payment:
    return Payment.objects.get(case=case, bounce=None)


def days_later(days: int) -> Any:
    return clock.today() + timedelta(days=days)
