"""The form of the card field by field: what it reads, what it marks, who may save it, and what is masked once filed."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from talent.forms.application import CardForm, SalaryField
from talent.models import CardApplication, CardCategory, FamilyMember
from talent.services.application import save_card_draft
from talent.services.submission import submit_card_application
from tests.accounts.factories import PersonFactory
from tests.talent.card_factories import (
    CardApplicationFactory,
    card_actor_of,
    make_submittable_card_application,
    make_submitted_card_application,
)
from tests.talent.space import FAMILY
from tests.talent.summaries import make_firm
from tests.workflow.files import pdf
from workflow import clock
from workflow.actors import Actor
from workflow.enums import PERSON, Action
from workflow.models import Case, Filing
from workflow.services.materials import add_material

pytestmark = pytest.mark.django_db


def form_of(application: CardApplication, **typed: Any) -> CardForm:
    """As it is posted with the answers of the draft, but for these."""
    blank = CardForm(application=application)
    said = {name: blank[name].value() for name in blank.fields}
    for name, value in said.items():
        if hasattr(value, "strftime"):
            said[name] = value.strftime("%Y-%m" if name == "insured_from" else "%Y-%m-%d")
    return CardForm(
        {name: value for name, value in (said | typed).items() if value is not None}, application=application
    )


AMOUNTS = {"18.50": "18.5", "１８．５万元": "18.5", "1,000": "1000", "0": "0", "99999.99": "99999.99", "": ""}


@pytest.mark.parametrize(("text", "amount"), AMOUNTS.items())
def test_salary_is_read_as_people_write_it(text: str, amount: str) -> None:
    assert SalaryField(max_length=20, required=False).clean(text) == amount


@pytest.mark.parametrize("text", ["100000", "-1", "18.555", "NaN", "Infinity", "很多", "1e99"])
def test_salary_that_is_none_is_told(text: str) -> None:
    with pytest.raises(ValidationError):
        SalaryField(max_length=20, required=False).clean(text)


def test_draft_that_the_rules_pass_is_marked_nowhere() -> None:
    form = form_of(CardApplicationFactory())

    assert form.is_valid(), form.errors


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"contract_kind": "2"}, "contract_end"),
        ({"contract_end": ""}, "contract_end"),
        ({"contract_kind": "3", "contract_end": ""}, "contract_end"),
        ({"contract_end": "2001-01-01"}, "contract_end"),
        ({"arrived_on": (clock.today() + timedelta(days=1)).isoformat()}, "arrived_on"),
        ({"insured_from": f"{clock.today() + timedelta(days=40):%Y-%m}"}, "insured_from"),
        ({"position": ""}, "position"),
        ({"achievements": ""}, "achievements"),
        ({"achievements": "字" * 1001}, "achievements"),
        ({"arrival": "by_chance"}, "arrival"),
        ({"category": "0"}, "category"),
        ({"category": "博士"}, "category"),
    ],
)
def test_field_is_marked_where_it_is_wrong(typed: dict[str, str], field: str) -> None:
    assert list(form_of(CardApplicationFactory(), **typed).errors) == [field]


def test_closed_categories_are_not_offered() -> None:
    application = CardApplicationFactory()
    closed = CardCategory.objects.get(code="doctor")
    CardCategory.objects.filter(pk=closed.pk).update(active=False)

    form = form_of(application, category=str(closed.pk))

    assert "category" in form.errors
    offered = [
        key for _level, group in form.fields["category"].choices if isinstance(group, list) for key, _name in group
    ]  # type: ignore[attr-defined]
    assert closed.pk not in offered
    assert application.category_id in offered


@pytest.mark.parametrize("field", ["achievements", "position", "arrival", "category", "insured_from", "contract_end"])
def test_empty_field_that_is_needed_is_named_at_the_last_look(field: str) -> None:
    application = make_submittable_card_application(
        **{field: None if field in ("category", "insured_from", "contract_end") else ""}
    )

    with pytest.raises(Exception, match=str(CardForm(application=application).fields[field].label)):
        submit_card_application(application, card_actor_of(application), token=uuid.uuid4(), pledged=True)


def test_nobody_else_saves_a_draft() -> None:
    application, other = CardApplicationFactory(), PersonFactory()

    with pytest.raises(PermissionDenied):
        save_card_draft(application, Actor(other.users.get()), values={"position": "总裁"}, typed={})

    assert CardApplication.objects.get(pk=application.pk).position != "总裁"


def test_what_is_filed_is_saved_by_nobody() -> None:
    application = make_submitted_card_application()

    with pytest.raises(PermissionDenied):
        save_card_draft(application, card_actor_of(application), values={"position": "总裁"}, typed={})

    assert CardApplication.objects.get(pk=application.pk).position != "总裁"


def test_salary_and_numbers_of_the_family_are_masked_in_what_is_filed() -> None:
    application = make_submittable_card_application(salary="23.7")
    FamilyMember.objects.create(person=application.person, **FAMILY)

    submit_card_application(application, card_actor_of(application), token=uuid.uuid4(), pledged=True)

    parts = {part["key"]: part["rows"] for part in Filing.objects.get(case=application.pk).content["sections"]}
    salary = next(row for row in parts["work"] if row["key"] == "salary")
    (spouse,) = parts["family"]
    assert (salary["kind"], salary["value"], salary["full"]) == ("secret", "***", "23.7")
    assert FAMILY["number"] not in spouse["value"] + "".join(spouse["cells"])
    assert FAMILY["number"] in spouse["full_cells"]


def test_what_is_asked_for_is_frozen_with_each_filing() -> None:
    """By it the machine sees that a correction asks for more, and begins anew with the employer."""
    firm = make_firm()
    case = firm.move(firm.approved(category_code="bachelor"), Action.SEND_BACK, firm.specialist, target=PERSON)
    application = firm.application_of(case)
    other = CardCategory.objects.get(code="middle_title")
    application.person.talent_profile.title_level = "3"
    application.person.talent_profile.save()
    save_card_draft(application, card_actor_of(application), values={"category": other}, typed={})
    add_title_paper(application)

    submit_card_application(application, card_actor_of(application), token=uuid.uuid4(), pledged=True)

    filed = Filing.objects.filter(case=case.pk).order_by("number")
    asked = [filing.entitlement for filing in filed]
    assert asked == [{"category": "bachelor", "level": "C"}, {"category": "middle_title", "level": "C"}]
    assert Case.objects.get(pk=case.pk).stage == "unit"


def add_title_paper(application: CardApplication) -> None:
    upload = SimpleUploadedFile("职称证.pdf", pdf())
    add_material(application.case, kind="title_certificate", upload=upload, actor=card_actor_of(application))
