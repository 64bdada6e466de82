"""Selections: ticked or by filter, asked before anything moves, answered row by row."""

import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.workflow.factories import DutyFactory
from tests.workflow.files import pdf
from tests.workflow.toy import TOY, Town
from workflow import clock
from workflow.enums import Action, JobState, Role
from workflow.models import Act, Case, CaseEvent, Duty, Job, Material, Organisation, Selection
from workflow.services import perform_one, selections
from workflow.services.jobs import claim_job, run_job
from workflow.worker import work_once


def client_of(town: Town, who: str = "unit") -> Client:
    client = Client()
    client.force_login(getattr(town, who).user)
    return client


def select(client: Client, action: str, *ticked: Case, stage: str = "unit", **fields: str) -> str:
    """The address that the queue's form leads to."""
    data = {"action": action, "case": [f"{case.pk}:{case.revision}" for case in ticked], **fields}
    response = client.post(reverse("workflow:select", args=[TOY, stage]), data)
    assert response.status_code == 302
    return response["Location"]


def confirm(client: Client, url: str, **fields: Any) -> Any:
    """Press the button of the page that asks first; what it opens with is posted back."""
    form = client.get(url).context["form"]
    data = {"token": str(form["token"].initial), "target": form["target"].value() or "", "opinion": ""}
    return client.post(url, data | fields)


def test_ticked_rows_wait_for_the_confirmation(town: Town) -> None:
    first, second, other = (town.at("unit") for _ in range(3))
    client = client_of(town)

    url = select(client, "approve", first, second)
    page = client.get(url).context

    assert (page["selection"].count, page["selection"].total) == (2, Decimal("12000.00"))
    assert [case.pk for case in page["page"].named] == [first.pk, second.pk]
    assert set(Case.objects.values_list("stage", flat=True)) == {"unit"}
    assert other.pk not in {pk for pk, _revision in page["selection"].members}


def test_approving_a_selection_moves_it_and_tells_the_sum(town: Town) -> None:
    cases = [town.at("unit") for _ in range(3)]
    client = client_of(town)

    response = confirm(client, select(client, "approve", *cases))
    result = client.get(response["Location"]).context["result"]

    assert [(o.label, o.done, o.amount) for o in result.outcomes] == [("审核通过", 3, Decimal("18000.00"))]
    assert set(Case.objects.values_list("stage", flat=True)) == {"report"}


def test_a_case_of_another_queue_does_not_pass_without_the_form_of_its_own_stage(town: Town) -> None:
    case = town.at("report")
    client = client_of(town)

    response = confirm(client, select(client, "approve", case, stage="unit"))
    result = client.get(response["Location"]).context["result"]

    assert (Case.objects.get(pk=case.pk).stage, [outcome.done for outcome in result.outcomes]) == ("report", [0])


def test_ticks_reach_no_case_of_a_stranger(town: Town) -> None:
    case = town.at("unit")
    client = Client()
    client.force_login(DutyFactory().user)

    url = select(client, "approve", case)

    assert urlsplit(url).path == reverse("workflow:queue", args=[TOY, "unit"])
    assert Selection.objects.get().members == []


@pytest.mark.parametrize("who", ["unit", "county"])
def test_a_token_spent_on_another_case_moves_nothing_and_says_so(town: Town, who: str) -> None:
    first, second, token = town.at("unit"), town.at(who), uuid.uuid4()
    perform_one(Action.APPROVE, first, town.actor("unit"), token=token)

    response = client_of(town, who).post(
        reverse("workflow:decide", args=[second.pk, "approve"]), {"token": str(token), "revision": second.revision}
    )

    assert response.status_code == 409
    assert response.context["refused"].startswith("这张表单已用于其他办理")
    assert Case.objects.get(pk=second.pk).stage == who


def test_a_spent_token_hangs_no_file_on_the_act_of_somebody_else(town: Town) -> None:
    first, paid, token = town.at("unit"), town.at("city"), uuid.uuid4()
    perform_one(Action.APPROVE, first, town.actor("unit"), token=token)
    entered = {"office-voucher": "记-0042", "office-paid_on": "2026-11-20", "office-paper": upload()}

    response = client_of(town, "city").post(
        reverse("workflow:decide", args=[paid.pk, "approve"]),
        {"token": str(token), "revision": paid.revision} | entered,
    )

    assert response.status_code == 409
    assert not Material.objects.filter(act=token).exists()


def upload() -> SimpleUploadedFile:
    return SimpleUploadedFile("凭证.pdf", pdf(), "application/pdf")


@pytest.mark.parametrize("tick", ["²:1", f"{10**30}:1", "x:1", "1"])
def test_a_tick_that_is_no_case_selects_nothing(town: Town, tick: str) -> None:
    client = client_of(town)

    response = client.post(reverse("workflow:select", args=[TOY, "unit"]), {"action": "send_back:person", "case": tick})

    assert response.status_code == 302
    assert not Selection.objects.exists()


