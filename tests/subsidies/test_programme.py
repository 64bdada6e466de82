"""Programmes are configuration: shipped as YAML, kept as rows, changed in the administration."""

import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape

from subsidies.enums import WindowMode
from subsidies.materials import rent_materials
from subsidies.models import Programme, ProgrammeLevel
from subsidies.presentation import guide_of
from subsidies.rules import RULES
from subsidies.seeding import read_programme, seed_graduate_rent
from subsidies.services.submission import submit_application
from tests.accounts.factories import UserFactory
from tests.subsidies.factories import (
    ProgrammeFactory,
    RentApplicationFactory,
    actor_of,
    make_submittable_application,
)
from workflow.models import ChainVersion, Filing, Region
from workflow.services.chains import copy_chain, publish_chain

pytestmark = pytest.mark.django_db


@pytest.fixture
def shipped() -> Programme:
    return Programme.objects.whole().get(key="graduate_rent")


def test_shipped_programme_is_what_the_file_says(shipped: Programme) -> None:
    config = read_programme()
    amounts = {level.name: level.amount for level in shipped.levels.all()}

    assert amounts == {name: Decimal(amount) for name, amount in config["standards_yuan_month"].items()}
    assert [level.name for level in shipped.enabled_levels] == ["博士", "硕士", "本科"]
    assert (shipped.max_months, shipped.city_share, shipped.demo_amounts) == (36, Decimal("0.5"), True)
    assert set(shipped.basis_en) == set(shipped.basis)


def test_every_rule_has_a_basis_that_the_configuration_names(shipped: Programme) -> None:
    basis = shipped.terms.basis

    assert set(basis) == {rule.key for rule in RULES}
    assert all(basis.values())


def test_seeding_again_leaves_what_an_administrator_changed(shipped: Programme) -> None:
    ProgrammeLevel.objects.filter(programme=shipped, name="硕士").update(amount=Decimal(1234))

    seed_graduate_rent()

    assert Programme.objects.count() == 1
    assert Programme.objects.get(pk=shipped.pk).terms.standards["14"] == Decimal(1234)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"window_mode": WindowMode.YEARLY}, "window_from"),
        ({"window_from": "13-01"}, "window_from"),
        ({"valid_until": date(2019, 1, 1)}, "valid_until"),
        ({"unit_kinds": ["32", "77"]}, "unit_kinds"),
        ({"basis": {"weather": "x"}}, "basis"),
        ({"city_share": Decimal("1.1")}, "city_share"),
    ],
)
def test_programme_that_makes_no_sense_is_refused(shipped: Programme, changes: dict[str, object], field: str) -> None:
    for name, value in changes.items():
        setattr(shipped, name, value)

    with pytest.raises(ValidationError) as refusal:
        shipped.full_clean()

    assert field in refusal.value.message_dict


def test_nearest_and_newest_programme_in_force_is_the_applicants(shipped: Programme) -> None:
    county = Region.objects.get(pk="130902")
    later = ProgrammeFactory(key="later", region=county, valid_from=date(2026, 1, 1), valid_until=date(2026, 12, 31))

    found = [
        Programme.objects.for_applicants_of(county, day)
        for day in (date(2025, 6, 1), date(2026, 6, 1), date(2027, 1, 1))
    ]

    assert found == [shipped, later, shipped]
    assert Programme.objects.for_applicants_of(Region.objects.get(pk="460100"), date(2026, 6, 1)) is None


@pytest.mark.parametrize(
    ("traits", "asked", "not_asked"),
    [
        ({"married": True}, {"marriage_certificate"}, set()),
        ({}, {"id_card", "lease", "bank_card", "social_card"}, {"marriage_certificate"}),
    ],
)
def test_papers_follow_the_conditions_of_the_list(
    traits: dict[str, bool], asked: set[str], not_asked: set[str]
) -> None:
    application = RentApplicationFactory(**traits)

    kinds = {rule.kind for rule in rent_materials(application.case)}

    assert asked <= kinds
    assert not not_asked & kinds


def test_administrator_changes_amounts_in_the_administration(client: Client, shipped: Programme) -> None:
    client.force_login(UserFactory(administrator=True))

    page = client.get(reverse("admin:subsidies_programme_change", args=[shipped.pk]))

    assert page.status_code == 200
    assert "1000.00" in page.content.decode()


def test_programme_that_was_applied_under_cannot_be_deleted(client: Client, shipped: Programme) -> None:
    RentApplicationFactory()
    client.force_login(UserFactory(administrator=True))

    assert client.post(reverse("admin:subsidies_programme_delete", args=[shipped.pk])).status_code == 403


def test_basis_and_contact_are_told_in_the_language_of_the_page(client: Client, shipped: Programme) -> None:
    start = reverse("subsidies:rent_start")
    chinese = client.get(start).content.decode()
    english = client.get(start, headers={"accept-language": "en"}).content.decode()

    assert [text in chinese for text in (shipped.legal_basis, shipped.contact)] == [True, True]
    assert [text in english for text in (shipped.legal_basis, shipped.contact)] == [False, False]
    assert [escape(text) in english for text in (shipped.legal_basis_en, shipped.contact_en)] == [True, True]


def test_rules_name_their_basis_in_the_language_of_who_reads_it(shipped: Programme) -> None:
    shipped.basis_en = shipped.basis_en | {"cap": ""}
    shipped.basis.pop("lease")
    basis = shipped.terms.basis

    with translation.override("en"):
        english = {rule: str(text) for rule, text in basis.items()}

    assert english["window"] == shipped.basis_en["window"]
    assert english["lease"] == shipped.legal_basis_en
    # What nobody has translated.
    assert english["cap"] == shipped.basis["cap"]
    assert str(basis["window"]) == shipped.basis["window"]


def test_filing_names_the_basis_in_chinese_whatever_the_language() -> None:
    application = make_submittable_application()

    with translation.override("en"):
        submit_application(application, actor_of(application), token=uuid.uuid4(), pledged=True)

    filing = Filing.objects.get(case=application.case)
    clauses = {check["key"]: check["clause"] for check in filing.content["checks"]}
    assert clauses["window"] == application.programme.basis["window"]


def test_days_of_a_new_version_of_the_chain_are_those_of_the_guide(shipped: Programme) -> None:
    before = guide_of(shipped).days
    draft = copy_chain(ChainVersion.objects.published("graduate_rent"))
    draft.stages.filter(slug="county_fin").update(working_days=3)
    publish_chain(draft)

    assert guide_of(shipped).days == before - 12
