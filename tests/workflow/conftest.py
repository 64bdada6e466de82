"""The toy service is registered only while a test asks for its town."""

from collections.abc import Iterator

import pytest

from tests.workflow.board import BOARD, Board, board_type
from tests.workflow.board import SPEC as BOARD_SPEC
from tests.workflow.toy import SPEC, TOY, Gate, Payments, Town, VoucherForm, make_town, toy_type
from workflow import registry
from workflow.chain_specs import seed_chain
from workflow.models import route_of


@pytest.fixture
def town(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    gate, payments = Gate(), Payments()
    monkeypatch.setitem(registry.case_types, TOY, toy_type())
    monkeypatch.setitem(registry.gates, "toy.open", gate)
    monkeypatch.setitem(registry.effects, "toy.pay", payments)
    monkeypatch.setattr(registry, "irreversible_effects", registry.irreversible_effects | {"toy.pay"})
    monkeypatch.setitem(registry.stage_forms, "toy.voucher", VoucherForm)
    # The rolled-back chain of another test may have had the same key.
    route_of.cache_clear()
    yield make_town(seed_chain(SPEC), gate, payments)
    route_of.cache_clear()


@pytest.fixture
def board(town: Town, monkeypatch: pytest.MonkeyPatch) -> Board:
    """The town with a second service, whose cases are published."""
    monkeypatch.setitem(registry.case_types, BOARD, board_type())
    return Board(town, seed_chain(BOARD_SPEC))
