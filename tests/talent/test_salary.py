"""年薪: hidden from everybody but the applicant and whoever decides now, on the screen as on the printed form."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.looks import looks_at
from accounts.models import SensitiveView
from talent.documents.card_form import card_forms
from talent.models import CardApplication
from tests.talent.summaries import Firm, make_firm
from workflow.actors import Actor
from workflow.enums import Action
from workflow.models import Case
from workflow.registry import Look

pytestmark = pytest.mark.django_db
SALARY, LINK = "23.7", "查看完整年薪（万元）"


@pytest.fixture
def firm() -> Firm:
    return make_firm()


@pytest.fixture
def case(firm: Firm) -> Case:
    """It waits for the 服务专员, who decides."""
    found = firm.approved(salary=SALARY)
    firm.sealed(found)
    return found


def ask(actor: Actor, case: Case, **data: str) -> Any:
    client = Client()
    client.force_login(actor.user)  # type: ignore[arg-type]
    address = reverse("accounts:reveal", args=[case.pk, "salary"])
    return client.post(address, data) if data else client.get(address)


def screen(actor: Actor, case: Case) -> str:
    client = Client()
    client.force_login(actor.user)  # type: ignore[arg-type]
    text: str = client.get(reverse("workflow:case", args=[case.pk])).text
    return text


def paper(actor: Actor, case: Case) -> str:
    (page,) = card_forms([Case.objects.get(pk=case.pk)], Look(actor, "打印"))
    return page


def test_who_decides_reads_it_on_the_screen_for_a_reason_that_is_written_down(firm: Firm, case: Case) -> None:
    page, asked = screen(firm.specialist, case), ask(firm.specialist, case).text
    noted = SensitiveView.objects.filter(field="salary").count()

    shown = ask(firm.specialist, case, reason="与劳动合同核对").text

    assert LINK in page
    assert SALARY not in page + asked
    assert noted == 0
    assert SALARY in shown
    look = SensitiveView.objects.get(field="salary")
    assert (look.case, look.viewer, look.reason) == (case, firm.specialist.user, "与劳动合同核对")
    assert "年薪（万元）" in {seen.what for seen in looks_at(case.applicant)}


def test_who_decides_reads_it_on_the_printed_form_which_is_written_down(firm: Firm, case: Case) -> None:
    assert SALARY in paper(firm.specialist, case)

    assert SensitiveView.objects.get(viewer=firm.specialist.user).field == "application_form"


def test_who_has_decided_reads_it_neither_on_the_screen_nor_on_paper(firm: Firm, case: Case) -> None:
    passed = firm.move(case, Action.APPROVE, firm.specialist)

    for actor in (firm.specialist, firm.handler):
        assert LINK not in screen(actor, passed)
        assert ask(actor, passed, reason="与劳动合同核对").status_code == 403
        assert SALARY not in paper(actor, passed)
        assert "***" in paper(actor, passed)
    assert SALARY in paper(firm.lead, passed)
    assert SALARY in ask(firm.lead, passed, reason="与劳动合同核对").text


def test_it_is_the_salary_that_was_filed(firm: Firm, case: Case) -> None:
    CardApplication.objects.filter(pk=case.pk).update(salary="99.9")

    assert SALARY in ask(firm.specialist, case, reason="与劳动合同核对").text


def test_application_without_one_offers_none(firm: Firm) -> None:
    case = firm.approved(salary="")

    assert LINK not in screen(firm.specialist, case)
    assert "查看完整证件号码" in screen(firm.specialist, case)


def test_case_of_another_service_has_none(firm: Firm) -> None:
    case = firm.approved(salary=SALARY)
    Case.objects.filter(pk=case.pk).update(case_type="graduate_rent")

    assert ask(firm.specialist, Case.objects.get(pk=case.pk), reason="与劳动合同核对").status_code == 404
