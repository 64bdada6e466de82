"""Pages of the ledger, the stops and the corrected account: who may, what a wrong entry answers, what is written."""

import io
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import SensitiveView
from subsidies.enums import StopStatus
from subsidies.models import AccountCorrection, Arrival, Bounce, PaymentStop
from subsidies.services.payments import Account, correct_account, record_bounce
from tests.accounts.factories import OfficeFactory
from tests.subsidies.bank import read, row, workbook
from tests.subsidies.factories import ACCOUNT
from tests.subsidies.walking import application_at, officer_of, payment_of
from workflow import clock
from workflow.actors import Actor
from workflow.enums import BatchKind
from workflow.models import Batch, Case, Organisation, Region
from workflow.services.jobs import claim_job, run_job

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("movable_clock")]

NEW = "6217856000012345678"
OFFICE_PAGES = ("subsidies:ledger", "subsidies:stops")


@pytest.fixture
def case(movable_clock: None) -> Case:
    return application_at("person_confirm").case


def office(kind: str) -> Organisation:
    return Organisation.objects.get(kind=kind)


def as_office(client: Client, kind: str) -> Client:
    client.force_login(officer_of(office(kind)).user)
    return client


def as_applicant(client: Client, case: Case) -> Client:
    client.force_login(case.applicant)
    return client


def bounced(case: Case) -> Bounce:
    return record_bounce(
        payment_of(case), officer_of(office("county_fin")), reason="户名不符", bounced_on=clock.today()
    )


def said(response: Any) -> str:
    assert isinstance(response, HttpResponse)
    return response.content.decode()


@pytest.mark.parametrize("kind", ["county_hr", "county_org", "city_fin", "city_hr"])
def test_other_offices_keep_no_ledger(client: Client, case: Case, kind: str) -> None:
    assert as_office(client, kind).get(reverse("subsidies:ledger")).status_code == 403


@pytest.mark.parametrize("page", OFFICE_PAGES)
def test_applicants_open_no_page_of_the_offices(client: Client, case: Case, page: str) -> None:
    assert as_applicant(client, case).get(reverse(page)).status_code == 403


def test_a_return_is_recorded_on_its_page(client: Client, case: Case) -> None:
    url = reverse("subsidies:bounce", args=[payment_of(case).pk])
    today = clock.today().isoformat()

    response = as_office(client, "county_fin").post(url, {"reason": "户名不符", "bounced_on": today})

    assert response.status_code == 302
    assert Bounce.objects.get().reason == "户名不符"
    assert "户名不符" in said(client.get(reverse("subsidies:ledger") + "?show=open"))


@pytest.mark.parametrize(
    ("entered", "message"),
    [({"reason": ""}, "退票原因"), ({"bounced_on": "2999-01-01"}, "尚未到"), ({"bounced_on": "2000-01-01"}, "早于")],
)
def test_a_wrong_return_keeps_what_was_typed(client: Client, case: Case, entered: dict[str, str], message: str) -> None:
    url = reverse("subsidies:bounce", args=[payment_of(case).pk])
    data = {"reason": "账号不存在", "bounced_on": clock.today().isoformat()} | entered

    response = as_office(client, "county_fin").post(url, data)

    assert response.status_code == 422
    assert message in said(response)
    assert data["bounced_on"] in said(response)
    assert not Bounce.objects.exists()


def test_an_arrival_is_recorded_on_its_page(client: Client, case: Case) -> None:
    url = reverse("subsidies:arrival", args=[payment_of(case).pk])

    as_office(client, "county_fin").post(url, {"arrived_on": clock.today().isoformat()})

    assert Arrival.objects.get().payment == payment_of(case)


