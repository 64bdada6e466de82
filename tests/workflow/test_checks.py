"""The portal does not start with a chain that names what nobody registers."""

from dataclasses import replace

import pytest

from tests.workflow.toy import SPEC, TOY, toy_type
from workflow import registry
from workflow.chain_specs import ChainSpec, StageSpec, chain_specs
from workflow.checks import check_registries, check_scanner
from workflow.enums import OrganisationKind

STAGE = StageSpec("office", OrganisationKind.COUNTY_HR, "待审核", "Waiting", "审核", "Review", "审核通过", "Approve", 5)


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The toy alone, with everything that it names."""
    monkeypatch.setattr("workflow.registry.case_types", {TOY: toy_type()})
    monkeypatch.setitem(registry.gates, "toy.open", lambda cases: {})
    monkeypatch.setitem(registry.effects, "toy.pay", lambda moves, context: None)
    monkeypatch.setitem(registry.stage_forms, "toy.voucher", object)
    for key in list(chain_specs):
        monkeypatch.delitem(chain_specs, key)
    monkeypatch.setitem(chain_specs, TOY, SPEC)


def found() -> list[str]:
    return [message.id for message in check_registries(None)]


def test_complete_service_passes() -> None:
    assert found() == []


@pytest.mark.parametrize(
    "changes", [{"gates": ("no.gate",)}, {"effects": ("no.effect",)}, {"form": "no.form"}], ids=lambda c: next(iter(c))
)
def test_unregistered_key_is_an_error(monkeypatch: pytest.MonkeyPatch, changes: dict[str, object]) -> None:
    monkeypatch.setitem(chain_specs, TOY, ChainSpec(TOY, (replace(STAGE, **changes),)))

    assert found() == ["workflow.E002"]


@pytest.mark.parametrize("changes", [{"returns_to": ("later",)}, {"barred": ("later",)}])
def test_slug_that_is_no_earlier_stage_is_an_error(monkeypatch: pytest.MonkeyPatch, changes: dict[str, object]) -> None:
    monkeypatch.setitem(chain_specs, TOY, ChainSpec(TOY, (replace(STAGE, **changes), replace(STAGE, slug="later"))))

    assert found() == ["workflow.E003"]


def test_chain_without_a_case_type_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(chain_specs, "nobody", ChainSpec("nobody", (STAGE,)))

    assert found() == ["workflow.E001"]


def test_case_type_without_columns_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.case_types, TOY, replace(toy_type(), columns=()))

    assert found() == ["workflow.E004"]


def test_case_types_share_no_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.case_types, "twin", replace(toy_type(), key="twin"))

    assert found() == ["workflow.E005"]


def test_case_type_with_an_unknown_gate_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.case_types, TOY, replace(toy_type(), gates={"submit": ("no.gate",)}))

    assert found() == ["workflow.E002"]


@pytest.mark.parametrize(
    ("path", "faults"),
    [("", 0), ("workflow.digests.sha256_hex", 0), ("no.such.scanner", 1), ("workflow.enums.PERSON", 1)],
)
def test_scanner_must_be_a_function_that_exists(settings: object, path: str, faults: int) -> None:
    settings.VIRUS_SCANNER = path

    assert [fault.id for fault in check_scanner(None)] == ["workflow.E006"] * faults