def test_nothing_ticked_approves_all_that_match_the_filter(town: Town) -> None:
    match, other = town.at("unit", subject="钱多多"), town.at("unit")
    client = client_of(town)

    confirm(client, select(client, "approve", criteria="tab=waiting&name=钱"))

    assert Case.objects.get(pk=match.pk).stage == "report"
    assert Case.objects.get(pk=other.pk).stage == "unit"


def test_all_that_match_is_a_filter_and_never_a_list_of_ids(town: Town) -> None:
    case, late = town.at("unit"), None
    client = client_of(town)
    url = select(client, "send_back:person", case, matching="1", criteria="name=赵")
    late = town.at("unit")

    confirm(client, url, opinion="请补正")

    assert Case.objects.get(pk=case.pk).state == "returned"
    assert Case.objects.get(pk=late.pk).state == "in_review"


def test_passing_along_reports_at_once_with_an_event_of_its_own(town: Town) -> None:
    case = town.at("unit")
    client = client_of(town)
    url = select(client, "approve", case)
    assert client.get(url).context["page"].along_label == "同时上报至县人社局"

    response = confirm(client, url, along="1")
    result = client.get(response["Location"]).context["result"]

    assert [(o.label, o.done) for o in result.outcomes] == [("审核通过", 1), ("上报至县人社局", 1)]
    assert Case.objects.get(pk=case.pk).stage == "county"
    assert list(CaseEvent.objects.filter(case=case).order_by("seq").values_list("from_stage", "to_stage")) == [
        ("", "unit"),
        ("unit", "report"),
        ("report", "county"),
    ]


def test_rows_that_moved_since_are_refused_by_name(town: Town) -> None:
    moved, stays = town.at("unit"), town.at("unit")
    client = client_of(town)
    url = select(client, "approve", moved, stays)
    town.move(moved, Action.APPROVE)

    response = confirm(client, url)
    result = client.get(response["Location"]).context["result"]

    assert result.outcomes[0].done == 1
    assert [(row.subject, row.url) for row in result.refused] == [
        (moved.subject, reverse("workflow:case", args=[moved.pk]))
    ]
    assert "您本人（在另一个窗口）已先行办理" in result.refused[0].reason


def test_a_row_that_moved_before_it_was_ticked_is_refused_too(town: Town) -> None:
    stale = town.at("unit")
    town.submit(town.move(stale, Action.SEND_BACK))
    client = client_of(town)

    response = confirm(client, select(client, "approve", stale))

    assert client.get(response["Location"]).context["result"].outcomes[0].done == 0


def test_the_second_post_of_a_token_shows_the_first_result(town: Town) -> None:
    case, token = town.at("unit"), str(uuid.uuid4())
    client = client_of(town)
    url = select(client, "approve", case)

    first = confirm(client, url, token=token)
    second = confirm(client, url, token=token)

    assert first["Location"] == second["Location"] == reverse("workflow:act", args=[token])
    assert client.get(first["Location"]).context["result"].outcomes[0].done == 1
    assert CaseEvent.objects.filter(case=case, action=Action.APPROVE).count() == 1


@pytest.mark.parametrize("action", ["send_back:person", "send_back:unit", "reject"])
@pytest.mark.parametrize("opinion", ["", "   ", "长" * 501])
def test_returns_and_rejections_need_an_opinion_of_1_to_500_characters(town: Town, action: str, opinion: str) -> None:
    case = town.at("county")
    client = client_of(town, "county")
    url = select(client, action, case, stage="county")

    response = confirm(client, url, opinion=opinion)

    assert "opinion" in response.context["form"].errors
    assert Case.objects.get(pk=case.pk).stage == "county"


def test_a_selection_goes_back_to_the_office_that_the_button_names(town: Town) -> None:
    case = town.at("report")
    client = client_of(town)
    url = select(client, "send_back:unit", case, stage="report")

    assert client.get(url).context["page"].label == "退回到单位待审核"
    confirm(client, url, opinion="金额有误")

    assert Case.objects.get(pk=case.pk).stage == "unit"


def test_the_form_of_the_office_is_asked_and_kept_with_its_file(town: Town) -> None:
    case = town.at("city")
    client = client_of(town, "city")
    url = select(client, "approve", case, stage="city")

    missing = confirm(client, url)
    errors = missing.context["office"].errors
    assert set(errors) == {"voucher", "paid_on"}
    assert all(errors[name] == [f"请填写“{missing.context['office'].fields[name].label}”"] for name in errors)
    assert missing.context["form"].fields["opinion"].label == "意见（选填）"

    paper = SimpleUploadedFile("凭证.pdf", pdf(), "application/pdf")
    fields = {"office-voucher": "PZ001", "office-paid_on": "2026-11-20", "office-paper": paper}
    response = confirm(client, url, **fields)

    event = CaseEvent.objects.get(case=case, from_stage="city")
    assert response.status_code == 302
    assert (event.payload["voucher"], event.payload["paid_on"]) == ("PZ001", "2026-11-20")
    assert event.act.materials.get().name == event.payload["paper"]["name"] == "凭证.pdf"