def test_the_applicant_corrects_and_finance_pays_again(client: Client, case: Case) -> None:
    bounce = bounced(case)
    assert reverse("subsidies:correct_account", args=[bounce.pk]) in said(
        as_applicant(client, case).get(reverse("subsidies:my_payments"))
    )
    entered = {"bank": "中国银行", "branch": "运河支行", "account": "6217 8560 0001 2345 678", "again": NEW}
    client.post(reverse("subsidies:correct_account", args=[bounce.pk]), entered)
    url, again = reverse("subsidies:pay_again", args=[bounce.pk]), pay_again_form(bounce)

    response = as_office(client, "county_fin").post(url, again)
    second = client.post(url, again)

    assert [response.status_code, second.status_code] == [302, 302]
    assert AccountCorrection.objects.get().account == NEW
    assert (payment_of(case).account, payment_of(case).attempt) == (NEW, 2)


def pay_again_form(bounce: Bounce) -> dict[str, str]:
    """What the page posts that shows the account as it stands now."""
    seen = bounce.corrections.last()
    assert seen is not None
    token, today = str(uuid.uuid4()), clock.today().isoformat()
    return {"token": token, "correction": str(seen.pk), "voucher": "记-0099", "paid_on": today}


def test_nothing_is_paid_to_an_account_that_the_officer_has_not_seen(client: Client, case: Case) -> None:
    bounce, person = bounced(case), Actor(user=case.applicant)
    correct_account(bounce, person, account=Account("毕业生", "中国银行", "运河支行", ACCOUNT))
    url, again = reverse("subsidies:pay_again", args=[bounce.pk]), pay_again_form(bounce)
    correct_account(bounce, person, account=Account("毕业生", "中国银行", "运河支行", NEW))

    refused = as_office(client, "county_fin").post(url, again)

    assert refused.status_code == 422
    assert not case.payments.filter(attempt=2).exists()
    shown = {name: refused.context["form"][name].value() for name in again}
    assert client.post(url, shown).status_code == 302
    assert case.payments.get(attempt=2).account == NEW


def test_two_different_numbers_are_not_taken(client: Client, case: Case) -> None:
    bounce = bounced(case)
    entered = {"bank": "中国银行", "branch": "运河支行", "account": NEW, "again": NEW[:-1]}

    response = as_applicant(client, case).post(reverse("subsidies:correct_account", args=[bounce.pk]), entered)

    assert response.status_code == 422
    assert "不一致" in said(response)


def test_nobody_else_corrects_an_account(client: Client, case: Case) -> None:
    bounce, stranger = bounced(case), application_at("unit").case

    response = as_applicant(client, stranger).get(reverse("subsidies:correct_account", args=[bounce.pk]))

    assert response.status_code == 404


def test_results_of_the_bank_come_back_row_by_row(client: Client, case: Case) -> None:
    as_office(client, "county_fin")
    book = load_workbook(io.BytesIO(client.post(reverse("subsidies:bank_template")).content))
    sheet = book.active
    assert sheet is not None
    sheet.cell(row=4, column=5).value = "退票"
    content = io.BytesIO()
    book.save(content)

    upload = {"workbook": SimpleUploadedFile("回单.xlsx", content.getvalue()), "token": str(uuid.uuid4())}

    response = client.post(reverse("subsidies:bank_results"), upload)

    page = response.headers["Location"]
    assert "hx-get" in said(client.get(page))
    job = claim_job()
    assert job is not None
    run_job(job)
    assert "退票必须填写原因" in said(client.get(page))
    assert case.number in said(client.get(page + "?show=failed"))
    assert "回单.xlsx" in said(client.get(reverse("subsidies:ledger")))
    failed = load_workbook(io.BytesIO(client.post(page + "failed/").content)).active
    assert failed is not None
    assert failed.cell(row=failed.max_row, column=1).value == case.number
    original = client.get(page + "original/")
    assert original.getvalue() == content.getvalue()


