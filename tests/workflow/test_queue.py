"""The queue page: what stands in it, its pages, its filters and its cost."""

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.workflow.factories import DutyFactory
from tests.workflow.toy import TOY, Town
from workflow.enums import Action, Role
from workflow.keyset import read_key, write_key
from workflow.models import Case

# Session, account with its unread messages, duties with seats and counters, and the cases.
STATEMENTS = 4


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    """All cases enter within one microsecond: the order must hold by the key alone."""
    with time_machine.travel(datetime(2026, 11, 23, 1, 0, tzinfo=UTC), tick=False):
        yield


def client_of(town: Town, who: str = "unit") -> Client:
    client = Client()
    client.force_login(getattr(town, who).user)
    return client


def url_of(stage: str = "unit") -> str:
    return reverse("workflow:queue", args=[TOY, stage])


def names_on(client: Client, query: str = "", stage: str = "unit") -> list[str]:
    response = client.get(url_of(stage) + query)
    assert response.status_code == 200
    return [row.texts[0] for row in response.context["page"].rows]


def test_queue_shows_the_columns_of_the_service(town: Town) -> None:
    case = town.at("unit")

    row = client_of(town).get(url_of()).context["page"].rows[0]

    assert row.texts[0] == case.subject
    assert row.texts[1:] == ["130902********0001", "硕士", "2026-01", "6", "6,000.00", "2026-11-23"]
    assert (row.remaining, row.tone) == ("5", "")


