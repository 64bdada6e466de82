"""What must hold before a change of a card is filed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talent.enums import CardState, ChangeKind
from talent.rules.changes import RULES, ChangeFacts, check_change, why_not_yet

TODAY = date(2026, 11, 20)
GOOD = ChangeFacts(
    today=TODAY,
    state=CardState.VALID,
    valid_until=date(2026, 12, 1),
    renewal_opens=date(2026, 11, 1),
    is_lost=True,
    has_unit=True,
    is_at_card_unit=True,
    works_at_registered_unit=True,
    contract_end=date(2029, 12, 1),
    has_contract=True,
    under_way="",
    statement="遗失",
)
OF_KIND = {
    ChangeKind.RENEW: GOOD,
    ChangeKind.MOVE: replace(GOOD, is_at_card_unit=False),
    ChangeKind.REPLACE: replace(GOOD, state=CardState.LOST),
}


def failed(kind: ChangeKind, **changed: object) -> set[str]:
    facts = replace(OF_KIND[kind], **changed)  # type: ignore[arg-type]
    return {check.rule for check in check_change(kind, facts) if not check.passed}


@pytest.mark.parametrize("kind", ChangeKind)
def test_good_facts_pass_every_rule(kind: ChangeKind) -> None:
    assert failed(kind) == set()


@pytest.mark.parametrize(
    ("kind", "changed", "rules"),
    [
        (ChangeKind.RENEW, {"state": CardState.FROZEN}, {"card"}),
        (ChangeKind.RENEW, {"state": CardState.CANCELLED}, {"card"}),
        (ChangeKind.RENEW, {"state": CardState.EXPIRED}, {"card"}),
        (ChangeKind.RENEW, {"renewal_opens": TODAY + timedelta(days=1)}, {"window"}),
        (ChangeKind.RENEW, {"renewal_opens": TODAY}, set()),
        (ChangeKind.RENEW, {"is_at_card_unit": False}, {"unit"}),
        (ChangeKind.RENEW, {"works_at_registered_unit": False}, {"unit"}),
        (ChangeKind.RENEW, {"contract_end": date(2026, 12, 1)}, {"contract"}),
        (ChangeKind.RENEW, {"contract_end": date(2026, 12, 2)}, set()),
        (ChangeKind.RENEW, {"contract_end": None}, set()),
        (ChangeKind.RENEW, {"contract_end": None, "has_contract": False}, {"contract"}),
        (ChangeKind.MOVE, {"is_at_card_unit": True}, {"unit"}),
        (ChangeKind.MOVE, {"has_unit": False}, {"unit"}),
        (ChangeKind.MOVE, {"contract_end": TODAY - timedelta(days=1)}, {"contract"}),
        (ChangeKind.MOVE, {"contract_end": TODAY}, set()),
        (ChangeKind.REPLACE, {"is_lost": False}, {"lost"}),
        (ChangeKind.REPLACE, {"statement": "  "}, {"statement"}),
        (ChangeKind.REPLACE, {"has_contract": False}, set()),
        (ChangeKind.REPLACE, {"under_way": "130902YCB20261120000001X"}, {"once"}),
    ],
)
def test_each_rule_fails_for_its_own_reason(kind: ChangeKind, changed: dict[str, object], rules: set[str]) -> None:
    assert failed(kind, **changed) == rules


@given(st.sampled_from(list(ChangeKind)), st.sampled_from(list(CardState)), st.booleans(), st.booleans())
def test_what_cannot_be_begun_cannot_be_filed(kind: ChangeKind, state: CardState, lost: bool, same: bool) -> None:
    facts = replace(GOOD, state=state, is_lost=lost, is_at_card_unit=same)

    reason = why_not_yet(kind, facts)

    reasons = [check.reason for check in check_change(kind, facts) if not check.passed]
    assert not reason or reason in reasons


def test_every_kind_has_its_rules() -> None:
    assert set(RULES) == set(ChangeKind)