def test_another_finance_office_does_not_see_the_file(client: Client, case: Case) -> None:
    bank_file = read(workbook(row(case, "成功")))
    other = OfficeFactory(kind="county_fin", region=Region.objects.get(pk="130903"))
    client.force_login(officer_of(other).user)

    assert client.get(reverse("subsidies:bank_file", args=[bank_file.token])).status_code == 404
    assert client.get(reverse("subsidies:bank_original", args=[bank_file.token])).status_code == 404
    assert client.post(reverse("subsidies:bank_failed", args=[bank_file.token])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_page_of_a_bank_file_costs_the_same_for_many_rows(client: Client, case: Case, count: int) -> None:
    bank_file = read(workbook(*(row(case, "成功", last4="0000") for _n in range(count))))
    page = reverse("subsidies:bank_file", args=[bank_file.token])
    as_office(client, "county_fin").get(page)

    with CaptureQueriesContext(connection) as captured:
        assert said(client.get(page)).count("后四位") == count

    assert sum("bankrow" in query["sql"] for query in captured.captured_queries) == 1


def test_a_file_that_is_no_workbook_is_refused(client: Client, case: Case) -> None:
    upload = SimpleUploadedFile("回单.pdf", b"%PDF-1.7")

    response = as_office(client, "county_fin").post(
        reverse("subsidies:bank_results"), {"workbook": upload, "token": str(uuid.uuid4())}
    )

    assert response.status_code == 422
    assert "xlsx" in said(response)


def test_list_of_payments_needs_a_reason_and_logs_it(client: Client) -> None:
    application_at("county_fin")
    as_office(client, "county_fin")
    url = reverse("subsidies:payout_list")
    assert client.post(url, {"reason": ""}).status_code == 422
    assert not SensitiveView.objects.exists()

    response = client.post(url, {"reason": "7月发放"})

    texts = [str(cell.value) for row in load_workbook(io.BytesIO(response.content)).active.iter_rows() for cell in row]
    assert ACCOUNT in texts
    assert SensitiveView.objects.get().reason == "7月发放"


def test_batch_of_another_finance_office_shows_no_accounts(client: Client, case: Case) -> None:
    batch = Batch.objects.get(kind=BatchKind.PAYOUT, organisation=office("county_fin"))
    url = reverse("subsidies:batch_payout", args=[batch.pk])

    assert as_office(client, "city_fin").post(url, {"reason": "看看"}).status_code == 403
    assert as_office(client, "county_fin").post(url, {"reason": "核对"}).status_code == 200


@pytest.mark.parametrize(("name", "method"), [("batch_members", "post"), ("batch_summary", "get")])
def test_workbooks_of_a_batch_are_kept_by_no_cache(client: Client, case: Case, name: str, method: str) -> None:
    batch = Batch.objects.get(kind=BatchKind.SUMMARY)

    response = getattr(as_office(client, "city_hr"), method)(reverse(f"subsidies:{name}", args=[batch.pk]))

    assert response.headers["Cache-Control"] == "private, no-store"
    assert load_workbook(io.BytesIO(response.content)).active is not None


def test_a_stop_is_entered_and_lifted(client: Client, case: Case) -> None:
    as_office(client, "county_hr")
    entered = {
        "id_number": case.rent_application.person.number,
        "starts_on": clock.today().isoformat(),
        "reason": "离职",
    }
    assert client.post(reverse("subsidies:stops"), entered).status_code == 302
    stop = PaymentStop.objects.get()

    client.post(reverse("subsidies:stop_lift", args=[stop.pk]), {"reason": "重新入职"})

    stop.refresh_from_db()
    assert (stop.status, stop.lifted_why) == (StopStatus.LIFTED, "重新入职")


def test_a_stop_for_a_stranger_names_the_field(client: Client, case: Case) -> None:
    entered = {"id_number": "110101199003077774", "starts_on": clock.today().isoformat(), "reason": "离职"}

    response = as_office(client, "county_hr").post(reverse("subsidies:stops"), entered)

    assert response.status_code == 422
    assert "没有该证件号码" in said(response)


def test_three_payments_cost_as_many_queries_as_one(client: Client, case: Case) -> None:
    bounced(case)
    as_office(client, "county_fin").get(reverse("subsidies:ledger"))
    one = count_queries(client)

    for _row in range(2):
        bounced(application_at("person_confirm").case)

    assert count_queries(client) == one


def count_queries(client: Client) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(reverse("subsidies:ledger")).status_code == 200
    return len(captured)
