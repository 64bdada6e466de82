"""One small county in which something of everything has happened, and somebody of every kind looks at it."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Consent, DataRequest, Person, User
from accounts.services import data_requests
from subsidies.models import BankFile, RentApplication
from subsidies.services.payments import record_bounce
from subsidies.services.stops import stop_payments
from subsidies.services.submission import submit_application
from talent.enums import ChangeKind
from talent.models import Card, CardApplication, CardChange, PrintRun, Proof, ServiceRequest, SummaryBatch
from talent.services.card_prints import make_run
from talent.services.cards import report_loss
from talent.services.change import start_change
from talent.services.request import save_request, start_request, submit_request
from talent.services.summary import export_summary
from talent.services.wallet import add_proof
from tests.accounts.counters import asked, make_counter, opened
from tests.accounts.factories import OfficeFactory, OfficerFactory, PersonFactory, UnitFactory, UserFactory
from tests.accounts.filling import register_unit
from tests.subsidies.bank import keep, row, workbook
from tests.subsidies.factories import (
    RentApplicationFactory,
    add_required_papers,
    make_submittable_application,
    make_submitted_application,
)
from tests.subsidies.walking import OFFICES, fresh, officer_of, open_offices, payment_of, press, walk
from tests.talent.card_factories import CardApplicationFactory, make_submitted_card_application
from tests.talent.cards import make_card, officer_actor
from tests.talent.factories import months_ahead
from tests.talent.space import make_rows
from tests.workflow.files import pdf
from workflow import clock
from workflow.actors import Actor
from workflow.enums import Action
from workflow.models import Batch, BatchMember, Case, Job, Material, Organisation, Region, Selection
from workflow.seats import seat_of
from workflow.services.jobs import start_job
from workflow.services.materials import add_material
from workflow.services.notices import register_objection
from workflow.services.perform import Seen
from workflow.services.selections import select_cases

RENT = "graduate_rent"
COUNTY_OFFICES = ("county_org", "county_fin")


@dataclass
class Landscape:
    """The named things that addresses point at."""

    users: dict[str, User | None]
    draft: RentApplication
    waiting: Case
    withdrawn: Case
    card_draft: CardApplication
    card_waiting: CardApplication
    card_withdrawn: CardApplication
    # Names a colleague whose application waits at the county.
    summary: SummaryBatch
    # Printed, then lost; a service was asked for before, and the replacement is a draft.
    card: Card
    run: PrintRun
    request: ServiceRequest
    change: CardChange
    published: Case
    paid: Case
    material: Material
    proof: Proof
    # {kind: a row of the talent space}
    space: dict[str, int]
    selection: Selection
    act: uuid.UUID
    member: BatchMember
    payout: Batch
    job: Job
    bank_file: BankFile
    objection: Any
    bounce: Any
    stop: Any
    # Of whoever the things happen to, who waits for an answer about the own data.
    asked: DataRequest
    consent: Consent


def make_landscape() -> Landscape:
    """Needs the demo clock: a public notice must end before anybody is paid."""
    unit = UnitFactory()
    land = make_things(PersonFactory(unit=unit))
    finance = officer_of(land.payout.organisation)
    land.users = _people(land.draft.person.users.get(), unit, officer_of(unit.parent), finance)
    return land


def make_things(person: Person) -> Landscape:
    """One of everything that happens to somebody, and nobody yet who looks at it."""
    open_offices()
    unit = person.unit
    assert unit is not None
    for kind in COUNTY_OFFICES:
        OfficeFactory(kind=kind, region=unit.region)
    # Before the clock runs on, perhaps into the next month.
    earlier = {"start": months_ahead(-14), "end": months_ahead(-13), "lease_start": months_ahead(-15)}
    paid = make_submitted_application(person=person, start=months_ahead(-12), end=months_ahead(-7)).case
    walk(paid, to="person_confirm")
    bureau, finance = officer_of(unit.parent), officer_of(payment_of(paid).organisation)
    bounce = record_bounce(payment_of(paid), finance, reason="户名不符", bounced_on=clock.today())
    stop = stop_payments(person.number, bureau, starts_on=clock.today(), reason="已离职")
    published = make_submitted_application(unit=unit).case
    walk(published, to="publish")
    act = press(Action.APPROVE, published)
    member = BatchMember.objects.get(batch__act=act)
    objection = register_objection(
        member.batch.notice, member=member, name="赵七", contact="13800000000", content="有异议", token=uuid.uuid4()
    )
    waiting = _file_with_a_scan(person)
    walk(waiting, to="county_hr")
    waiting = fresh(waiting)
    withdrawn = make_submitted_application(person=person, work=False, **earlier).case
    press(Action.WITHDRAW, withdrawn, actor=Actor(user=withdrawn.applicant))
    draft = RentApplicationFactory(person=person, work=False, start=months_ahead(0), end=months_ahead(1))
    add_required_papers(draft)
    return Landscape(
        users={},
        draft=draft,
        waiting=waiting,
        withdrawn=withdrawn,
        **_apply_for_cards(person),
        summary=_tabulate(unit),
        **_hold_a_card(person),
        published=fresh(published),
        paid=fresh(paid),
        material=waiting.materials.get(name="扫描件.pdf"),
        proof=_prove(person),
        space=make_rows(person),
        selection=_select(bureau, waiting),
        act=act.pk,
        member=member,
        payout=Batch.objects.filter(organisation=finance.organisation, members__case=paid).latest("pk"),
        job=start_job("workflow.export_queue", "导出", {}, bureau),
        bank_file=keep(workbook(row(paid, "成功")), finance),
        objection=objection,
        bounce=bounce,
        stop=stop,
        asked=_ask(person.users.get()),
        consent=Consent.objects.standing_of(person.users.get().pk)[0],
    )


def _apply_for_cards(person: Person) -> dict[str, CardApplication]:
    """One waits for the employer, one was taken back, one is being filled in."""
    rest: dict[str, Any] = {"person": person, "work": False}
    withdrawn = make_submitted_card_application(**rest)
    press(Action.WITHDRAW, withdrawn.case, actor=Actor(user=withdrawn.case.applicant))
    rest |= {"photo": False, "education": False}
    waiting = make_submitted_card_application(**rest)
    draft = CardApplicationFactory(**rest)
    return {"card_draft": draft, "card_waiting": waiting, "card_withdrawn": withdrawn}


def _hold_a_card(person: Person) -> dict[str, Any]:
    card, holder = make_card(person), Actor(user=person.users.get())
    run = make_run([card], officer_actor(), at=clock.now(), token=uuid.uuid4())
    request = start_request(card, card.scheme.services.get(code="archive"), holder)
    save_request(request, holder, content="请协助转入人事档案。")
    submit_request(request, holder, token=uuid.uuid4())
    report_loss(card, actor=holder)
    card = Card.objects.whole().get(pk=card.pk)
    return {"card": card, "run": run, "request": request, "change": start_change(card, ChangeKind.REPLACE, holder)}


def _tabulate(unit: Organisation) -> SummaryBatch:
    colleague, handler = make_submitted_card_application(unit=unit).case, officer_of(unit)
    press(Action.APPROVE, colleague, actor=handler)
    return export_summary([colleague.pk], handler)


def _file_with_a_scan(person: Person) -> Case:
    application = make_submittable_application(person=person, work=False)
    actor = Actor(user=application.case.applicant)
    add_material(application.case, kind="id_card", upload=SimpleUploadedFile("扫描件.pdf", pdf()), actor=actor)
    submit_application(application, actor, token=application.case.token, pledged=True)
    return application.case


def _prove(person: Person) -> Proof:
    upload = SimpleUploadedFile("劳动合同.pdf", pdf())
    actor = Actor(user=person.users.get())
    return add_proof(person.work_experiences.get(), kind="work_contract", upload=upload, actor=actor)


def _ask(owner: User) -> DataRequest:
    wish = "民族应为回族"
    return data_requests.ask(owner, kind="correction", subject="identity", wish=wish, token=uuid.uuid4())


def _select(bureau: Actor, case: Case) -> Selection:
    seat = seat_of(bureau, RENT, "county_hr")
    assert seat is not None
    assert bureau.user_id is not None
    return select_cases(seat, bureau.user_id, ticked=[Seen(case.pk, case.revision)], criteria="")


def _counter(applicant: User) -> User:
    """An officer who has opened an account and accepted a reset, which waits for a second officer."""
    counter = make_counter()
    opened(counter)
    assert applicant.person is not None
    asked(counter, applicant, applicant.person.number)
    return counter.first


def _people(applicant: User, unit: Any, bureau: Actor, finance: Actor) -> dict[str, User | None]:
    county = Region.objects.get(pk="130903")
    elsewhere = OfficeFactory(kind="county_hr", region=county)
    pending = register_unit(Client(), n=4242)
    users = {
        "anonymous": None,
        "pending": User.objects.get(pk=pending.applicant_id),
        "applicant": applicant,
        "person": PersonFactory(unit=unit).users.get(),
        "unit": unit.duties.get().user,
        "other_unit": UnitFactory(region=county, parent=elsewhere).duties.get().user,
        "county_hr": bureau.user,
        "other_county_hr": OfficerFactory(office=elsewhere),
        "admin": UserFactory(administrator=True),
        "counter": _counter(applicant),
        "other_counter": make_counter("130903").first,
    }
    offices = {kind: officer_of(OfficeFactory(kind=kind)).user for kind in OFFICES}
    assert offices["county_fin"] == finance.user
    return users | offices
