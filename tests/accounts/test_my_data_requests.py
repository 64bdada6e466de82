"""更正 and 删除: asked for, answered by somebody else with a reason; what goes, what is kept, what stays provable."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client

from accounts.models import (
    DataErasure,
    DataRequest,
    Identifier,
    Notification,
    Person,
    PersonRegistration,
    TextMessage,
    User,
)
from accounts.services.accounts import find_taken
from accounts.services.data_requests import answer, ask, take_back
from accounts.services.expiry import expire_registrations
from subsidies.models import MonthClaim, Payment, RentApplication
from talent.models import Education, Proof, WorkExperience
from talent.services.wallet import add_proof
from tests.accounts.factories import OfficerFactory, PersonFactory, UnitFactory, UserFactory
from tests.accounts.filling import register_person
from tests.subsidies.factories import make_submittable_application, make_submitted_application
from tests.subsidies.walking import forward, open_offices, press, walk
from tests.workflow.files import pdf
from workflow import clock
from workflow.actors import Actor
from workflow.consistency.checks import run_checks
from workflow.enums import PERSON, Action
from workflow.models import Case, CaseEvent, Filing, Material
from workflow.services import Refused
from workflow.services.retention import purge_expired
from workflow.services.verification import verify_events

pytestmark = pytest.mark.django_db

WHY = "依据个人信息保护法第四十七条"


@pytest.fixture
def person() -> Person:
    return PersonFactory(unit=UnitFactory())


@pytest.fixture
def owner(person: Person) -> User:
    return person.users.get()


@pytest.fixture
def office() -> User:
    return UserFactory(administrator=True)


def deletion(owner: User) -> DataRequest:
    return ask(owner, kind="deletion", wish="不再使用", token=uuid.uuid4())


def grant(owner: User, office: User) -> DataRequest:
    return answer(deletion(owner), by=office, granted=True, words=WHY)


def test_a_correction_is_asked_for_and_answered(client: Client, owner: User, office: User) -> None:
    client.force_login(owner)
    form = {"subject": "identity", "wish": "民族应为回族，户口簿可证明", "token": str(uuid.uuid4())}

    for _press in range(2):
        assert client.post("/my-data/correction/", form).status_code == 302
    request = DataRequest.objects.get()
    officer = Client()
    officer.force_login(office)
    page = officer.get(f"/my-data/requests/{request.pk}/").content.decode()
    officer.post(f"/my-data/requests/{request.pk}/", {"granted": "yes", "words": "已按户口簿更正"})

    request.refresh_from_db()
    assert "民族应为回族" in page
    assert (request.state, request.answer, request.decided_by) == ("granted", "已按户口簿更正", office)
    assert request.due_on == clock.today() + timedelta(days=30)
    assert "已按户口簿更正" in Notification.objects.get(recipient=owner).body
    assert "已按户口簿更正" in client.get("/my-data/").content.decode()


def test_only_the_security_administrator_answers_and_never_the_own_request(client: Client, owner: User) -> None:
    request = deletion(owner)
    client.force_login(OfficerFactory())

    assert client.get("/my-data/requests/").status_code == 403
    assert client.post(f"/my-data/requests/{request.pk}/", {"granted": "yes", "words": WHY}).status_code == 403
    with pytest.raises(PermissionDenied):
        answer(request, by=owner, granted=True, words=WHY)
    assert DataRequest.objects.get().is_waiting


def test_a_request_waits_once_and_may_be_taken_back(client: Client, owner: User, office: User) -> None:
    first = deletion(owner)
    with pytest.raises(Refused, match="同类申请"):
        deletion(owner)
    stranger = Client()
    stranger.force_login(PersonFactory().users.get())
    client.force_login(owner)

    assert stranger.post(f"/my-data/requests/{first.pk}/take-back/").status_code == 404
    assert client.post(f"/my-data/requests/{first.pk}/take-back/").status_code == 302

    with pytest.raises(Refused):
        answer(first, by=office, granted=True, words=WHY)
    assert not take_back(first)
    assert deletion(owner).is_waiting
    assert User.objects.get(pk=owner.pk).is_active


def test_no_deletion_while_a_case_is_under_way(person: Person, owner: User, office: User) -> None:
    open_offices()
    request = deletion(owner)
    case = make_submitted_application(person=person).case

    with pytest.raises(Refused, match=case.number):
        answer(request, by=office, granted=True, words=WHY)
    with pytest.raises(Refused, match=case.number):
        ask(owner, kind="deletion", wish="再次", token=uuid.uuid4())

    assert User.objects.get(pk=owner.pk).is_active
    assert DataRequest.objects.get().is_waiting


def test_an_unused_account_leaves_nothing(
    person: Person, owner: User, office: User, django_capture_on_commit_callbacks: Any
) -> None:
    work = make_submittable_application(person=person).person.work_experiences.get()
    proof = add_proof(work, kind="work_contract", upload=SimpleUploadedFile("合同.pdf", pdf()), actor=Actor(user=owner))
    storage, file = proof.material.file.storage, proof.material.file.name
    number, phone = person.number, person.phone

    with django_capture_on_commit_callbacks(execute=True):
        request = grant(owner, office)

    closed = User.objects.get(pk=owner.pk)
    assert (closed.name, closed.email, closed.phone, closed.person, closed.is_active) == ("", "", "", None, False)
    assert closed.username == f"erased:{owner.pk}"
    assert not closed.has_usable_password()
    assert not Person.objects.filter(pk=person.pk).exists()
    for model in (Education, WorkExperience, Proof, RentApplication):
        assert not model.objects.exists()
    assert not Case.objects.filter(applicant=owner).exists()
    assert not Material.objects.filter(uploaded_by=owner).exists()
    assert not Identifier.objects.filter(user=owner).exists()
    assert find_taken(number=number, phone=phone) == {}
    assert not storage.exists(file)
    assert DataRequest.objects.get(pk=request.pk).wish == "（已删除）"
    assert {line["what"] for line in DataErasure.objects.get().erased} >= {"草稿", "学历和工作经历"}


def test_what_the_law_keeps_stays_and_the_record_stays_provable(
    person: Person, owner: User, office: User, settings: Any
) -> None:
    settings.DEMO_CLOCK = True
    open_offices()
    application = make_submitted_application(person=person)
    case = application.case
    walk(case, to="county_hr")
    press(Action.SEND_BACK, case, target=PERSON, opinion="身份证照片模糊，请李某补正")
    press(Action.WITHDRAW, case, actor=Actor(user=owner))
    said = CaseEvent.objects.get(case=case, action=Action.SEND_BACK)
    filings = Filing.objects.filter(case=case).count()

    grant(owner, office)

    said.refresh_from_db()
    assert said.opinion == ""
    assert Filing.objects.filter(case=case).count() == filings
    kept = Person.objects.get(pk=person.pk)
    assert (kept.number, kept.name, kept.phone, kept.email) == (person.number, person.name, "", "")
    assert not Education.objects.filter(person=person).exists()
    assert {line["what"] for line in DataErasure.objects.get().kept} >= {"租房补助申请", "登录日志"}
    assert verify_events().faults == []
    assert [outcome.check.key for outcome in run_checks(only=(), quick=False, show=5) if outcome.faults] == []


def test_money_and_its_months_stay(person: Person, owner: User, office: User, settings: Any) -> None:
    settings.DEMO_CLOCK = True
    open_offices()
    case = make_submitted_application(person=person).case
    walk(case, to="person_confirm")
    forward(case)
    months = MonthClaim.objects.filter(person=person).count()
    account = Payment.objects.get(case=case).account

    grant(owner, office)

    assert MonthClaim.objects.filter(person=person).count() == months > 0
    assert Payment.objects.get(case=case).account == account
    assert "发放记录（账号、凭证）" in {line["what"] for line in DataErasure.objects.get().kept}
    assert [outcome.check.key for outcome in run_checks(only=(), quick=False, show=5) if outcome.faults] == []


def test_the_owner_is_told_by_text_and_open_sign_ins_end(client: Client, owner: User, office: User) -> None:
    client.force_login(owner)
    assert client.get("/my-data/").status_code == 200

    grant(owner, office)

    assert TextMessage.objects.get(template="data_erased").phone == owner.phone
    assert client.get("/my-data/").status_code == 302


def test_the_page_of_a_deletion_names_what_the_law_keeps(client: Client, owner: User, office: User) -> None:
    request = deletion(owner)
    client.force_login(office)

    page = client.get(f"/my-data/requests/{request.pk}/").content.decode()
    client.post(f"/my-data/requests/{request.pk}/", {"granted": "no", "words": "尚在法定保存期内，依据第四十七条"})

    assert "登录日志" in page
    assert "网络安全法" in page
    assert DataRequest.objects.get().state == "refused"
    assert User.objects.get(pk=owner.pk).is_active
    assert client.get("/admin/accounts/datarequest/").headers["Location"] == "/my-data/requests/"


def test_the_record_of_an_erasure_never_changes(owner: User, office: User) -> None:
    grant(owner, office)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        DataErasure.objects.update(kept=[])


def test_an_ended_registration_is_forgotten_after_its_time(client: Client, time_machine: Any) -> None:
    case = register_person(client, UnitFactory())
    registration = PersonRegistration.objects.get(case=case)
    number = registration.number
    start = clock.now()
    time_machine.move_to(start + timedelta(days=91))
    assert expire_registrations() == 1
    purge_expired()
    assert PersonRegistration.objects.get(case=case).number == number

    time_machine.move_to(start + timedelta(days=91 + 186))
    purge_expired()

    registration.refresh_from_db()
    assert (registration.number, registration.phone, registration.name) == ("", "", "（已删除）")
    assert User.objects.get(pk=case.applicant_id).phone == ""
    assert verify_events().faults == []


def test_waiting_requests_have_pages(client: Client) -> None:
    rows = [ask(UserFactory(texts=False), kind="correction", wish="改", token=uuid.uuid4()) for _n in range(51)]
    client.force_login(UserFactory(administrator=True))

    first = client.get("/my-data/requests/")
    second = client.get("/my-data/requests/?after=" + str(rows[49].pk))

    assert [line["row"].pk for line in first.context["waiting"]] == [row.pk for row in rows[:50]]
    assert f"after={rows[49].pk}" in first.text
    assert [line["row"].pk for line in second.context["waiting"]] == [rows[50].pk]
