"""Bad input and bad luck through the pages: what is said, where it leads, what stays typed, and what is saved."""

import re
import uuid
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import PersonRegistration, User
from subsidies.models import RentApplication
from tests.accounts.factories import UnitFactory, claim, id_number, phone_number
from tests.accounts.filling import person_form, send
from tests.subsidies.factories import (
    RentApplicationFactory,
    make_draft_case,
    make_submittable_application,
    make_submitted_application,
)
from tests.subsidies.test_applicant_pages import answers
from tests.subsidies.walking import application_at, fresh, officer_of, press
from tests.talent.factories import months_ahead
from tests.workflow import files
from workflow.enums import Action, State
from workflow.identifiers import id_check_character
from workflow.models import Act, Case, Duty, Selection

pytestmark = pytest.mark.django_db

RENT = "graduate_rent"


def summary_of(response: Any) -> dict[str, str]:
    """{address of the link: what it says} of the error summary; each link leads to something on the page."""
    page = response.content.decode()
    found = re.search(r'<div class="error-summary".*?</div>', page, re.DOTALL)
    assert found is not None, "no error summary"
    links = re.findall(r'<a href="#([^"]+)">(.*?)</a>', found[0], re.DOTALL)
    assert all(f'id="{target}"' in page for target, _text in links)
    return {target: unescape(text) for target, text in links}


def still_typed(response: Any, *values: str) -> bool:
    page = unescape(response.content.decode())
    return all(f'value="{value}"' in page or f">{value}</textarea>" in page for value in values)


def born_on(day: str) -> str:
    body = f"130902{day}123"
    return body + id_check_character(body)


REGISTRATIONS = {
    "wrong check digit": ("number", "13090219990307123X", "校验码"),
    "29 February 1995": ("number", born_on("19950229"), "19950229"),
    "a phone of a unit's contact": ("phone", phone_number(77), "已存在"),
    "a day that is none": ("graduated_on", "2024-02-30", ""),
}


@pytest.mark.parametrize(("field", "value", "words"), REGISTRATIONS.values(), ids=REGISTRATIONS)
def test_registration_names_the_field_and_saves_nothing(client: Client, field: str, value: str, words: str) -> None:
    unit = UnitFactory()
    claim(unit.duties.get().user, phone=phone_number(77))
    client.post(reverse("accounts:register_person"))

    form = person_form(unit, 500, **{field: value})
    response = send(client, "person", form)

    summary = summary_of(response)
    assert list(summary) == [f"id_{field}"]
    assert words in summary[f"id_{field}"]
    assert still_typed(response, value, form["username"], form["school"])
    assert (PersonRegistration.objects.count(), User.objects.filter(username=form["username"]).count()) == (0, 0)


@pytest.fixture
def application(client: Client) -> RentApplication:
    found = make_submittable_application()
    client.force_login(found.case.applicant)
    return found


def edit(client: Client, application: RentApplication, **changes: str) -> Any:
    return client.post(reverse("subsidies:rent_edit", args=[application.pk]), answers(application, **changes))


def test_end_before_start_keeps_both(client: Client, application: RentApplication) -> None:
    response = edit(client, application, start="2026-06", end="2026-01")

    assert "2026-06" in summary_of(response)["id_end"]
    assert still_typed(response, "2026-06", "2026-01")


def test_months_over_the_cap_say_how_many_are_left(client: Client) -> None:
    long = RentApplicationFactory(
        came_on=months_ahead(-50), insured_from=months_ahead(-50), insured_months=50, lease_start=months_ahead(-50),
        work__joined_on=months_ahead(-50), work__contract_start=months_ahead(-50), work__insured_from=months_ahead(-50),
    )  # fmt: skip
    client.force_login(long.case.applicant)

    period = {"start": f"{months_ahead(-40):%Y-%m}", "end": f"{months_ahead(-1):%Y-%m}"}
    response = edit(client, long, insured_months="50", **period)

    assert [text for text in summary_of(response).values() if "36 个月" in text and "缩短申领期间" in text] != []
    assert still_typed(response, *period.values())