@pytest.mark.parametrize("rows", [1, 3])
def test_queue_costs_the_same_for_one_row_and_for_three(
    town: Town, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    for _ in range(rows):
        town.at("unit")
    client = client_of(town)
    client.get(url_of())

    with django_assert_num_queries(STATEMENTS):
        client.get(url_of())


@pytest.mark.parametrize(
    "query", ["last=1", "name=赵", "name=赵&last=1", "id_number=130902199903070001", "submitted_from=2020-01-01&last=1"]
)
def test_filtered_and_last_pages_cost_no_more(
    town: Town, django_assert_num_queries: DjangoAssertNumQueries, query: str
) -> None:
    town.at("unit")
    client = client_of(town)
    client.get(url_of())

    with django_assert_num_queries(STATEMENTS):
        client.get(f"{url_of()}?{query}")


@pytest.mark.parametrize("tab", ["approved", "returned"])
def test_other_tabs_cost_no_more(town: Town, django_assert_num_queries: DjangoAssertNumQueries, tab: str) -> None:
    town.at("report")
    town.move(town.at("unit"), Action.SEND_BACK)
    client = client_of(town)
    client.get(url_of())

    with django_assert_num_queries(STATEMENTS):
        client.get(url_of(), {"tab": tab})


def test_overdue_is_red_and_soon_is_amber(town: Town) -> None:
    with time_machine.travel(datetime(2026, 10, 20, 2, 0, tzinfo=UTC)):
        town.at("unit")
    with time_machine.travel(datetime(2026, 11, 17, 2, 0, tzinfo=UTC)):
        town.at("unit")

    rows = client_of(town).get(url_of()).context["page"].rows

    assert [row.tone for row in rows] == ["late", "soon"]


def test_pages_follow_each_other_without_gap_or_double(town: Town) -> None:
    names = [town.at("unit").subject for _ in range(53)]
    client, seen, query = client_of(town), [], ""

    while True:
        page = client.get(url_of() + query).context["page"]
        seen += [row.texts[0] for row in page.rows]
        query = page.pager.next
        if not query:
            break

    assert seen == names


def test_pages_lead_back_the_same_way(town: Town) -> None:
    names = [town.at("unit").subject for _ in range(53)]
    client = client_of(town)

    last = client.get(url_of() + "?last=1").context["page"]
    first = client.get(url_of() + last.pager.previous).context["page"]

    assert [row.texts[0] for row in last.rows] == names[3:]
    assert [row.texts[0] for row in first.rows] == names[:3]
    assert (last.pager.next, first.pager.previous) == ("", "")


def test_names_are_read_in_their_order_page_by_page(town: Town) -> None:
    names = [town.at("unit", subject=f"赵{chr(0x4E00 + (number * 37) % 53)}").subject for number in range(53)]
    town.at("unit", subject="钱多多")
    client, seen, query = client_of(town), [], "?name=赵"

    while query:
        page = client.get(url_of() + query).context["page"]
        seen += [row.texts[0] for row in page.rows]
        query = page.pager.next
    back = client.get(url_of() + page.pager.previous).context["page"]

    assert seen == sorted(names)
    assert [row.texts[0] for row in back.rows] == seen[:50]
    # A name that the address of a page must carry is sealed there.
    assert quote(seen[50]) not in page.pager.previous


def test_a_name_in_an_address_that_we_did_not_seal_is_ignored() -> None:
    key = ("赵-六", 7)

    assert read_key(write_key(key), "sn") == key
    assert read_key("赵-六-7", "sn") is None
    assert read_key("~forged", "sn") is None
    assert read_key(write_key((datetime(2026, 1, 1, tzinfo=UTC), 7)), "sn") is None


def test_what_a_row_says_is_escaped(town: Town) -> None:
    town.at("unit", subject='<b>100%(pk)s"')

    page = client_of(town).get(url_of()).content.decode()

    assert '<th scope="row" class="col-first " data-label="姓名">&lt;b&gt;100%(pk)s&quot;</th>' in page
    assert "<b>100" not in page


def test_an_emptied_page_shows_the_first_one(town: Town) -> None:
    case = town.at("unit")
    far = write_key((datetime(2030, 1, 1, tzinfo=UTC), 9))

    assert names_on(client_of(town), f"?after={far}") == [case.subject]


@pytest.mark.parametrize("text", ["", "x", "1", "1-2-3", "-1-2", "9" * 19 + "-1", "999999999999999999-1", "①-1"])
def test_a_position_that_we_did_not_write_is_ignored(town: Town, text: str) -> None:
    case = town.at("unit")

    assert read_key(text, "tn") is None
    assert names_on(client_of(town), f"?after={text}") == [case.subject]


def test_filter_by_the_beginning_of_the_name(town: Town) -> None:
    town.at("unit", subject="钱多多")
    town.at("unit", subject="孙钱")

    assert names_on(client_of(town), "?name=钱") == ["钱多多"]


@pytest.mark.parametrize(
    "typed", ["130902199903070002", " 130902 19990307 0002 ", "１３０９０２１９９９０３０７０００２"]
)
def test_filter_by_the_exact_identity_number(town: Town, typed: str) -> None:
    town.at("unit")
    case = town.at("unit")

    assert names_on(client_of(town), f"?id_number={typed}") == [case.subject]
    assert names_on(client_of(town), "?id_number=13090219990307") == []


def test_the_identity_number_is_posted_and_never_stands_in_an_address(town: Town) -> None:
    number = "130902199903070002"
    town.at("unit")
    case = town.at("unit")
    client = client_of(town)

    found = client.post(url_of(), {"tab": "waiting", "id_number": number}, follow=True)

    address = found.redirect_chain[0][0]
    page = found.content.decode()
    assert number not in address
    assert number not in found.context["page"].criteria
    assert [row.pk for row in found.context["page"].rows] == [case.pk]
    assert f'value="{number}"' in page
    assert "130902********0002" in page
    assert names_on(client, "?id_number=~forged") == []


def test_filter_by_the_day_of_submission(town: Town) -> None:
    with time_machine.travel(datetime(2026, 11, 9, 16, 30, tzinfo=UTC)):
        early = town.at("unit")
    late = town.at("unit")
    client = client_of(town)

    # Half past midnight of the 10th in Shanghai.
    assert names_on(client, "?submitted_to=2026-11-10") == [early.subject]
    assert names_on(client, "?submitted_to=2026-11-09") == []
    assert names_on(client, "?submitted_from=2026-11-11") == [late.subject]


def test_filter_by_what_is_overdue_and_by_degree(town: Town) -> None:
    with time_machine.travel(datetime(2026, 10, 20, 2, 0, tzinfo=UTC)):
        late = town.at("unit")
    town.at("unit")
    client = client_of(town)

    assert names_on(client, "?overdue=true") == [late.subject]
    assert names_on(client, "?degree=博士") == []
    assert len(names_on(client, "?degree=硕士")) == 2


@pytest.mark.parametrize("field", ["submitted_from", "submitted_to"])
@pytest.mark.parametrize("day", ["1995-02-29", "0001-01-01", "9999-12-31"])
def test_a_bad_date_is_named_and_the_page_still_stands(town: Town, field: str, day: str) -> None:
    town.at("unit")

    response = client_of(town).get(url_of(), {field: day})

    assert response.status_code == 200
    assert field in response.context["page"].filter.form.errors


def test_chips_take_away_one_condition_each(town: Town) -> None:
    page = client_of(town).get(url_of(), {"tab": "waiting", "name": "赵", "degree": "硕士"}).context["page"]

    assert [(chip.text, chip.url) for chip in page.chips] == [
        ("赵", "?tab=waiting&degree=%E7%A1%95%E5%A3%AB"),
        ("硕士", "?tab=waiting&name=%E8%B5%B5"),
    ]


def test_approved_and_returned_tabs_show_what_this_seat_decided(town: Town) -> None:
    approved = town.at("report")
    returned = town.move(town.at("unit"), Action.SEND_BACK)
    client = client_of(town)

    assert names_on(client, "?tab=approved") == [approved.subject]
    assert names_on(client, "?tab=returned") == [returned.subject]
    assert names_on(client, "?tab=approved", stage="report") == []


def test_a_decision_taken_back_leaves_its_tab(town: Town) -> None:
    town.move(town.at("report"), Action.TAKE_BACK, "unit")

    assert names_on(client_of(town), "?tab=approved") == []


def test_a_case_decided_twice_stands_in_one_tab_once(town: Town) -> None:
    returned = town.move(town.at("county"), Action.SEND_BACK, target="unit")
    town.move(returned, Action.APPROVE)

    assert names_on(client_of(town), "?tab=approved") == [returned.subject]


def test_queue_of_another_office_stays_empty(town: Town) -> None:
    town.at("unit")
    other = Client()
    other.force_login(DutyFactory().user)

    assert names_on(other) == []


@pytest.mark.parametrize("who", ["county", "city"])
def test_queue_is_forbidden_to_other_kinds_of_office(town: Town, who: str) -> None:
    assert client_of(town, who).get(url_of()).status_code == 403


def test_queue_is_forbidden_to_another_role_and_to_persons(town: Town) -> None:
    reviewer, person = Client(), Client()
    reviewer.force_login(DutyFactory(organisation=town.unit.organisation, role=Role.REVIEWER).user)
    person.force_login(town.person)

    assert reviewer.get(url_of()).status_code == 403
    assert person.get(url_of()).status_code == 403


def test_queue_that_does_not_exist_is_not_found(town: Town) -> None:
    client = client_of(town)

    assert client.get(reverse("workflow:queue", args=[TOY, "nowhere"])).status_code == 404
    assert client.get(reverse("workflow:queue", args=["nothing", "unit"])).status_code == 404


def test_queue_asks_visitors_to_sign_in(town: Town) -> None:
    assert Client().get(url_of()).status_code == 302


def test_rail_shows_the_live_count(town: Town) -> None:
    for _ in range(2):
        town.at("unit")

    page = client_of(town).get(url_of()).content.decode()

    assert "您有【2】个玩具申请待审核" in page
    assert "个玩具申请待上报" not in page


def test_matching_counts_and_sums_on_demand(town: Town) -> None:
    town.at("unit", subject="钱多多")
    town.at("unit")

    answer = client_of(town).get(reverse("workflow:queue_matching", args=[TOY, "unit"]), {"name": "钱"})

    assert answer.json() == {"count": 1, "total": "6000.00"}


def test_queue_has_no_offset_and_no_count(town: Town, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    town.at("unit")
    client = client_of(town)
    client.get(url_of())

    with django_assert_num_queries(STATEMENTS) as captured:
        client.get(url_of(), {"after": write_key((datetime(2020, 1, 1, tzinfo=UTC), 1))})

    sql = " ".join(query["sql"] for query in captured.captured_queries if "workflow_" in query["sql"]).upper()
    assert "OFFSET" not in sql
    assert "COUNT(" not in sql
    assert Case.objects.count() == 1
