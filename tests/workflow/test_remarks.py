"""Remarks on single fields: written with a return, kept with the event, read until the form is filed again."""

import copy
import io
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from tests.workflow.test_case import client_of, open_case, press
from tests.workflow.toy import Town
from workflow.enums import PERSON, Action, State
from workflow.models import Case, CaseEvent
from workflow.presentation.remarks import Remark, open_remarks, remarks_of

STREET = Remark("rent.street", "租房", "租住地址", "缺门牌号")


def send_back(town: Town, case: Case, who: str = "county", **fields: str) -> Any:
    typed = {"remark-rent.street": "缺门牌号", "opinion": "请补正", "target": PERSON}
    return press(client_of(town, who), case, "send_back", **typed | fields)


def returned(town: Town, **fields: str) -> Case:
    case = town.at("county")
    assert send_back(town, case, **fields).status_code == 302
    return Case.objects.get(pk=case.pk)


def refile(town: Town, case: Case, street: str) -> Case:
    content = copy.deepcopy(town.filing(1).content)
    content["sections"][0]["rows"][0]["value"] = street
    return town.submit(case, content=content)


def test_remarks_are_part_of_the_event_and_of_its_digest(town: Town) -> None:
    case = returned(town)

    event = case.events.last()

    assert (case.state, remarks_of(event)) == (State.RETURNED, [STREET])
    call_command("verify_events", stdout=io.StringIO())
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseEvent.objects.filter(pk=event.pk).update(payload={})


def test_case_page_offers_a_line_for_every_field_and_paper_grouped_as_filed(town: Town) -> None:
    response = open_case(town, town.at("county"), "county")

    groups = [
        (title, [field.label for field, _filed in rows]) for title, _begun, rows in response.context["remarking"].groups
    ]
    assert groups == [("租房", ["租住地址", "月租金"]), ("申请材料", ["身份证"])]
    assert 'name="remark-rent.street"' in response.text


def test_whoever_cannot_return_is_offered_no_lines(town: Town) -> None:
    case = town.at("county")

    assert [open_case(town, case, who).context["remarking"] for who in ("unit", PERSON)] == [None, None]


def test_applicant_reads_each_remark_with_the_way_to_mend_it(town: Town) -> None:
    case = returned(town, **{"remark-materials.id_card": "照片不清"})

    page = open_case(town, case, PERSON)

    edit = page.context["page"].edit_url
    assert f'<a href="{edit}">租房 · 租住地址：缺门牌号</a>' in page.text
    assert '<a href="#material-id_card">申请材料 · 身份证：照片不清</a>' in page.text
    assert [line.remarks for line in page.context["materials"].lines] == [["照片不清"]]


def test_timeline_names_the_field_beside_the_remark(town: Town) -> None:
    entry = open_case(town, returned(town), "unit").context["page"].entries[0]

    assert entry.details == [("租房 · 租住地址", "缺门牌号")]


def test_comparison_tells_which_marked_fields_were_changed(town: Town) -> None:
    case = refile(town, returned(town, **{"remark-rent.rent": "与租金发票不符"}), "解放路25号")

    page = open_case(town, case, "county")

    told = [(one.remark.label, one.is_changed) for one in page.context["page"].answered]
    assert told == [("租住地址", True), ("月租金", False)]
    assert (page.text.count("未修改"), page.context["page"].remarks) == (1, [])


def test_remarks_are_answered_by_the_next_filing_alone(town: Town) -> None:
    case = refile(town, returned(town), "解放路25号")

    again = town.submit(town.move(case, Action.SEND_BACK))

    assert open_case(town, again, "county").context["page"].answered == []
    assert len(open_case(town, again, "county", filing="2").context["page"].answered) == 1


def test_return_that_was_taken_back_leaves_no_remark_open(town: Town) -> None:
    case = town.move(returned(town), Action.TAKE_BACK, "county")

    page = open_case(town, case, "county").context["page"]

    assert (page.remarks, len(page.entries[1].details)) == ([], 1)


def test_office_that_gets_a_case_back_sees_what_was_marked(town: Town) -> None:
    case = town.at("county")
    send_back(town, case, target="unit")

    page = open_case(town, Case.objects.get(pk=case.pk), "unit")

    assert "租房 · 租住地址：缺门牌号" in page.text


@pytest.mark.parametrize("action", ["approve", "reject"])
def test_remarks_with_another_decision_are_refused_and_kept(town: Town, action: str) -> None:
    case = town.at("county")

    response = press(client_of(town, "county"), case, action, opinion="同意", **{"remark-rent.street": "缺门牌号"})

    assert response.status_code == 422
    assert "标注的内容只随退回保存" in response.text
    assert 'value="缺门牌号"' in response.text
    assert Case.objects.get(pk=case.pk).revision == case.revision


def test_remark_that_is_too_long_is_named_and_kept(town: Town) -> None:
    case = town.at("county")

    response = send_back(town, case, **{"remark-rent.street": "错" * 201})

    assert response.status_code == 422
    assert 'href="#id_remark-rent.street"' in response.text
    assert "错" * 201 in response.text


def test_remark_on_what_the_form_does_not_have_is_left_out(town: Town) -> None:
    case = returned(town, **{"remark-rent.invented": "无此项"})

    assert remarks_of(case.events.last()) == [STREET]


def test_remark_that_an_office_has_answered_is_not_put_to_the_applicant(town: Town) -> None:
    case = town.at("county")
    send_back(town, case, target="unit")
    for who in ("unit", "unit"):
        case = town.move(Case.objects.get(pk=case.pk), Action.APPROVE, who)

    case = town.move(case, Action.SEND_BACK, "county")

    assert case.state == State.RETURNED
    assert open_remarks(case) == []