def test_overlapping_month_leads_to_the_field(client: Client) -> None:
    first = make_submitted_application()
    second = RentApplicationFactory(
        person=first.person, case=make_draft_case(first.person), education=first.education, work=False
    )
    client.force_login(first.case.applicant)

    summary = summary_of(edit(client, second))

    assert first.case.number in summary["id_start"]


def test_lease_shorter_than_the_period_leads_to_the_field(client: Client, application: RentApplication) -> None:
    response = edit(client, application, lease_end=months_ahead(-2).isoformat())

    assert f"{months_ahead(-3):%Y-%m}" in summary_of(response)["id_lease_end"]
    assert still_typed(response, months_ahead(-2).isoformat())


UPLOADS = {
    "picture that calls itself a PDF": ("合同.pdf", files.png(), "合同.pdf"),
    "workbook that calls itself a PDF": ("合同.pdf", files.xlsx(), "合同.pdf"),
    "workbook where a paper is due": ("合同.xlsx", files.xlsx(), "PDF"),
    "nothing in it": ("合同.pdf", b"", "空的"),
    "eleven megabytes": ("合同.pdf", files.pdf() + b"\n" * 11 * 1024 * 1024, "10"),
    "a program": ("合同.exe", b"MZ" * 200, "合同.exe"),
}


@pytest.mark.parametrize(("name", "content", "words"), UPLOADS.values(), ids=UPLOADS)
def test_refused_file_is_named_and_not_kept(
    client: Client, application: RentApplication, name: str, content: bytes, words: str
) -> None:
    kept = application.case.materials.count()
    data = {"kind": "labour_contract", "file": SimpleUploadedFile(name, content)}

    response = client.post(reverse("workflow:material_add", args=[application.pk]), data)

    assert words in summary_of(response)["file-labour_contract"]
    assert application.case.materials.count() == kept


def test_path_in_a_file_name_leads_nowhere(client: Client, application: RentApplication) -> None:
    upload = SimpleUploadedFile("x.pdf", files.pdf())
    upload._name = "../../x.pdf"

    client.post(reverse("workflow:material_add", args=[application.pk]), {"kind": "lease", "file": upload})

    material = application.case.materials.latest("id")
    assert (material.name, "..", material.file.name.startswith("materials/")) == ("x.pdf", "..", True)
    assert ".." not in material.file.path


def test_application_sent_twice_is_one(client: Client, application: RentApplication) -> None:
    address = reverse("subsidies:rent_check", args=[application.pk])
    data = {"token": str(uuid.uuid4()), "revision": application.case.revision, "pledged": "on"}

    first, second = client.post(address, data), client.post(address, data)

    case = fresh(application.case)
    assert first["Location"] == second["Location"] == reverse("subsidies:rent_submitted", args=[application.pk])
    assert (case.state, case.events.count(), case.filings.count()) == (State.IN_REVIEW, 1, 1)


def test_stale_page_of_the_applicant_is_told_and_nothing_is_filed(client: Client, application: RentApplication) -> None:
    Case.objects.filter(pk=application.pk).update(revision=application.case.revision + 1)
    data = {"token": str(uuid.uuid4()), "revision": application.case.revision, "pledged": "on"}

    response = client.post(reverse("subsidies:rent_check", args=[application.pk]), data)

    assert response.status_code == 409
    assert "error-summary" in response.content.decode()
    assert (fresh(application.case).state, application.case.filings.count()) == (State.DRAFT, 0)


@pytest.fixture
def waiting() -> Case:
    return application_at("county_hr").case


def colleagues(case: Case) -> tuple[Client, Client]:
    """Two people of the office that holds the case."""
    first, second = officer_of(case.holder), User.objects.create(username="zweite", is_approved=True, kind="officer")
    Duty.objects.create(user=second, organisation=case.holder, role=first.role, starts_on="2020-01-01")
    clients = Client(), Client()
    clients[0].force_login(first.user)
    clients[1].force_login(second)
    return clients


def decision(case: Case, **data: str) -> dict[str, Any]:
    return {"token": str(uuid.uuid4()), "revision": case.revision, "opinion": ""} | data


