"""The applicant's pages: who may see them, what bad input is told, that nothing typed is lost."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from subsidies.models import Programme, RentApplication
from subsidies.presentation import guide_of
from tests.accounts.factories import PersonFactory, UnitFactory, UserFactory
from tests.subsidies.factories import (
    ACCOUNT,
    RentApplicationFactory,
    actor_of,
    make_draft_case,
    make_submittable_application,
    make_submitted_application,
)
from tests.talent.factories import EducationFactory, WorkExperienceFactory, months_ahead
from workflow.actors import Actor
from workflow.enums import Action, State
from workflow.models import Case
from workflow.services import perform_one

pytestmark = pytest.mark.django_db
CHOSEN = ("marital", "owns_house")


@pytest.fixture
def application(client: Client) -> RentApplication:
    found = make_submittable_application()
    client.force_login(found.case.applicant)
    return found


def url(name: str, application: RentApplication) -> str:
    return reverse(f"subsidies:{name}", args=[application.pk])


def answers(application: RentApplication, **changes: str) -> dict[str, str]:
    """The form as the browser would send it."""
    data = {
        "education": str(application.education_id),
        "came_on": application.came_on.isoformat(),
        "insured_from": f"{application.insured_from:%Y-%m}",
        "insured_months": "18",
        "owns_house": "False",
        "enjoyed_other": "False",
        "marital": "10",
        "address": application.address,
        "landlord_name": application.landlord_name,
        "lease_start": application.lease_start.isoformat(),
        "lease_end": application.lease_end.isoformat(),
        "monthly_rent": "1200",
        "start": f"{application.start:%Y-%m}",
        "end": f"{application.end:%Y-%m}",
        "account_holder": application.person.name,
        "bank": application.bank,
        "branch": application.branch,
        "account": ACCOUNT,
        "account_again": ACCOUNT,
    }
    return data | changes


def errors_of(response: Any) -> dict[str, list[str]]:
    return dict(response.context["form"].errors)


def test_complete_form_leads_to_the_materials(client: Client, application: RentApplication) -> None:
    response = client.post(url("rent_edit", application), answers(application))

    assert (response.status_code, response["Location"]) == (302, url("rent_materials", application))


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"came_on": "1995-02-29"}, "came_on", "1995-02-29"),
        ({"came_on": "2999-01-01"}, "came_on", "晚于今天"),
        ({"insured_months": "99"}, "insured_months", "最多 19 个月"),
        ({"marital": "20", "spouse_name": "李四", "spouse_number": "130981199502290018"}, "spouse_number", "19950229"),
        ({"marital": "20", "spouse_name": "李四", "spouse_number": "130902199003070016"}, "spouse_number", "校验码"),
        ({"marital": "20", "spouse_number": "469028200001018883"}, "spouse_name", "已婚"),
        ({"lease_end": "2001-01-01"}, "lease_end", "早于"),
        ({"end": "2001-01"}, "end", "早于"),
        ({"start": "2026年13月"}, "start", "2026年13月"),
        ({"account_again": "6222020400001234568"}, "account_again", "不一致"),
        ({"account": "123"}, "account", "16"),
        ({"account_holder": "别人"}, "account_holder", "本人姓名"),
        ({"monthly_rent": "-1"}, "monthly_rent", "每月租金"),
        ({"owns_house": "True"}, "owns_house", "自有住房"),
        ({"bank": ""}, "bank", "请填写开户银行"),
    ],
)
def test_bad_input_is_told_beside_its_field_and_everything_typed_stays(
    client: Client, application: RentApplication, changes: dict[str, str], field: str, words: str
) -> None:
    response = client.post(url("rent_edit", application), answers(application, branch="沧州运河支行", **changes))

    assert list(errors_of(response)) == [field]
    assert words in errors_of(response)[field][0]
    page = response.content.decode()
    assert f'href="#id_{field}' in page
    assert 'value="沧州运河支行"' in page
    assert all(
        f'value="{value}"' in page for key, value in changes.items() if value and key not in ("marital", "owns_house")
    )


def test_lease_shorter_than_the_period_is_told_with_the_mend(client: Client, application: RentApplication) -> None:
    short = months_ahead(-2).isoformat()

    response = client.post(url("rent_edit", application), answers(application, lease_end=short))

    assert list(errors_of(response)) == ["lease_end"]
    assert f"{months_ahead(-3):%Y-%m}" in errors_of(response)["lease_end"][0]


def test_contract_too_short_is_told_with_the_page_that_mends_it(client: Client) -> None:
    application = RentApplicationFactory(work__contract_start=months_ahead(-8), work__contract_end=months_ahead(1))
    client.force_login(application.case.applicant)

    response = client.post(url("rent_edit", application), answers(application))

    assert "工作经历" in errors_of(response)["__all__"][0]


def test_overlapping_month_names_the_other_case(client: Client) -> None:
    first = make_submitted_application()
    second = RentApplicationFactory(
        person=first.person, case=make_draft_case(first.person), education=first.education, work=False
    )
    client.force_login(first.case.applicant)

    response = client.post(url("rent_edit", second), answers(second))

    assert first.case.number in errors_of(response)["start"][0]


def test_saved_draft_keeps_what_cannot_be_read_yet(client: Client, application: RentApplication) -> None:
    data = answers(application, came_on="1995-02-29", monthly_rent="", account_again="1") | {"save": "1"}

    client.post(url("rent_edit", application), data)

    page = client.get(url("rent_edit", application))
    stored = RentApplication.objects.get(pk=application.pk)
    assert (stored.came_on, stored.monthly_rent) == (None, None)
    assert page.context["form"]["came_on"].value() == "1995-02-29"
    assert page.context["form"]["account_again"].value() == "1"


def test_autosave_answers_with_the_new_sums_and_says_when(client: Client, application: RentApplication) -> None:
    data = answers(application, end=f"{application.start:%Y-%m}")

    response = client.post(url("rent_autosave", application), data, headers={"HX-Request": "true"})

    summary = response.context["summary"]
    assert (summary.months, str(summary.total), summary.capital) == (1, "1000.00", "壹仟元整")
    assert f"草稿已自动保存 {summary.saved}" in response.content.decode()
    assert RentApplication.objects.get(pk=application.pk).end == application.start


def test_check_page_shows_every_answer_with_secrets_masked_and_every_rule_with_its_basis(
    client: Client, application: RentApplication
) -> None:
    response = client.get(url("rent_check", application))

    page = response.content.decode()
    assert response.context["ready"]
    assert ACCOUNT not in page
    assert application.person.number not in page
    assert all(check.label in page and check.basis in page for check in response.context["checks"])
    assert "演示金额，非正式标准" in page


def test_submission_ends_on_a_page_with_the_number(client: Client, application: RentApplication) -> None:
    data = {"token": str(uuid.uuid4()), "revision": application.case.revision, "pledged": "on"}

    first = client.post(url("rent_check", application), data)
    second = client.post(url("rent_check", application), data)

    page = client.get(first["Location"])
    number = Case.objects.get(pk=application.pk).number
    assert first["Location"] == second["Location"] == url("rent_submitted", application)
    assert number in page.content.decode()


def test_submission_without_the_pledge_stays_on_the_page(client: Client, application: RentApplication) -> None:
    response = client.post(url("rent_check", application), {"token": str(uuid.uuid4()), "revision": 0})

    assert list(errors_of(response)) == ["pledged"]
    assert Case.objects.get(pk=application.pk).state == State.DRAFT


def test_submission_that_is_not_ready_names_everything(client: Client) -> None:
    application = RentApplicationFactory(owns_house=True, bank="")
    client.force_login(application.case.applicant)

    response = client.post(url("rent_check", application), {"token": str(uuid.uuid4()), "revision": 0, "pledged": "on"})

    lines = response.context["lines"]
    assert response.status_code == 409
    assert "开户银行" in lines[0]
    assert "自有住房" in lines[1]
    assert len(lines) == 2 + 8


def test_returned_application_shows_the_opinion_and_can_be_submitted_again(client: Client) -> None:
    application = make_submitted_application()
    duty = application.case.unit.duties.get()
    perform_one(Action.SEND_BACK, application.case, Actor.in_duty(duty, duty.user), opinion="请补充出租人电话")
    client.force_login(application.case.applicant)

    page = client.get(url("rent_edit", application))
    revision = Case.objects.get(pk=application.pk).revision
    client.post(url("rent_check", application), {"token": str(uuid.uuid4()), "revision": revision, "pledged": "on"})

    case = Case.objects.get(pk=application.pk)
    assert "请补充出租人电话" in page.content.decode()
    assert (case.state, case.stage, case.filings.count()) == (State.IN_REVIEW, "unit", 2)


@pytest.mark.parametrize("name", ["rent_edit", "rent_materials", "rent_check", "rent_submitted"])
def test_stranger_gets_404(client: Client, application: RentApplication, name: str) -> None:
    client.force_login(PersonFactory(unit=UnitFactory()).users.get())

    assert client.get(url(name, application)).status_code == 404


@pytest.mark.parametrize("name", ["rent_autosave", "rent_copy"])
def test_stranger_cannot_write(client: Client, application: RentApplication, name: str) -> None:
    client.force_login(PersonFactory(unit=UnitFactory()).users.get())

    assert client.post(url(name, application)).status_code == 404
    assert client.get(url(name, application)).status_code == 405


@pytest.mark.parametrize("name", ["rent_list", "rent_edit"])
def test_unit_is_denied(client: Client, application: RentApplication, name: str) -> None:
    client.force_login(application.case.unit.duties.get().user)
    address = reverse("subsidies:rent_list") if name == "rent_list" else url(name, application)

    assert client.get(address).status_code == 403


def test_account_without_a_person_is_denied(client: Client) -> None:
    client.force_login(UserFactory())

    assert client.get(reverse("subsidies:rent_list")).status_code == 403


@pytest.mark.parametrize("name", ["rent_edit", "rent_materials"])
def test_filed_application_is_not_editable(client: Client, name: str) -> None:
    application = make_submitted_application()
    client.force_login(application.case.applicant)

    assert client.get(url(name, application))["Location"] == reverse("workflow:case", args=[application.pk])
    assert client.post(url("rent_autosave", application), {}).status_code == 403


def test_begin_without_work_experience_leads_there_first(client: Client) -> None:
    person = PersonFactory(unit=UnitFactory())
    client.force_login(person.users.get())

    response = client.post(reverse("subsidies:rent_create"), {"token": str(uuid.uuid4())})

    assert response["Location"].startswith(reverse("talent:works"))
    assert not RentApplication.objects.exists()


def test_begin_twice_with_one_token_makes_one_draft(client: Client) -> None:
    person, token = PersonFactory(unit=UnitFactory()), str(uuid.uuid4())
    EducationFactory(person=person)
    WorkExperienceFactory(person=person)
    client.force_login(person.users.get())

    first = client.post(reverse("subsidies:rent_create"), {"token": token})
    second = client.post(reverse("subsidies:rent_create"), {"token": token})

    draft = RentApplication.objects.get()
    assert first["Location"] == second["Location"] == url("rent_edit", draft)


def test_withdrawn_application_is_copied_as_a_new_draft(client: Client) -> None:
    application = make_submitted_application()
    perform_one(Action.WITHDRAW, application.case, actor_of(application))
    client.force_login(application.case.applicant)

    response = client.post(url("rent_copy", application))

    draft = RentApplication.objects.exclude(pk=application.pk).get()
    assert response["Location"] == url("rent_edit", draft)
    assert draft.address == application.address


def test_submitted_application_cannot_be_copied(client: Client) -> None:
    application = make_submitted_application()
    client.force_login(application.case.applicant)

    assert client.post(url("rent_copy", application)).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_list_needs_the_same_queries_for_any_number(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    first = make_submittable_application()
    for _row in range(rows - 1):
        RentApplicationFactory(
            person=first.person, case=make_draft_case(first.person), education=first.education, work=False
        )
    client.force_login(first.case.applicant)
    client.get(reverse("subsidies:rent_list"))

    with django_assert_num_queries(5):
        response = client.get(reverse("subsidies:rent_list"))

    assert len(response.context["rows"]) == rows


def test_guide_is_public_and_says_that_amounts_are_for_demonstration(client: Client) -> None:
    response = client.get(reverse("subsidies:rent_start"))

    page = response.content.decode()
    assert response.status_code == 200
    assert "演示金额，非正式标准" in page
    assert "在线办理" in page
    assert "1,000.00 元/月" in page


def test_guide_lists_the_days_of_the_published_chain() -> None:
    guide = guide_of(Programme.objects.get(key="graduate_rent"))

    assert [step.label for step in guide.steps][:2] == ["单位审核", "单位上报"]
    assert guide.days == sum(step.days for step in guide.steps)


def test_form_without_any_answer_is_a_form_with_errors(client: Client) -> None:
    application = RentApplicationFactory()
    client.force_login(application.case.applicant)

    response = client.post(reverse("subsidies:rent_edit", args=[application.pk]), {})

    assert response.status_code == 200
    assert response.context["form"].errors