def test_bar_offers_the_manuals_two_ways_of_review(town: Town) -> None:
    town.at("unit")
    town.at("report")
    client = client_of(town)

    review = client.get(reverse("workflow:queue", args=[TOY, "unit"])).context["bar"]
    report = client.get(reverse("workflow:queue", args=[TOY, "report"])).context["bar"]

    assert [action.label for action in review.review] == ["单人审核", "一键审核通过"]
    assert [action.label for action in review.actions] == ["退回修改"]
    assert [action.label for action in report.actions] == ["上报至县人社局", "一键上报至县人社局", "退回到单位待审核"]


@pytest.mark.parametrize("tick", [True, False])
def test_review_one_by_one_opens_the_ticked_or_the_first_case(town: Town, tick: bool) -> None:
    first, second = town.at("unit"), town.at("unit")

    url = urlsplit(select(client_of(town), "one", *([second] if tick else []), criteria="name=赵"))

    assert url.path == reverse("workflow:case", args=[second.pk if tick else first.pk])
    assert parse_qs(parse_qs(url.query)["from"][0]) == {"name": ["赵"]}


def test_a_button_for_ticked_rows_asks_for_a_tick(town: Town) -> None:
    town.at("report")

    url = select(client_of(town), "approve:ticked", stage="report")

    assert urlsplit(url).path == reverse("workflow:queue", args=[TOY, "report"])
    assert not Selection.objects.exists()


def test_many_cases_become_a_job_with_the_same_result_page(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selections, "INLINE", 1)
    monkeypatch.setattr(selections, "CHUNK", 2)
    for _ in range(3):
        town.at("unit")
    client, token = client_of(town), str(uuid.uuid4())
    url = select(client, "approve")

    response = confirm(client, url, token=token, along="1")
    job = claim_job()
    assert job is not None
    run_job(job)

    assert response["Location"] == reverse("workflow:job", args=[Job.objects.get().token])
    assert Job.objects.get().state == JobState.DONE
    assert reverse("workflow:act", args=[token]) in client.get(response["Location"]).content.decode()
    outcomes = client.get(reverse("workflow:act", args=[token])).context["result"].outcomes
    assert [(outcome.label, outcome.done) for outcome in outcomes] == [("审核通过", 3), ("上报至县人社局", 3)]
    assert Act.objects.filter(stage="unit", action=Action.APPROVE).count() == 2


def test_a_job_that_is_run_twice_moves_nothing_twice(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selections, "INLINE", 0)
    case = town.at("unit")
    client = client_of(town)
    confirm(client, select(client, "approve"))
    job = claim_job()
    assert job is not None

    run_job(job)
    Job.objects.update(state=JobState.RUNNING)
    selections.run_decision(Job.objects.get())

    assert CaseEvent.objects.filter(case=case, action=Action.APPROVE).count() == 1


@pytest.mark.parametrize("lost", ["duty ended", "other role", "office closed", "account closed"])
def test_a_waiting_job_moves_nothing_when_the_duty_no_longer_holds(
    town: Town, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    monkeypatch.setattr(selections, "INLINE", 0)
    case = town.at("unit")
    client = client_of(town)
    confirm(client, select(client, "approve"))

    match lost:
        case "duty ended":
            Duty.objects.filter(pk=town.unit.pk).update(ends_on=clock.today() - timedelta(days=1))
        case "other role":
            Duty.objects.filter(pk=town.unit.pk).update(role=Role.LEADER)
        case "office closed":
            Organisation.objects.filter(pk=town.unit.organisation_id).update(active=False)
        case "account closed":
            type(town.unit.user).objects.filter(pk=town.unit.user_id).update(is_active=False)
    work_once()

    job = Job.objects.get()
    assert (job.state, job.done) == (JobState.FAILED, 0)
    assert "岗位" in job.error
    assert Case.objects.get(pk=case.pk).stage == "unit"
    assert not Act.objects.filter(action=Action.APPROVE).exists()


def test_selection_and_result_are_for_who_made_them(town: Town) -> None:
    client = client_of(town)
    url = select(client, "approve", town.at("unit"))
    colleague = Client()
    colleague.force_login(DutyFactory(organisation=town.unit.organisation).user)

    assert colleague.get(url).status_code == 404
    assert colleague.post(url).status_code == 404
    result = confirm(client, url)["Location"]
    assert colleague.get(result).status_code == 404
    assert Client().get(result).status_code == 302


def test_selecting_is_a_post_in_ones_own_seat(town: Town) -> None:
    url = reverse("workflow:select", args=[TOY, "unit"])

    assert client_of(town).get(url).status_code == 405
    assert client_of(town, "county").post(url, {"action": "approve"}).status_code == 403
    assert client_of(town).post(url, {"action": "submit"}).status_code == 404


def test_a_case_of_another_office_in_the_post_is_refused(town: Town) -> None:
    foreign = town.at("county")
    client = client_of(town)

    response = confirm(client, select(client, "approve", foreign))

    assert client.get(response["Location"]).context["result"].outcomes[0].done == 0
    assert Case.objects.get(pk=foreign.pk).stage == "county"
