"""An application for the card that the employer gave back: what was marked, where it is mended, filing again."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import get_language

from talent import eligibility
from talent.models import CardApplication, Proof
from talent.rules import application as rules
from talent.rules.facts import Facts
from talent.services.application import save_card_draft
from talent.services.submission import submit_card_application
from tests.talent.card_factories import card_actor_of, make_submitted_card_application
from workflow.actors import Actor
from workflow.enums import Action, State
from workflow.findings import Check
from workflow.models import Case, Filing
from workflow.remark_forms import RemarksForm
from workflow.services import Seen, perform

pytestmark = pytest.mark.django_db


def give_back(application: CardApplication, *keys: str) -> None:
    """The employer returns it with a remark on each of these rows."""
    case = Case.objects.get(pk=application.pk)
    duty = case.unit.duties.get()  # type: ignore[union-attr]
    remarks = [{"key": key, "section": "表", "label": key, "text": "请核对"} for key in keys]
    actor = Actor.in_duty(duty, duty.user)
    act = perform(
        Action.SEND_BACK,
        [Seen(case.pk, case.revision)],
        actor,
        opinion="请修改",
        target="person",
        payload={"remarks": remarks},
    )
    assert act.refused == []


def page_of(application: CardApplication, name: str = "apply_edit") -> str:
    client = Client()
    client.force_login(application.case.applicant)
    return client.get(reverse(f"talent:{name}", args=[application.pk])).content.decode()


def test_remarks_lead_to_where_each_is_mended() -> None:
    application = make_submitted_card_application()
    give_back(application, "work.position", "studies.study_1", "materials.photo", "materials.id_card", "category.level")

    page, next_step = page_of(application), reverse("talent:apply_edit", args=[application.pk])

    assert "请修改" in page
    for target in (
        "#id_position",
        "#id_category",
        f"{reverse('talent:educations')}?next={next_step}",
        f"{reverse('talent:profile')}?next={next_step}",
        f"{reverse('talent:apply_materials', args=[application.pk])}#material-id_card",
    ):
        assert f'href="{target}"' in page, target


def test_every_later_page_repeats_what_is_asked_for() -> None:
    application = make_submitted_card_application()
    give_back(application, "work.position")

    for name in ("apply_materials", "apply_check"):
        assert f'href="{reverse("talent:apply_edit", args=[application.pk])}#id_position"' in page_of(application, name)


def test_corrected_application_is_filed_again_with_the_same_specialist() -> None:
    application = make_submitted_card_application()
    give_back(application, "work.position")
    actor = card_actor_of(application)
    save_card_draft(application, actor, values={"position": "总工程师"}, typed={})

    submit_card_application(application, actor, token=uuid.uuid4(), pledged=True)

    case = Case.objects.get(pk=application.pk)
    again = CardApplication.objects.get(pk=application.pk)
    assert (case.state, case.stage) == (State.IN_REVIEW, "unit")
    assert case.summary["position"] == "总工程师"
    assert again.specialist == application.specialist
    assert Filing.objects.filter(case=case).count() == 2


def returned(*keys: str) -> tuple[CardApplication, Client]:
    application = make_submitted_card_application()
    give_back(application, *keys)
    client = Client()
    client.force_login(application.case.applicant)
    return application, client


def edit_of(application: CardApplication) -> str:
    return reverse("talent:apply_edit", args=[application.pk])


@pytest.mark.parametrize(
    ("key", "fields"),
    [
        ("work.position", {"position"}),
        ("work.contract_end", {"contract_kind", "contract_start", "contract_end"}),
        ("category.level", {"category", "evidence"}),
        ("studies.study_1", set()),
        ("materials.id_card", set()),
    ],
)
def test_only_what_was_marked_is_open(key: str, fields: set[str]) -> None:
    application, client = returned(key)

    response = client.get(edit_of(application))

    assert {name for name, field in response.context["form"].fields.items() if not field.disabled} == fields
    assert "?all=1" in response.text


def test_what_is_locked_keeps_its_value_until_the_whole_form_is_asked_for() -> None:
    application, client = returned("work.position")
    kept = application.achievements
    autosave = reverse("talent:apply_autosave", args=[application.pk])

    for address in (edit_of(application), autosave):
        client.post(address, {"position": "总工程师", "achievements": "别的"})
    locked = CardApplication.objects.get(pk=application.pk)
    client.post(f"{autosave}?all=1", {"position": "总工程师", "achievements": "别的"})

    assert (locked.position, locked.achievements) == ("总工程师", kept)
    assert CardApplication.objects.get(pk=application.pk).achievements == "别的"


def test_everything_is_open_after_a_return_without_remarks() -> None:
    application, client = returned()

    response = client.get(edit_of(application))

    assert not any(field.disabled for field in response.context["form"].fields.values())


@pytest.mark.parametrize(
    ("key", "page"),
    [
        ("personal.political", "accounts:data_correction"),
        ("personal.phone", "accounts:account"),
        ("personal.address", "talent:profile"),
        ("honours.honour_1", "talent:honour_list"),
        ("family.member_1", "talent:family_list"),
    ],
)
def test_what_the_form_does_not_hold_leads_to_where_it_can_be_changed(key: str, page: str) -> None:
    application, client = returned(key)

    lines = client.get(edit_of(application)).context["remarks"]

    assert [line.target.partition("?")[0] for line in lines] == [reverse(page)]


def test_last_look_shows_in_full_what_a_mask_hides_whole() -> None:
    application = make_submitted_card_application()
    give_back(application, "work.salary")
    CardApplication.objects.filter(pk=application.pk).update(salary="18.5")

    page = page_of(application, "apply_check")

    assert "18.5" in page
    assert application.person.number not in page


def test_card_of_the_form_with_a_problem_says_which() -> None:
    application = make_submitted_card_application()
    give_back(application)
    Proof.objects.filter(person=application.person, kind="photo").delete()

    client = Client()
    client.force_login(application.case.applicant)
    marks = {mark.key: mark for mark in client.get(edit_of(application)).context["summary"].marks}

    assert marks["personal"].kind == "bad"
    assert "照片" in marks["personal"].missing
    assert marks["work"].missing == ""


def test_last_look_shows_each_mark_once_with_what_became_of_it() -> None:
    application, client = returned("work.position", "work.department", "materials.id_card")
    address = reverse("talent:apply_check", args=[application.pk])
    before = client.get(address).context["marks"]
    save_card_draft(application, card_actor_of(application), values={"position": "总工程师"}, typed={})

    page = client.get(address, headers={"accept-language": "en"})

    marks = page.context["marks"]
    assert ([line.target for line in before.touched], len(before.untouched)) == ([], 3)
    assert [line.target.partition("#")[2] for line in marks.touched] == ["id_position"]
    assert [line.target.partition("#")[2] for line in marks.untouched] == ["id_department", "material-id_card"]
    assert page.text.count("请核对") == 3


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_last_look_asks_the_rules_once_in_the_language_of_the_page(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    application, client = returned("work.position")
    asked: list[str | None] = []

    def check_all(facts: Facts) -> list[Check]:
        asked.append(get_language())
        return rules.check_all(facts)

    monkeypatch.setattr(eligibility, "check_all", check_all)
    client.get(reverse("talent:apply_check", args=[application.pk]), headers={"accept-language": language})

    assert asked == [language]


def test_new_application_is_offered_when_the_first_has_ended() -> None:
    application, client = returned()
    lists = reverse("talent:apply_list")
    during = client.get(lists).context["may_begin"]

    Case.objects.filter(pk=application.pk).update(state=State.WITHDRAWN, stage="", resume_stage="")

    assert (during, client.get(lists).context["may_begin"]) == (False, True)


def test_office_marks_nothing_that_no_applicant_fills_in() -> None:
    application = make_submitted_card_application()

    form = RemarksForm(application.case, application.case.filings.get())

    sections = {name.partition(".")[0] for name in form.fields}
    assert {"personal", "work", "category", "materials"} <= sections
    assert not sections & {"specialist", "pledge"}
