"""The life of a card: issued, lost and found, frozen and released, cancelled, renewed, moved, replaced, run out."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from time_machine import TimeMachineFixture

from talent.enums import LIVING, CardEventKind, CardState
from talent.models import Card, CardEvent, CardScheme
from talent.services.card_expiry import expire_cards, notice_leavers, remind_of_the_end, report_by
from talent.services.cards import (
    cancel_card,
    freeze_card,
    release_card,
    report_found,
    report_loss,
)
from talent.services.issuing import end_of_validity, issue_cards
from tests.accounts.factories import PersonFactory, UnitFactory
from tests.talent.cards import (
    approved_application,
    ended_card,
    holder_actor,
    holder_of,
    make_card,
    officer_actor,
    standing_at,
)
from tests.talent.editions import move_card, renew_card, replace_card
from workflow import clock
from workflow.actors import SYSTEM
from workflow.enums import Action, Role
from workflow.models import NumberCounter, OutboxMessage
from workflow.services import Refused, perform_one

YESTERDAY = timedelta(days=-1)


def kinds(card: Card) -> list[str]:
    return list(CardEvent.objects.filter(card=card).order_by("id").values_list("kind", flat=True))


def told(kind: str) -> list[dict[str, Any]]:
    return list(OutboxMessage.objects.filter(kind=kind).values_list("context", flat=True))


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 10), st.none() | st.integers(0, 6000))
def test_term_is_whole_years_and_never_longer_than_the_contract(start: date, years: int, days: int | None) -> None:
    contract_end = None if days is None else start + timedelta(days=days)

    end = end_of_validity(CardScheme(validity_years=years), start, contract_end)

    assert end >= start
    assert end + timedelta(days=1) <= start.replace(year=start.year + years, day=min(start.day, 28)) + timedelta(days=4)
    assert contract_end is None or end <= contract_end
    if contract_end is None and (start.month, start.day) != (2, 29):
        assert end + timedelta(days=1) == start.replace(year=start.year + years)


def test_card_begun_on_a_leap_day_ends_with_february() -> None:
    assert end_of_validity(CardScheme(validity_years=5), date(2024, 2, 29), None) == date(2029, 2, 28)


@pytest.mark.django_db
class TestIssue:
    def test_head_of_the_city_issues_the_card(self) -> None:
        application = standing_at("city_lead", category_code="doctor", education__doctor=True)

        perform_one(Action.APPROVE, application.case, officer_actor(Role.LEADER))

        card, person = Card.objects.get(), application.person
        filed = person.proofs.get(kind="photo").material
        assert card.number == f"BHYCB{clock.today():%Y}00001"
        assert (card.case_id, card.person, card.unit, card.name) == (application.pk, person, person.unit, person.name)
        assert (card.level, card.photo, card.state) == ("B", filed, CardState.VALID)
        assert (card.valid_from, card.valid_until) == (clock.today(), application.contract_end)
        assert kinds(card) == [CardEventKind.ISSUED]
        assert told("talent.card_issued") == [{"number": card.number, "until": card.valid_until.isoformat()}]

    def test_issue_cannot_be_taken_back(self) -> None:
        application = standing_at("city_lead")
        actor = officer_actor(Role.LEADER)
        perform_one(Action.APPROVE, application.case, actor)
        application.case.refresh_from_db(fields=["revision"])

        with pytest.raises(Refused):
            perform_one(Action.TAKE_BACK, type(application.case).objects.get(pk=application.pk), actor)

        assert Card.objects.count() == 1

    @pytest.mark.parametrize("days", [-1, 0])
    def test_no_card_is_issued_past_the_labour_contract(self, days: int) -> None:
        application = standing_at("city_lead")
        type(application).objects.update(contract_end=clock.today() + timedelta(days=days))

        if days < 0:
            with pytest.raises(Refused, match="劳动合同已到期"):
                perform_one(Action.APPROVE, application.case, officer_actor(Role.LEADER))
        else:
            perform_one(Action.APPROVE, application.case, officer_actor(Role.LEADER))

        assert Card.objects.filter(valid_until=clock.today()).count() == 1 + days

    def test_new_card_ends_the_old_one(self) -> None:
        old = make_card(level="C")

        new = make_card(old.person, level="A")

        old.refresh_from_db()
        assert (old.state, new.state, new.level) == (CardState.CANCELLED, CardState.VALID, "A")
        assert CardEvent.objects.get(card=old, kind="cancelled").reason == f"换领新卡 {new.number}"

    def test_frozen_card_holds_back_the_new_one(self) -> None:
        application = standing_at("city_lead")
        old = make_card(application.person)
        freeze_card(old, reason="核实", actor=officer_actor())

        with pytest.raises(Refused, match=old.number):
            perform_one(Action.APPROVE, application.case, officer_actor(Role.LEADER))

    def test_numbers_count_by_level_and_year_without_gaps(self, time_machine: TimeMachineFixture) -> None:
        time_machine.move_to(datetime.fromisoformat("2026-12-31T10:00:00+08:00"))
        first = [make_card(level=level).number for level in "AABC"]
        time_machine.move_to(datetime.fromisoformat("2027-01-01T00:00:01+08:00"))

        assert first == ["BHYCA202600001", "BHYCA202600002", "BHYCB202600001", "BHYCC202600001"]
        assert make_card(level="A").number == "BHYCA202700001"

    def test_number_of_a_broken_transaction_is_given_again(self) -> None:
        application = approved_application(level="A")
        with transaction.atomic():
            issue_cards([application.case], SYSTEM, at=clock.now())
            transaction.set_rollback(True)

        assert make_card(level="A").number.endswith("00001")
        assert NumberCounter.objects.get(prefix__startswith="card/BHYCA").last == 1

    def test_many_are_issued_with_the_statements_of_one(self, django_assert_max_num_queries: Any) -> None:
        cases = [approved_application(level=level).case for level in "AABBCC"]

        with django_assert_max_num_queries(14):
            cards = issue_cards(cases, SYSTEM, at=clock.now())

        assert len({card.number for card in cards}) == 6


@pytest.mark.django_db
class TestStates:
    def test_loss_and_find_are_the_holders(self) -> None:
        card = make_card()

        lost = report_loss(card, actor=holder_actor(card))
        found = report_found(card, actor=holder_actor(card))

        assert (lost.state, found.state) == (CardState.LOST, CardState.VALID)
        assert kinds(card) == ["issued", "lost", "found"]
        assert len(told("talent.card_lost")) == len(told("talent.card_found")) == 1

    def test_frozen_card_that_was_lost_is_lost_after_its_release(self) -> None:
        card, office = make_card(), officer_actor()
        report_loss(card, actor=holder_actor(card))

        frozen = freeze_card(card, reason="核实", actor=office)
        released = release_card(card, reason="已核实", actor=office)

        assert (frozen.state, released.state) == (CardState.FROZEN, CardState.LOST)

    def test_each_step_is_refused_where_it_makes_no_sense(self) -> None:
        card, office = make_card(), officer_actor()
        holder = holder_actor(card)
        refused = [
            lambda: report_found(card, actor=holder),
            lambda: release_card(card, reason="x", actor=office),
            lambda: (report_loss(card, actor=holder), report_loss(card, actor=holder)),
            lambda: (freeze_card(card, reason="x", actor=office), freeze_card(card, reason="x", actor=office)),
            lambda: renew_card(card, contract_end=None, actor=office),
            lambda: move_card(card, unit=card.unit, supervisor=None, contract_end=None, actor=office),
            lambda: replace_card(card, actor=office),
            lambda: (cancel_card(card, reason="x", actor=office), cancel_card(card, reason="x", actor=office)),
            lambda: report_loss(card, actor=holder),
            lambda: freeze_card(card, reason="x", actor=office),
            lambda: renew_card(card, contract_end=None, actor=office),
        ]

        for attempt in refused:
            with pytest.raises(Refused):
                attempt()

        card.refresh_from_db()
        assert card.state == CardState.CANCELLED

    def test_nobody_decides_on_the_own_card(self) -> None:
        card = make_card()
        office = replace(officer_actor(), identity_key=card.person.number_hash)

        with pytest.raises(Refused, match="本人"):
            cancel_card(card, reason="x", actor=office)

    def test_expired_card_can_be_cancelled_but_not_reported(self) -> None:
        card = ended_card(clock.today() + YESTERDAY)

        with pytest.raises(Refused):
            report_loss(card, actor=holder_actor(card))

        assert cancel_card(card, reason="死亡", actor=officer_actor()).state == CardState.CANCELLED

    @pytest.mark.parametrize(
        "wrong",
        [
            {"state": "lost"},
            {"state": "cancelled"},
            {"state": "frozen"},
            {"lost_at": datetime.fromisoformat("2026-01-01T00:00:00+08:00")},
            {"valid_until": date(2000, 1, 1)},
            {"edition": 0},
            {"contract_end": date(2026, 1, 1)},
        ],
    )
    def test_database_keeps_state_and_times_together(self, wrong: dict[str, Any]) -> None:
        make_card()

        with pytest.raises(IntegrityError), transaction.atomic():
            Card.objects.update(**wrong)

    def test_record_cannot_be_changed(self) -> None:
        make_card()

        with pytest.raises(DatabaseError), transaction.atomic():
            CardEvent.objects.update(reason="x")
        with pytest.raises(DatabaseError), transaction.atomic():
            CardEvent.objects.all().delete()


@pytest.mark.django_db
class TestEditions:
    def test_renewal_begins_where_the_old_time_ends(self) -> None:
        card = make_card(valid_from=date(2022, 1, 1), valid_until=clock.today() + timedelta(days=20))

        renewed = renew_card(card, contract_end=None, actor=officer_actor())

        assert renewed.valid_until == end_of_validity(card.scheme, clock.today() + timedelta(days=21), None)
        assert (renewed.edition, renewed.state, renewed.number) == (2, CardState.VALID, card.number)
        assert CardEvent.objects.get(kind="renewed").details["edition"] == [1, 2]

    def test_expired_card_is_renewed_from_today(self) -> None:
        card = ended_card(clock.today() - timedelta(days=10))
        expire_cards()

        renewed = renew_card(card, contract_end=None, actor=officer_actor())

        assert renewed.valid_until == end_of_validity(card.scheme, clock.today(), None)
        assert renewed.state == CardState.VALID

    def test_renewal_needs_a_longer_contract(self) -> None:
        card = make_card(contract_end=clock.today() + timedelta(days=20))

        with pytest.raises(Refused, match="续签合同"):
            renew_card(card, contract_end=card.valid_until, actor=officer_actor())

    def test_expired_card_is_not_renewed_beside_a_living_one(self) -> None:
        old = ended_card(clock.today() + YESTERDAY)
        expire_cards()
        make_card(old.person)

        with pytest.raises(Refused, match="另一张"):
            renew_card(old, contract_end=None, actor=officer_actor())

    def test_change_of_employer_shortens_to_the_new_contract(self) -> None:
        card, unit = make_card(), UnitFactory()
        end = clock.today() + timedelta(days=100)

        moved = move_card(card, unit=unit, supervisor=unit.parent, contract_end=end, actor=officer_actor())

        assert (moved.unit, moved.unit_name, moved.valid_until, moved.edition) == (unit, unit.name, end, 2)
        assert CardEvent.objects.get(kind="moved").details["unit"] == [card.unit_name, unit.name]

    def test_replacement_takes_the_report_of_loss_away(self) -> None:
        card = make_card()
        report_loss(card, actor=holder_actor(card))

        replaced = replace_card(card, actor=officer_actor())

        assert (replaced.state, replaced.edition, replaced.lost_at) == (CardState.VALID, 2, None)


@pytest.mark.django_db
class TestTime:
    def test_card_runs_out_the_day_after_its_last(self, time_machine: TimeMachineFixture) -> None:
        card = make_card(contract_end=clock.today() + timedelta(days=10))
        time_machine.move_to(datetime.fromisoformat(f"{card.valid_until.isoformat()}T23:59:00+08:00"))
        on_the_last_day = expire_cards()
        time_machine.shift(timedelta(minutes=2))

        assert (on_the_last_day, expire_cards(), expire_cards()) == (0, 1, 0)
        card.refresh_from_db()
        assert card.state == CardState.EXPIRED
        assert kinds(card) == ["issued", "expired"]
        assert [row["number"] for row in told("talent.card_expired")] == [card.number]

    def test_lost_and_frozen_cards_run_out_too_and_cancelled_ones_do_not(self) -> None:
        day, office = clock.today() + YESTERDAY, officer_actor()
        now = clock.now()
        ended_card(day, state="lost", lost_at=now)
        ended_card(day, state="frozen", frozen_at=now)
        cancelled = cancel_card(ended_card(day), reason="x", actor=office)

        assert expire_cards() == 2
        cancelled.refresh_from_db()
        assert cancelled.state == CardState.CANCELLED

    def test_who_leaves_the_employer_is_told_once_to_report_it(self) -> None:
        stays, leaves = make_card(), make_card()
        leaves.person.unit = UnitFactory()
        leaves.person.save()

        assert (notice_leavers(), notice_leavers()) == (1, 0)
        leaves, stays = (Card.objects.whole().get(pk=card.pk) for card in (leaves, stays))
        due = clock.today() + timedelta(days=leaves.scheme.change_report_days)
        assert (report_by(leaves), report_by(stays)) == (due, None)
        assert told("talent.card_left_unit")[0]["report_by"] == due.isoformat()
        assert kinds(leaves) == ["issued", "left_unit"]

    def test_home_page_of_who_has_left_asks_to_report_the_new_employer(self, client: Client) -> None:
        card = make_card()
        client.force_login(holder_of(card))
        before = client.get(reverse("portal:home")).context["todos"]
        card.person.unit = None
        card.person.save()
        notice_leavers()

        response = client.get(reverse("portal:home"))

        due = report_by(Card.objects.whole().get())
        assert before == []
        assert f"请于 {due} 前为渤海英才卡 {card.number} 申报变更工作单位" in response.content.decode()

    def test_holders_are_reminded_once_when_renewal_opens(self, time_machine: TimeMachineFixture) -> None:
        start = clock.today()
        before = CardScheme.objects.get().renew_before_days
        cards = [make_card(contract_end=start + timedelta(days=before + ahead)) for ahead in (0, 1, 3)]
        make_card(contract_end=start + timedelta(days=before - 1))
        report_loss(cards[1], actor=holder_actor(cards[1]))
        found = [remind_of_the_end(), remind_of_the_end()]
        # No worker ran for two days.
        time_machine.move_to(clock.now() + timedelta(days=3))
        found += [remind_of_the_end(), remind_of_the_end()]

        assert found == [1, 0, 1, 0]
        assert [row["number"] for row in told("talent.card_ends")] == [cards[0].number, cards[2].number]

    def test_who_has_no_employer_any_more_is_told_too(self) -> None:
        card = make_card()
        card.person.unit = None
        card.person.save()

        assert notice_leavers() == 1

    def test_new_employer_on_the_card_ends_the_matter(self) -> None:
        card = make_card(PersonFactory(unit=UnitFactory()))
        unit = UnitFactory()
        card.person.unit = unit
        card.person.save()
        notice_leavers()

        moved = move_card(card, unit=unit, supervisor=unit.parent, contract_end=None, actor=officer_actor())

        assert moved.left_unit_on is None
        assert notice_leavers() == 0

    def test_states_that_live_are_those_that_may_become_valid_again(self) -> None:
        assert set(CardState) - set(LIVING) == {CardState.EXPIRED, CardState.CANCELLED}
