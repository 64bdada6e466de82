"""渤海英才卡服务: asked for by the holder, taken on with department and time limit, finished, evaluated."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from talent.documents.service_receipt import receipts
from talent.enums import CARD_SERVICE, CardState, Satisfaction
from talent.models import Card, CardService, ServiceRequest
from talent.service_statistics import count_services
from talent.services.cards import cancel_card, freeze_card
from talent.services.refusals import NotReady
from talent.services.request import evaluate_request, save_request, start_request, submit_request
from tests.talent.cards import holder_actor, holder_of, make_card, officer_actor
from tests.talent.change_factories import approve, decider_of, make_holder, officer_for
from workflow import clock
from workflow.actors import Actor
from workflow.enums import Action, State
from workflow.models import Case, Filing
from workflow.registry import Look
from workflow.services import Refused, perform_one

pytestmark = pytest.mark.django_db
RESULT = {"outcome": "done", "result": "已转入新华区实验小学。"}


def service(code: str = "archive") -> CardService:
    return CardService.objects.get(code=code)


def make_request(card: Card | None = None, code: str = "archive") -> ServiceRequest:
    card = card or make_card(make_holder(), level="B")
    request = start_request(Card.objects.whole().get(pk=card.pk), service(code), holder_actor(card))
    save_request(request, holder_actor(card), content="请协助转入人事档案。")
    return ServiceRequest.objects.whole().get(pk=request.pk)


def file_request(request: ServiceRequest) -> Case:
    submit_request(request, holder_actor(request.card), token=uuid.uuid4())
    return Case.objects.get(pk=request.pk)


def finished(card: Card | None = None, code: str = "archive") -> ServiceRequest:
    case = approve(approve(file_request(make_request(card, code))), payload=RESULT)
    return ServiceRequest.objects.whole().get(pk=case.pk)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_request_waits_at_the_county_bureau_and_not_at_the_employer() -> None:
    request = make_request()

    case = file_request(request)

    assert (case.stage, case.holder, case.unit) == ("accept", request.card.supervisor, None)
    assert case.summary["service"] == "人事档案"


@pytest.mark.parametrize("deed", [freeze_card, cancel_card])
def test_card_that_is_void_by_now_brings_no_service(deed: Any) -> None:
    request = make_request()
    case = file_request(request)
    deed(request.card, reason="核实", actor=officer_actor())

    with pytest.raises(Refused, match="服务只面向有效的卡"):
        approve(case)


@time_machine.travel("2026-11-20 10:00:00+08:00", tick=False)
def test_taking_it_on_names_the_department_and_the_time_limit_of_the_catalogue() -> None:
    case = approve(file_request(make_request()))

    request = ServiceRequest.objects.get(pk=case.pk)
    assert request.department == "公共就业和人才服务中心"
    # Five working days from a Friday.
    assert (request.promised_on, case.due_on) == (date(2026, 11, 27), date(2026, 11, 27))


@time_machine.travel("2026-11-20 10:00:00+08:00", tick=False)
def test_specialist_may_name_another_department_and_time_limit() -> None:
    case = approve(file_request(make_request()), payload={"department": "新华区人才中心", "working_days": 2})

    request = ServiceRequest.objects.get(pk=case.pk)
    assert (request.department, request.promised_on) == ("新华区人才中心", date(2026, 11, 24))


def test_result_closes_the_request() -> None:
    request = finished()

    assert request.case.state == State.APPROVED
    assert (request.outcome, request.result) == ("done", RESULT["result"])
    assert request.finished_at is not None


@pytest.mark.parametrize(
    ("level", "code", "said"), [("C", "schooling", "卡类型"), ("B", "schooling", ""), ("A", "archive", "")]
)
def test_card_brings_only_its_own_services(level: str, code: str, said: str) -> None:
    card = make_card(make_holder(), level=level)

    try:
        start_request(Card.objects.whole().get(pk=card.pk), service(code), holder_actor(card))
        refusal = ""
    except Refused as refused:
        refusal = str(refused)

    assert (said in refusal) if said else refusal == ""


def test_frozen_card_brings_no_service_even_with_a_draft() -> None:
    request = make_request()
    freeze_card(request.card, reason="核实", actor=officer_actor())

    with pytest.raises(NotReady, match=str(CardState.FROZEN.label)):
        file_request(ServiceRequest.objects.whole().get(pk=request.pk))

    assert Case.objects.get(pk=request.pk).state == State.DRAFT


def test_request_without_words_is_not_filed() -> None:
    request = make_request()
    save_request(request, holder_actor(request.card), content="  ")

    with pytest.raises(NotReady):
        file_request(request)


def test_same_service_is_asked_for_once_at_a_time() -> None:
    request = make_request()
    case = file_request(request)

    with pytest.raises(Refused, match=case.number):
        start_request(request.card, service(), holder_actor(request.card))


def test_second_press_files_once() -> None:
    request = make_request()
    # The second press comes from the same page: by then the case is newer than the page.
    press = {"token": uuid.uuid4(), "revision": request.case.revision}

    first, second = (submit_request(request, holder_actor(request.card), **press) for _press in range(2))

    assert first.pk == second.pk
    assert Filing.objects.filter(case=request.case).count() == 1


def test_holder_evaluates_once_when_it_is_finished() -> None:
    request = finished()
    actor = holder_actor(request.card)

    evaluate_request(request, actor, rating=Satisfaction.GOOD)

    with pytest.raises(Refused):
        evaluate_request(request, actor, rating=Satisfaction.VERY_BAD, reason="改变主意")
    assert ServiceRequest.objects.get(pk=request.pk).rating == Satisfaction.GOOD


def test_nothing_is_evaluated_before_it_is_finished() -> None:
    case = approve(file_request(make_request()))
    request = ServiceRequest.objects.whole().get(pk=case.pk)

    with pytest.raises(Refused):
        evaluate_request(request, holder_actor(request.card), rating=Satisfaction.GOOD)


@pytest.mark.parametrize(("rating", "reason"), [(6, "好"), (0, "差"), (2, "")])
def test_database_refuses_an_evaluation_outside_of_the_rules(rating: int, reason: str) -> None:
    request = finished()

    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceRequest.objects.filter(pk=request.pk).update(rating=rating, rating_reason=reason, rated_at=clock.now())


def test_bad_evaluation_asks_for_its_reason_on_the_page() -> None:
    request = finished()
    address = reverse("talent:request_evaluate", args=[request.pk])

    answer = browser(holder_of(request.card)).post(address, {"rating": "1", "reason": ""})

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"reason"}


def test_evaluation_is_not_shown_to_the_office_that_it_is_about() -> None:
    request = finished()
    evaluate_request(request, holder_actor(request.card), rating=Satisfaction.BAD, reason="等待时间太长了")
    address = reverse("talent:request_state", args=[request.pk])

    own = browser(holder_of(request.card)).get(address).content.decode()
    theirs = browser(officer_for(file_request(make_request()))).get(address)

    assert "等待时间太长了" in own
    assert theirs.status_code == 200
    assert "等待时间太长了" not in theirs.content.decode()


def test_statistics_count_by_service_and_mean_the_evaluations() -> None:
    first = finished()
    evaluate_request(first, holder_actor(first.card), rating=Satisfaction.VERY_GOOD)
    second = finished()
    evaluate_request(second, holder_actor(second.card), rating=Satisfaction.FAIR)
    case = file_request(make_request(code="title"))
    officer = officer_for(case)

    table = count_services(Actor.in_duty(officer.duties.get(), officer), (None, None))

    assert [(line.name, line.filed, line.finished, line.rated, line.rating) for line in table.lines] == [
        ("人事档案", 2, 2, 2, "4.0"),
        ("职称评定", 1, 0, 0, ""),
    ]
    assert (table.total.filed, table.total.waiting) == (3, 1)


def test_statistics_keep_to_their_period() -> None:
    case = file_request(make_request())
    officer = officer_for(case)

    table = count_services(Actor.in_duty(officer.duties.get(), officer), (None, date(2020, 1, 1)))

    assert table.lines == []


def test_statistics_cost_the_same_for_one_request_and_for_three(django_assert_max_num_queries: object) -> None:
    case = file_request(make_request())
    officer = officer_for(case)
    actor = Actor.in_duty(officer.duties.get(), officer)
    for _each in range(2):
        file_request(make_request())

    with django_assert_max_num_queries(3):  # type: ignore[operator]
        count_services(actor, (None, None))


def test_catalogue_is_public_and_offers_requests_to_holders_alone() -> None:
    card = make_card(make_holder())
    address = reverse("talent:services")

    visitor = Client().get(address)
    holder = browser(holder_of(card)).get(address)

    assert "人事档案" in visitor.content.decode()
    assert reverse("talent:request_create") not in visitor.content.decode()
    assert reverse("talent:request_create") in holder.content.decode()


def test_catalogue_costs_the_same_for_one_request_and_for_three(django_assert_max_num_queries: object) -> None:
    card = make_card(make_holder(), level="B")
    client = browser(holder_of(card))
    address = reverse("talent:services")
    file_request(make_request(card))
    client.get(address)
    counts = []
    for code in ("title", "housing"):
        with django_assert_max_num_queries(60) as queries:  # type: ignore[operator]
            client.get(address)
        counts.append(len(queries))
        file_request(make_request(card, code))

    assert counts[0] == counts[1]


def test_holder_goes_from_the_catalogue_to_the_filed_request() -> None:
    card = make_card(make_holder(), level="B")
    client = browser(holder_of(card))

    client.post(reverse("talent:request_create"), {"service": service("schooling").pk})
    request = ServiceRequest.objects.get()
    client.post(reverse("talent:request_edit", args=[request.pk]), {"content": "孩子入小学一年级"})
    address = reverse("talent:request_check", args=[request.pk])
    form = client.get(address).context["form"]
    answer = client.post(address, form.initial, follow=True)

    assert answer.redirect_chain[-1][0] == reverse("talent:request_state", args=[request.pk])
    request.case.refresh_from_db()
    assert request.case.stage == "accept"


def test_service_that_does_not_exist_answers_404() -> None:
    card = make_card(make_holder())

    answers = [
        browser(holder_of(card)).post(reverse("talent:request_create"), {"service": said}).status_code
        for said in ("999999", "x", "")
    ]

    assert answers == [404, 404, 404]


def test_requests_of_others_are_not_found() -> None:
    request, other = finished(), make_card(make_holder())
    names = ("request_state", "request_edit", "request_check")

    strange = [
        browser(holder_of(other)).get(reverse(f"talent:{name}", args=[request.pk])).status_code for name in names
    ]

    assert strange == [404, 404, 404]


def test_outcome_stands_in_the_record_by_its_word() -> None:
    request = finished()

    page = browser(holder_of(request.card)).get(reverse("workflow:case", args=[request.pk])).content.decode()

    assert "已办理" in page


def test_receipt_names_department_and_result_in_chinese() -> None:
    request = finished()

    with translation.override("en"):
        (page,) = receipts([request.case], Look(holder_actor(request.card), ""))

    assert "已办理" in page
    assert "公共就业和人才服务中心" in page
    assert RESULT["result"] in page


def offers_receipt(request: ServiceRequest, user: User) -> list[bool]:
    """On its own page, on the case page, and by its address."""
    client, address = browser(user), reverse("workflow:case_document", args=[request.pk, "receipt"])
    pages = [client.get(reverse(name, args=[request.pk])) for name in ("talent:request_state", "workflow:case")]
    return [*(address in page.text for page in pages), client.get(address).status_code != 404]


def test_receipt_is_there_from_the_day_that_the_request_is_taken_on() -> None:
    request = make_request()
    case = file_request(request)
    holder, officer = holder_of(request.card), officer_for(case)
    before = [offers_receipt(request, user) for user in (holder, officer)]

    case = approve(case)
    taken_on = [offers_receipt(request, user) for user in (holder, officer)]
    approve(case, payload=RESULT)

    assert before == [[False] * 3] * 2
    assert taken_on == [[True] * 3] * 2
    assert offers_receipt(request, holder) == [True] * 3


def test_receipt_of_a_request_that_goes_back_to_be_taken_on_anew_is_gone() -> None:
    request = make_request()
    case = approve(file_request(request))
    perform_one(Action.SEND_BACK, case, decider_of(case), opinion="请重新受理", target="accept")

    assert offers_receipt(request, holder_of(request.card)) == [False] * 3


@pytest.mark.parametrize(("stage", "is_offered"), [("accept", False), ("finish", True)])
def test_receipts_are_printed_together_only_of_what_is_taken_on(stage: str, is_offered: bool) -> None:
    case = file_request(make_request())
    case = approve(case) if stage == "finish" else case
    client, seat = browser(officer_for(case)), [CARD_SERVICE, stage]

    page = client.get(reverse("workflow:queue", args=seat))
    form = {"action": "print:receipt", "case": f"{case.pk}:{case.revision}"}
    answer = client.post(reverse("workflow:select", args=seat), form)

    assert ("print:receipt" in page.text) is is_offered
    assert answer.status_code == (302 if is_offered else 404)
