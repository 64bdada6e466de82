"""The application form after a return: what was marked stands beside its field, and only that is open."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from subsidies.models import RentApplication
from tests.subsidies.factories import make_submitted_application
from tests.subsidies.test_applicant_pages import answers, url
from tests.subsidies.test_application import unit_actor
from workflow.enums import Action
from workflow.services import perform_one

pytestmark = pytest.mark.django_db


def remark(key: str, text: str = "与材料不符") -> dict[str, str]:
    return {"key": key, "section": "表", "label": "栏", "text": text}


def returned(client: Client, *keys: str) -> RentApplication:
    application = make_submitted_application()
    perform_one(
        Action.SEND_BACK,
        application.case,
        unit_actor(application.case),
        opinion="请修改",
        payload={"remarks": [remark(key) for key in keys]},
    )
    client.force_login(application.case.applicant)
    return RentApplication.objects.whole().get(pk=application.pk)


def open_fields(response: Any) -> set[str]:
    return {name for name, field in response.context["form"].fields.items() if not field.disabled}


def test_remark_stands_on_top_and_beside_its_field(client: Client) -> None:
    response = client.get(url("rent_edit", returned(client, "housing.monthly_rent")))

    assert '<a href="#id_monthly_rent">表 · 栏：与材料不符</a>' in response.text
    assert 'id="id_monthly_rent_remark"' in response.text
    assert 'aria-describedby="id_monthly_rent_helptext id_monthly_rent_remark"' in response.text


@pytest.mark.parametrize(
    ("key", "fields"),
    [
        ("housing.monthly_rent", {"monthly_rent"}),
        ("account.account", {"account", "account_again"}),
        ("education.school", {"education"}),
        ("subsidy.total", {"start", "end"}),
        ("housing.marital", {"marital", "spouse_name", "spouse_number", "spouse_unit"}),
        ("materials.lease", set()),
        ("employment.position", set()),
    ],
)
def test_only_what_was_marked_is_open(client: Client, key: str, fields: set[str]) -> None:
    assert open_fields(client.get(url("rent_edit", returned(client, key)))) == fields


def test_everything_is_open_after_a_return_without_remarks_or_when_asked_for(client: Client) -> None:
    plain, marked = returned(client), None
    assert "branch" in open_fields(client.get(url("rent_edit", plain)))

    marked = returned(client, "housing.monthly_rent")
    assert "branch" in open_fields(client.get(url("rent_edit", marked), {"all": "1"}))


def test_what_is_locked_keeps_its_value_whatever_is_posted(client: Client) -> None:
    application = returned(client, "housing.monthly_rent")
    kept = (application.address, application.account, application.start, application.education_id, application.marital)

    for name in ("rent_edit", "rent_autosave"):
        client.post(url(name, application), {"monthly_rent": "1350", "address": "别处", "account": "1", "start": ""})

    application = RentApplication.objects.get(pk=application.pk)
    assert application.monthly_rent == Decimal("1350.00")
    assert kept == (
        application.address, application.account, application.start, application.education_id, application.marital,
    )  # fmt: skip
    assert application.typed == {}


def test_form_with_one_open_field_leads_on(client: Client) -> None:
    application = returned(client, "housing.monthly_rent")

    response = client.post(url("rent_edit", application), {"monthly_rent": "1350"})

    assert (response.status_code, response["Location"]) == (302, url("rent_materials", application))


def test_opened_form_saves_everything(client: Client) -> None:
    application = returned(client, "housing.monthly_rent")

    client.post(f"{url('rent_edit', application)}?all=1", answers(application, branch="沧州新华支行"))

    assert RentApplication.objects.get(pk=application.pk).branch == "沧州新华支行"


def test_what_else_stands_in_the_way_is_open_too(client: Client) -> None:
    application = returned(client, "housing.monthly_rent")
    RentApplication.objects.filter(pk=application.pk).update(owns_house=True)

    response = client.get(url("rent_edit", application))

    assert open_fields(response) == {"monthly_rent", "owns_house"}


def test_remarks_on_papers_lead_to_the_materials_and_stand_beside_their_line(client: Client) -> None:
    application = returned(client, "materials.lease", "housing.monthly_rent")

    page = client.get(url("rent_materials", application))

    line = next(line for line in page.context["panel"].lines if line.kind == "lease")
    assert line.remarks == ["与材料不符"]
    assert f'href="{url("rent_materials", application)}#material-lease"' in page.text
    assert f'href="{url("rent_edit", application)}#id_monthly_rent"' in page.text
