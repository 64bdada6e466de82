"""The case page: what it shows to whom, what may be pressed on it, and what a press answers."""

import copy
import uuid
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.workflow.factories import OTHER_COUNTY, DutyFactory, OrganisationFactory, UserFactory
from tests.workflow.files import pdf
from tests.workflow.toy import Town
from workflow import typesetting
from workflow.enums import PERSON, Action, Role, State
from workflow.models import Case, CaseEvent


def client_of(town: Town, who: str = "unit") -> Client:
    client = Client()
    client.force_login(town.person if who == PERSON else getattr(town, who).user)
    return client


def url_of(case: Case) -> str:
    return reverse("workflow:case", args=[case.pk])


def open_case(town: Town, case: Case, who: str = "unit", **query: str) -> Any:
    response = client_of(town, who).get(url_of(case), query)
    assert response.status_code == 200
    return response


def press(client: Client, case: Case, action: str, **fields: Any) -> Any:
    data = {"token": str(uuid.uuid4()), "revision": case.revision, "opinion": "", **fields}
    return client.post(reverse("workflow:decide", args=[case.pk, action]), data)


def labels(town: Town, case: Case, who: str = "unit") -> list[str]:
    return [option.label for option in open_case(town, case, who).context["page"].options]


def test_case_page_shows_the_form_as_filed_and_its_checks(town: Town) -> None:
    case = town.at("county")

    page = open_case(town, case, "county").content.decode()

    assert all(text in page for text in ("解放路1号", "800.00", "第三条", case.number, "6,000.00"))


@pytest.mark.parametrize(
    ("stage", "who", "expected"),
    [
        ("unit", "unit", ["审核通过", "退回修改"]),
        ("report", "unit", ["上报至县人社局", "退回到单位待审核", "撤回本次审核"]),
        ("county", "county", ["审核通过", "退回修改", "退回到“单位审核”", "不予通过"]),
        ("county", "unit", ["撤回本次审核"]),
        ("city", "city", ["确认拨付", "退回到“县区人社局审核”"]),
        ("city", "unit", []),
        ("unit", PERSON, ["撤回申请"]),
        ("person", PERSON, ["确认拨付"]),
        ("person", "city", []),
    ],
)
def test_buttons_are_those_this_actor_may_press(town: Town, stage: str, who: str, expected: list[str]) -> None:
    assert labels(town, town.at(stage), who) == expected


def test_a_button_behind_a_closed_gate_is_disabled_and_says_why(town: Town) -> None:
    case = town.at("county")
    town.gate.closed[case.subject] = "公示期未满"

    response = open_case(town, case, "county")
    option = response.context["page"].options[0]

    assert (option.label, option.reason) == ("审核通过", "公示期未满")
    assert 'disabled aria-describedby="held-1"' in response.content.decode()


@pytest.mark.parametrize("stage", ["unit", "county", "city"])
def test_case_page_costs_the_same_for_every_length_of_history(
    town: Town, django_assert_num_queries: DjangoAssertNumQueries, stage: str
) -> None:
    case = town.at(stage)
    client = client_of(town, stage)
    with django_assert_num_queries(1000, exact=False) as first:
        client.get(url_of(case))
    if stage != "city":
        for _ in range(2):
            case = town.submit(town.move(case, Action.SEND_BACK))

    with django_assert_num_queries(1000, exact=False) as longer:
        client.get(url_of(case))

    assert len(longer) <= len(first)
    assert len(longer) <= 40


def test_chain_shows_what_is_done_here_and_to_come(town: Town) -> None:
    steps = open_case(town, town.at("county"), "county").context["page"].steps

    assert [step.state for step in steps] == ["done", "done", "done", "here", "ahead", "ahead", "ahead"]
    assert steps[3].who == town.county.organisation.name
    assert "到期" in steps[3].due