def test_second_reviewer_is_told_who_was_faster_and_keeps_the_opinion(waiting: Case) -> None:
    first, second = colleagues(waiting)
    first.post(reverse("workflow:decide", args=[waiting.pk, "approve"]), decision(waiting))

    response = second.post(
        reverse("workflow:decide", args=[waiting.pk, "send_back"]),
        decision(waiting, opinion="缺少签字页", target="person"),
    )

    case = fresh(waiting)
    assert response.status_code == 409
    assert str(waiting.holder) in response.content.decode()
    assert "审核通过" in response.content.decode()
    assert (case.stage, case.events.filter(action=Action.SEND_BACK).count()) == ("publish", 0)


def test_decision_sent_again_after_a_lost_answer_changes_nothing(waiting: Case) -> None:
    first, _second = colleagues(waiting)
    address, data = reverse("workflow:decide", args=[waiting.pk, "approve"]), decision(waiting)

    answers_ = [first.post(address, data) for _try in range(2)]

    assert [answer.status_code for answer in answers_] == [302, 302]
    assert (fresh(waiting).stage, Act.objects.filter(pk=data["token"]).count()) == ("publish", 1)
    assert waiting.events.filter(from_stage="county_hr").count() == 1


def choose(client: Client, *cases: Case) -> Selection:
    ticks = {"action": "approve:ticked", "case": [f"{case.pk}:{case.revision}" for case in cases], "criteria": ""}
    client.post(reverse("workflow:select", args=[RENT, "county_hr"]), ticks)
    return Selection.objects.latest("as_of")


def test_rows_of_a_selection_that_moved_are_refused_by_name(waiting: Case) -> None:
    other = application_at("county_hr", unit=waiting.unit).case
    first, _second = colleagues(waiting)
    selection = choose(first, waiting, other)
    press(Action.SEND_BACK, waiting, opinion="请补正", target="person")

    data = decision(other)
    response = first.post(reverse("workflow:confirm", args=[selection.pk, "approve"]), data, follow=True)

    page = response.content.decode()
    assert (fresh(waiting).state, fresh(other).stage) == (State.RETURNED, "publish")
    assert (waiting.number in page, "退回修改" in page) == (True, True)


def test_selection_confirmed_again_shows_the_first_result(waiting: Case) -> None:
    first, _second = colleagues(waiting)
    selection, data = choose(first, waiting), decision(waiting)
    address = reverse("workflow:confirm", args=[selection.pk, "approve"])

    pages = [first.post(address, data)["Location"] for _try in range(2)]

    assert pages == [reverse("workflow:act", args=[data["token"]])] * 2
    assert (fresh(waiting).stage, waiting.events.filter(from_stage="county_hr").count()) == ("publish", 1)


def test_opinion_that_is_missing_is_asked_for_in_its_field(waiting: Case) -> None:
    first, _second = colleagues(waiting)

    response = first.post(
        reverse("workflow:decide", args=[waiting.pk, "send_back"]), decision(waiting, target="person")
    )

    assert response.status_code == 422
    assert list(summary_of(response)) == ["id_opinion"]
    assert fresh(waiting).stage == "county_hr"


def test_office_form_that_is_wrong_keeps_what_was_typed() -> None:
    case = application_at("publish").case
    client, _other = colleagues(case)
    data = decision(case) | {"office-title": "公示", "office-working_days": "3", "office-phone": ""}

    response = client.post(reverse("workflow:decide", args=[case.pk, "approve"]), data)

    assert {"id_office-working_days", "id_office-phone"} <= set(summary_of(response))
    assert still_typed(response, "公示", "3")
    assert fresh(case).stage == "publish"


def test_number_of_another_person_is_never_told_before_the_phone_is_proved(client: Client) -> None:
    unit = UnitFactory()
    claim(unit.duties.get().user, number=id_number(500))
    client.post(reverse("accounts:register_person"))

    response = send(client, "person", person_form(unit, 500, code="000000"))

    assert list(summary_of(response)) == ["id_code"]
