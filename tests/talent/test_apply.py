"""渤海英才卡申请, the applicant's pages and what filing demands."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from talent.models import CardApplication, CardScheme
from talent.services.application import start_card_application
from talent.services.refusals import NotReady
from talent.services.submission import submit_card_application
from tests.accounts.factories import PersonFactory, UnitFactory
from tests.talent.card_factories import (
    CardApplicationFactory,
    card_actor_of,
    make_specialist,
    make_submittable_card_application,
    make_submitted_card_application,
)
from tests.talent.factories import WorkExperienceFactory
from workflow.actors import Actor
from workflow.enums import State
from workflow.models import Filing
from workflow.services import Refused

pytestmark = pytest.mark.django_db


def sign_in(application: CardApplication) -> Client:
    client = Client()
    client.force_login(application.case.applicant)
    return client


def test_draft_is_prefilled_from_the_present_employment() -> None:
    work = WorkExperienceFactory()

    application = start_card_application(work.person, Actor(user=work.person.users.get()))

    assert (application.position, application.contract_end) == (work.position, work.contract_end)
    assert application.case.unit == work.person.unit


def test_same_form_token_finds_the_same_draft() -> None:
    person, token = PersonFactory(unit=UnitFactory()), uuid.uuid4()
    actor = Actor(user=person.users.get())

    first, second = (start_card_application(person, actor, token=token) for _press in range(2))

    assert first.pk == second.pk


def test_filing_freezes_tables_and_masks_numbers() -> None:
    application = make_submitted_card_application()

    filing = Filing.objects.get(case=application.case)
    parts = {part["key"]: part for part in filing.content["sections"]}
    assert parts["studies"]["columns"][2] == "毕业院校"
    assert parts["studies"]["rows"][0]["cells"][2] == "河北工业大学"
    number = next(row for row in parts["personal"]["rows"] if row["key"] == "number")
    assert number["value"] != application.person.number
    assert number["full"] == application.person.number
    assert application.case.summary["card_level"] == "C"


def test_submission_names_a_specialist_of_the_county_bureau() -> None:
    application = make_submitted_card_application()

    assert application.specialist is not None
    assert application.case.summary["specialist"] == "专员甲"
    assert application.case.summary["specialist_phone"] == "13900001111"


def test_applications_are_shared_out_evenly() -> None:
    unit = UnitFactory()
    first, second = make_specialist(unit.parent), make_specialist(unit.parent)

    chosen = [make_submitted_card_application(unit=unit).specialist for _each in range(4)]

    assert sorted(user.pk for user in chosen if user) == sorted([first.pk, second.pk] * 2)


def test_second_press_of_submit_files_once() -> None:
    application = make_submittable_card_application()
    actor, token = card_actor_of(application), uuid.uuid4()

    first = submit_card_application(application, actor, token=token, pledged=True)
    second = submit_card_application(application, actor, token=token, pledged=True)

    assert first.pk == second.pk
    assert Filing.objects.filter(case=application.case).count() == 1


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"photo": False}, "证件照"),
        ({"profile": False}, "国籍"),
        ({"education": False}, "学历学位"),
        ({"position": ""}, "职务"),
        ({"category_code": "doctor"}, "博士"),
        ({"category_code": "award"}, "认定依据"),
    ],
)
def test_submission_says_what_is_missing(facts: dict[str, object], said: str) -> None:
    application = make_submittable_card_application(**facts)

    with pytest.raises(NotReady) as refused:
        submit_card_application(application, card_actor_of(application), token=uuid.uuid4(), pledged=True)

    assert said in str(refused.value)
    application.case.refresh_from_db()
    assert application.case.state == State.DRAFT


def test_nobody_has_two_applications_under_way() -> None:
    first = make_submitted_card_application()

    with pytest.raises(Refused, match=first.case.number):
        start_card_application(first.person, card_actor_of(first))


def test_each_page_of_the_application_opens_for_its_owner_alone() -> None:
    application, other = make_submittable_card_application(), CardApplicationFactory()
    names = ("apply_edit", "apply_materials", "apply_check")
    owner, stranger = sign_in(application), sign_in(other)

    own = [owner.get(reverse(f"talent:{name}", args=[application.pk])).status_code for name in names]
    strange = [stranger.get(reverse(f"talent:{name}", args=[application.pk])).status_code for name in names]

    assert (own, strange) == ([200] * 3, [404] * 3)


def test_saving_keeps_what_cannot_be_read() -> None:
    application = CardApplicationFactory()

    sign_in(application).post(
        reverse("talent:apply_autosave", args=[application.pk]), {"position": "总工", "arrived_on": "明天"}
    )

    application.refresh_from_db()
    assert application.position == "总工"
    assert application.typed["arrived_on"] == "明天"


def test_an_end_before_the_beginning_is_kept_as_typed() -> None:
    application = CardApplicationFactory()

    answer = sign_in(application).post(
        reverse("talent:apply_autosave", args=[application.pk]),
        {"contract_start": "2026-05-01", "contract_end": "2025-05-01"},
    )

    application.refresh_from_db()
    assert answer.status_code == 200
    assert (application.contract_end, application.typed["contract_end"]) == (None, "2025-05-01")


def test_submitting_through_the_page_leads_to_the_confirmation() -> None:
    application = make_submittable_card_application()
    client, address = sign_in(application), reverse("talent:apply_check", args=[application.pk])
    form = client.get(address).context["form"]

    posted = {"token": form.initial["token"], "revision": form.initial["revision"], "pledged": "on"}
    answer = client.post(address, posted, follow=True)

    assert answer.redirect_chain[-1][0] == reverse("talent:apply_submitted", args=[application.pk])
    application.case.refresh_from_db()
    assert application.case.stage == "unit"
    assert application.case.number in answer.content.decode()


def test_queue_is_filtered_by_the_type_of_card() -> None:
    unit = UnitFactory()
    doctor = make_submitted_card_application(
        unit=unit, category_code="doctor", education__doctor=True, person__name="周博士"
    )
    make_submitted_card_application(unit=unit)
    client = Client()
    client.force_login(unit.duties.get().user)

    page = client.get(reverse("workflow:queue", args=["bohai_card", "unit"]), {"card_level": "b"})

    assert [row.pk for row in page.context["page"].rows] == [doctor.pk]


@pytest.mark.parametrize("page", ["talent:apply_start", "talent:services"])
def test_guides_tell_basis_and_contact_in_the_language_of_the_page(client: Client, page: str) -> None:
    scheme = CardScheme.objects.get(key="bohai_card")
    chinese = client.get(reverse(page)).content.decode()
    english = client.get(reverse(page), headers={"accept-language": "en"}).content.decode()
    CardScheme.objects.update(contact_en="")
    untranslated = client.get(reverse(page), headers={"accept-language": "en"}).content.decode()

    assert [text in chinese for text in (scheme.legal_basis, scheme.contact)] == [True, True]
    assert [text in english for text in (scheme.legal_basis, scheme.contact)] == [False, False]
    assert [escape(text) in english for text in (scheme.legal_basis_en, scheme.contact_en)] == [True, True]
    assert scheme.contact in untranslated