def test_chain_shows_a_skipped_level_a_return_and_an_end(town: Town) -> None:
    paid = open_case(town, town.at("person"), "unit").context["page"].steps
    returned = open_case(town, town.move(town.at("county"), Action.SEND_BACK), "unit").context["page"].steps
    to_unit = town.move(town.at("county"), Action.SEND_BACK, target="unit")
    rejected = open_case(town, town.move(town.at("county"), Action.REJECT), "unit").context["page"].steps

    assert (paid[4].state, paid[4].who) == ("done", "本地区无此环节")
    assert (returned[0].state, returned[3].state) == ("here", "returned")
    assert [s.state for s in open_case(town, to_unit).context["page"].steps][1:4] == ["here", "ahead", "returned"]
    assert rejected[3].state == "stopped"


def test_timeline_tells_every_opinion_newest_first(town: Town) -> None:
    case = town.move(town.at("county"), Action.SEND_BACK, opinion="缺少出租人签名")

    entries = open_case(town, case, "unit").context["page"].entries

    assert [entry.action for entry in entries] == ["退回修改", "上报至县人社局", "审核通过", "提交"]
    assert entries[0].opinion == "缺少出租人签名"
    assert entries[0].organisation == town.county.organisation.name


def refile(town: Town, case: Case, street: str) -> Case:
    content = copy.deepcopy(town.filing(1).content)
    content["sections"][0]["rows"][0]["value"] = street
    return town.submit(town.move(case, Action.SEND_BACK), content=content)


def test_comparison_shows_only_what_changed_since_the_return(town: Town) -> None:
    case = refile(town, town.at("county"), "解放路25号")

    paper = open_case(town, case, "county").context["page"].paper

    assert [(c.label, c.before, c.after) for c in paper.changes] == [("租住地址", "解放路1号", "解放路25号")]


def test_mask_that_one_filing_alone_can_lift_is_no_change(town: Town) -> None:
    content = copy.deepcopy(town.filing(1).content)
    content["sections"][0]["rows"][0] |= {"kind": "secret", "full": "解放路1号院2号楼"}

    case = town.submit(town.move(town.at("county"), Action.SEND_BACK), content=content)

    assert open_case(town, case, "county").context["page"].paper.changes == []


def test_earlier_filings_can_be_read(town: Town) -> None:
    case = refile(town, town.at("county"), "解放路25号")

    earlier = open_case(town, case, "county", filing="1").context["page"]
    unknown = open_case(town, case, "county", filing="x").context["page"]

    assert earlier.paper.sections[0].lines[0].text == "解放路1号"
    assert not earlier.paper.changes
    assert unknown.paper.number == 2


def test_applicant_reads_what_must_be_corrected(town: Town) -> None:
    case = town.move(town.at("unit"), Action.SEND_BACK, opinion="请补正租赁合同")

    response = open_case(town, case, PERSON)

    assert response.context["page"].returned_opinion == "请补正租赁合同"
    assert response.context["page"].edit_url == reverse("workflow:materials", args=[case.pk])
    assert "修改后重新提交" in response.content.decode()


def test_office_has_no_way_into_the_applicants_form(town: Town) -> None:
    case = town.move(town.at("unit"), Action.SEND_BACK)

    assert open_case(town, case, "unit").context["page"].edit_url == ""


def test_neighbours_follow_the_filtered_queue(town: Town) -> None:
    first, _other, third = town.at("unit"), town.at("unit", subject="钱"), town.at("unit")

    around = open_case(town, first, **{"from": "name=赵"}).context["around"]

    assert (around.previous, around.next) == (None, third.pk)
    assert open_case(town, first).context["around"] is None


def test_approving_leads_back_to_the_queue_or_to_the_next_case(town: Town) -> None:
    first, second, third = (town.at("unit") for _ in range(3))
    client = client_of(town)

    plain = press(client, first, "approve", **{"from": "name=赵"})
    onwards = press(client, second, "approve", next="1", **{"from": "name=赵"})
    alone = press(client, third, "approve")

    assert urlsplit(plain["Location"]).path == reverse("workflow:queue", args=["toy", "unit"])
    assert urlsplit(onwards["Location"]).path == url_of(third)
    assert alone["Location"] == url_of(third)
    assert set(Case.objects.values_list("stage", flat=True)) == {"report"}


def test_one_approval_over_http_is_at_most_twelve_statements(
    town: Town, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    first, second = town.at("unit"), town.at("unit")
    client = client_of(town)
    press(client, first, "approve")

    # The savepoint of the test's transaction would be a BEGIN and a COMMIT.
    with django_assert_max_num_queries(12 + 2):
        press(client, second, "approve")

    assert Case.objects.get(pk=second.pk).stage == "report"


def test_return_without_an_opinion_names_the_field_and_keeps_what_was_typed(town: Town) -> None:
    case = town.at("unit")

    response = press(client_of(town), case, "send_back", target="person", opinion="  ")

    assert response.status_code == 422
    assert "opinion" in response.context["form"].errors
    assert Case.objects.get(pk=case.pk).state == State.IN_REVIEW


def test_office_form_names_its_errors_and_keeps_what_was_typed(town: Town) -> None:
    case = town.at("city")

    response = press(client_of(town, "city"), case, "approve", opinion="同意拨付", **{"office-voucher": "PZ001"})

    assert set(response.context["office"].errors) == {"paid_on"}
    page = response.content.decode()
    assert "PZ001" in page
    assert "同意拨付" in page


def test_what_the_office_entered_stands_in_the_timeline(town: Town) -> None:
    case = town.at("city")
    paper = SimpleUploadedFile("凭证.pdf", pdf(), "application/pdf")
    fields = {"office-voucher": "PZ001", "office-paid_on": "2026-11-20", "office-paper": paper}

    press(client_of(town, "city"), case, "approve", **fields)
    entry = open_case(town, case, "city").context["page"].entries[0]

    assert entry.details == [("凭证号", "PZ001"), ("拨付日期", "2026-11-20")]
    assert [file.name for file in entry.files] == ["凭证.pdf"]


def test_a_stale_page_is_told_who_was_faster_and_loses_nothing(town: Town) -> None:
    case = town.at("county")
    colleague = DutyFactory(organisation=town.county.organisation)
    press(client_of(town, "county"), case, "approve")
    second = Client()
    second.force_login(colleague.user)

    response = press(second, case, "send_back", target="person", opinion="缺少签名")

    page = response.content.decode()
    assert response.status_code == 409
    assert f"{town.county.organisation.name} {town.county.user}已先行办理" in page
    assert response.context["form"]["opinion"].value() == "缺少签名"
    assert response.context["page"].case.stage == "city"
    assert not CaseEvent.objects.filter(case=case, action=Action.SEND_BACK).exists()


def test_a_refused_page_carries_a_fresh_token_and_revision(town: Town) -> None:
    case = town.at("county")
    town.gate.closed[case.subject] = "公示期未满"
    token = str(uuid.uuid4())

    refused = press(client_of(town, "county"), case, "approve", token=token)
    town.gate.closed.clear()
    form = refused.context["form"]
    again = press(client_of(town, "county"), case, "approve", token=form["token"].value())

    assert "公示期未满" in refused.content.decode()
    assert form["token"].value() != token
    assert again.status_code == 302
    assert Case.objects.get(pk=case.pk).stage == "city"


def test_the_same_form_twice_moves_once(town: Town) -> None:
    case, token = town.at("unit"), str(uuid.uuid4())
    client = client_of(town)

    answers = [press(client, case, "approve", token=token).status_code for _ in range(5)]

    assert answers == [302] * 5
    assert CaseEvent.objects.filter(case=case, action=Action.APPROVE).count() == 1


def test_applicant_confirms_and_withdraws(town: Town) -> None:
    paid, filed = town.at("person"), town.at("unit")
    client = client_of(town, PERSON)

    press(client, paid, "approve")
    press(client, filed, "withdraw")

    assert Case.objects.get(pk=paid.pk).state == State.APPROVED
    assert Case.objects.get(pk=filed.pk).state == State.WITHDRAWN


def test_take_back_returns_the_case_to_its_step(town: Town) -> None:
    case = town.at("county")

    press(client_of(town), case, "take_back")

    assert Case.objects.get(pk=case.pk).stage == "report"


ACTIONS = ["approve", "send_back", "reject", "take_back", "withdraw"]


@pytest.mark.parametrize("action", ACTIONS)
def test_deciding_is_a_post_by_somebody_signed_in(town: Town, action: str) -> None:
    case = town.at("unit")
    url = reverse("workflow:decide", args=[case.pk, action])

    assert client_of(town).get(url).status_code == 405
    anonymous = press(Client(), case, action)
    assert (anonymous.status_code, "sign-in" in anonymous["Location"] or "login" in anonymous["Location"]) == (
        302,
        True,
    )


@pytest.mark.parametrize("action", ACTIONS)
def test_a_stranger_finds_no_case(town: Town, action: str) -> None:
    case = town.at("county")
    strangers = [
        UserFactory(),
        DutyFactory(organisation=OrganisationFactory(county_hr=True, region_id=OTHER_COUNTY)).user,
        DutyFactory().user,
    ]
    for user in strangers:
        client = Client()
        client.force_login(user)

        assert client.get(url_of(case)).status_code == 404
        assert press(client, case, action, opinion="请补正").status_code == 404


@pytest.mark.parametrize("action", ["approve", "send_back", "reject"])
def test_who_sees_the_case_but_does_not_hold_it_cannot_decide(town: Town, action: str) -> None:
    case = town.at("county")
    reviewer = Client()
    reviewer.force_login(DutyFactory(organisation=town.county.organisation, role=Role.REVIEWER).user)

    assert press(reviewer, case, action, opinion="请补正").status_code == 403
    assert press(client_of(town, "unit"), case, action, opinion="请补正").status_code == 403
    assert press(client_of(town, PERSON), case, action, opinion="请补正").status_code == 403
    assert Case.objects.get(pk=case.pk).revision == case.revision


def test_submitting_is_no_button_of_the_case_page(town: Town) -> None:
    assert press(client_of(town, PERSON), town.draft(), "submit").status_code == 404


def test_a_draft_is_seen_by_its_applicant_alone(town: Town) -> None:
    draft = town.draft()

    assert client_of(town, "unit").get(url_of(draft)).status_code == 404
    assert open_case(town, draft, PERSON).context["page"].paper is None


@pytest.mark.parametrize(("query", "how"), [("", "inline"), ("?download=1", "attachment")])
def test_documents_are_printed_and_exported(town: Town, query: str, how: str) -> None:
    case = town.at("unit")
    url = reverse("workflow:case_document", args=[case.pk, "form"])

    response = client_of(town).get(url + query)

    assert (response["Content-Type"], response["Content-Disposition"].split(";")[0]) == ("application/pdf", how)
    assert response.content.startswith(b"%PDF")
    stranger = Client()
    stranger.force_login(UserFactory())
    assert stranger.get(url).status_code == 404


def test_a_server_that_cannot_print_says_so(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "_missing", "cannot load library 'libpango-1.0-0'")
    case = town.at("unit")

    response = client_of(town).get(reverse("workflow:case_document", args=[case.pk, "form"]), follow=True)

    assert response.redirect_chain == [(reverse("workflow:case", args=[case.pk]), 302)]
    assert "暂时无法打印" in response.content.decode()


def test_a_document_that_does_not_exist_is_not_found(town: Town) -> None:
    url = reverse("workflow:case_document", args=[town.at("unit").pk, "nothing"])

    assert client_of(town).get(url).status_code == 404
