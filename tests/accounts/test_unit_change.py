"""单位信息变更: name, code and 主管部门 change by a review, and the unit works on meanwhile."""

import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.enums import IdentifierKind, RealNameLevel
from accounts.hashes import identifier_keys
from accounts.models import Identifier, Notification, UnitChange, User
from tests.accounts.factories import OfficeFactory, OfficerFactory, RegionFactory, UnitFactory, UserFactory, credit_code
from tests.accounts.filling import decide
from tests.accounts.managing import add_colleague, handler_of, make_unit, signed_in
from tests.accounts.stating import legal
from tests.workflow.files import pdf
from workflow.actors import Actor
from workflow.enums import Action, State
from workflow.models import Case, Duty, Organisation
from workflow.services import Refused, perform
from workflow.services.perform import Seen

pytestmark = pytest.mark.django_db

NEW_CODE = credit_code(424_242)


@pytest.fixture
def unit() -> Organisation:
    return make_unit(name="沧州旧名有限公司")


@pytest.fixture
def client(unit: Organisation) -> Client:
    return signed_in(handler_of(unit))


@pytest.fixture
def officer(unit: Organisation) -> User:
    found: User = OfficerFactory(office=unit.parent)
    return found


def form_of(unit: Organisation, **changes: Any) -> dict[str, Any]:
    facts = {"unit_name": unit.name, "uscc": unit.code, "region": unit.region_id, "supervisor": str(unit.parent_id)}
    return facts | changes


def begin(client: Client, unit: Organisation, **changes: Any) -> Case:
    response = client.post("/unit/change/", form_of(unit, **(changes or {"unit_name": "沧州新名有限公司"})))
    assert response.status_code == 302, response.context["form"].errors
    return UnitChange.objects.get(organisation=unit, is_open=True).case


def add_licence(client: Client, case: Case) -> None:
    file = SimpleUploadedFile("营业执照.pdf", pdf())
    response = client.post(f"/cases/{case.pk}/materials/add/", {"kind": "business_licence", "file": file})
    assert response.status_code == 302


def press_submit(client: Client, case: Case) -> Any:
    return client.post(f"/unit/change/{case.pk}/submit/", {"token": str(uuid.uuid4())})


def submitted(client: Client, unit: Organisation, **changes: Any) -> Case:
    case = begin(client, unit, **changes)
    add_licence(client, case)
    assert press_submit(client, case).status_code == 302
    return Case.objects.get(pk=case.pk)


def fresh(unit: Organisation) -> Organisation:
    return Organisation.objects.select_related("profile").get(pk=unit.pk)


def test_name_code_and_department_stay_until_the_bureau_approves(client, unit, officer):
    case = submitted(client, unit, unit_name="沧州新名有限公司", uscc=NEW_CODE)

    assert (fresh(unit).name, fresh(unit).code) == (unit.name, unit.code)
    assert client.get("/queue/person_registration/unit/").status_code == 200

    decide(case, officer)

    assert (fresh(unit).name, fresh(unit).code, fresh(unit).profile.uscc) == ("沧州新名有限公司", NEW_CODE, NEW_CODE)


def test_bureau_sees_the_old_and_the_new_value_side_by_side(client, unit, officer):
    case = submitted(client, unit)

    text = signed_in(officer).get(f"/cases/{case.pk}/").text

    assert '<del class="old">沧州旧名有限公司</del>' in text
    assert '<ins class="new">沧州新名有限公司</ins>' in text
    assert "单位变更审核" in signed_in(officer).get("/home/").text


def test_change_needs_the_licence(client, unit):
    case = begin(client, unit)

    response = press_submit(client, case)

    assert response.status_code == 409
    assert "营业执照" in response.text
    assert Case.objects.get(pk=case.pk).state == State.DRAFT


def test_one_change_is_open_at_a_time(client, unit):
    first = begin(client, unit)
    again = begin(client, unit, unit_name="沧州又新名有限公司")

    assert again == first
    assert UnitChange.objects.get().name == "沧州又新名有限公司"


def test_change_under_review_is_not_changed(client, unit):
    case = submitted(client, unit)

    response = client.post("/unit/change/", form_of(unit, unit_name="沧州又新名有限公司"))

    assert response.url == f"/cases/{case.pk}/"
    assert UnitChange.objects.get().name == "沧州新名有限公司"


def test_nothing_changed_is_no_change(client, unit):
    response = client.post("/unit/change/", form_of(unit))

    assert response.context["form"].errors.keys() == {"__all__"}
    assert not UnitChange.objects.exists()


@pytest.mark.parametrize("field", ["uscc", "unit_name"])
def test_what_another_unit_has_is_refused_by_its_field(client, unit, field):
    other = UnitFactory(code=NEW_CODE, name="沧州新名有限公司")
    changes = {"uscc": other.code} if field == "uscc" else {"unit_name": other.name}

    response = client.post("/unit/change/", form_of(unit, **changes))

    assert response.context["form"].errors.keys() == {field}


def test_code_that_was_taken_meanwhile_is_refused_to_the_bureau(client, unit, officer):
    case = submitted(client, unit, uscc=NEW_CODE)
    UnitFactory(code=NEW_CODE)

    with pytest.raises(Refused, match="信用代码"):
        decide(case, officer)

    assert fresh(unit).code == unit.code


def test_level_falls_and_rises_by_the_review_where_the_name_changed(client, unit, officer):
    user = handler_of(unit)
    User.objects.filter(pk=user.pk).update(real_name_level=RealNameLevel.HIGH)

    decide(submitted(client, unit), officer)

    assert User.objects.get(pk=user.pk).real_name_level == RealNameLevel.MIDDLE
    outcomes = list(user.verifications.order_by("pk").values_list("outcome", "level", "officer"))
    assert outcomes[-2:] == [("dropped", 1, officer.pk), ("passed", 2, officer.pk)]


def test_another_department_alone_is_no_other_name(client, unit, officer):
    user = handler_of(unit)
    User.objects.filter(pk=user.pk).update(real_name_level=RealNameLevel.HIGH)
    bureau = OfficeFactory(kind="county_hr", region=RegionFactory(code="130903"))

    decide(submitted(client, unit, region="130903", supervisor=str(bureau.pk)), officer)

    assert fresh(unit).parent == bureau
    assert User.objects.get(pk=user.pk).real_name_level == RealNameLevel.HIGH


def test_running_cases_stay_with_the_old_department(client, unit, officer):
    old, running = unit.parent, submitted(client, unit)
    Case.objects.filter(pk=running.pk).update(case_type="graduate_rent")
    UnitChange.objects.filter(pk=running.pk).update(is_open=False)
    bureau = OfficeFactory(kind="county_hr", region=RegionFactory(code="130903"))

    decide(submitted(client, unit, region="130903", supervisor=str(bureau.pk)), officer)

    kept = Case.objects.get(pk=running.pk)
    assert (kept.supervisor, kept.holder, kept.region_id) == (old, old, "130902")


def test_code_of_the_account_that_registered_the_unit_follows(client, unit, officer):
    user = handler_of(unit)
    kind = IdentifierKind.CREDIT_CODE
    Identifier.objects.create(user=user, kind=kind, hash=identifier_keys(uscc=unit.code)[kind])

    decide(submitted(client, unit, uscc=NEW_CODE), officer)

    assert Identifier.objects.get(user=user, kind=kind).hash == identifier_keys(uscc=NEW_CODE)[kind]


def test_code_follows_for_who_acts_for_the_unit_no_more(client, unit, officer):
    former, kind = UserFactory(unit=True), IdentifierKind.CREDIT_CODE
    Duty.objects.create(user=former, organisation=unit, starts_on="2020-01-01", ends_on="2020-12-31")
    Identifier.objects.create(user=former, kind=kind, hash=identifier_keys(uscc=unit.code)[kind])

    decide(submitted(client, unit, uscc=NEW_CODE), officer)

    assert Identifier.objects.get(user=former, kind=kind).hash == identifier_keys(uscc=NEW_CODE)[kind]


def test_code_that_somebody_merely_states_yields_to_the_unit_at_the_approval(client, unit, officer):
    user, squatter, kind = handler_of(unit), legal(), IdentifierKind.CREDIT_CODE
    Identifier.objects.create(user=user, kind=kind, hash=identifier_keys(uscc=unit.code)[kind])
    Identifier.objects.create(user=squatter, kind=kind, hash=identifier_keys(uscc=NEW_CODE)[kind])

    case = submitted(client, unit, uscc=NEW_CODE)

    assert Identifier.objects.get(user=squatter, kind=kind).hash == identifier_keys(uscc=NEW_CODE)[kind]

    decide(case, officer)

    assert Identifier.objects.get(kind=kind).user == user
    assert Notification.objects.filter(recipient=squatter, title="号码已由他人核验").count() == 1


def test_code_that_an_account_of_a_verified_unit_holds_is_refused(client, unit):
    holder, kind = UserFactory(unit=True), IdentifierKind.CREDIT_CODE
    Identifier.objects.create(user=holder, kind=kind, hash=identifier_keys(uscc=NEW_CODE)[kind])

    response = client.post("/unit/change/", form_of(unit, uscc=NEW_CODE))

    assert response.context["form"].errors.keys() == {"uscc"}


def test_returned_change_is_mended_and_submitted_again(client, unit, officer):
    case = submitted(client, unit)
    decide(case, officer, Action.SEND_BACK, opinion="名称与执照不符")

    assert "名称与执照不符" in client.get(f"/unit/change/{case.pk}/").text
    begin(client, unit, unit_name="沧州正名有限公司")
    press_submit(client, case)
    decide(case, officer)

    assert fresh(unit).name == "沧州正名有限公司"


@pytest.mark.parametrize("action", [Action.REJECT, "withdraw"])
def test_ended_change_changes_nothing_and_another_may_begin(client, unit, officer, action):
    case = submitted(client, unit)

    if action == Action.REJECT:
        decide(case, officer, action, opinion="不符合规定")
    else:
        client.post(f"/unit/change/{case.pk}/withdraw/")

    assert fresh(unit).name == unit.name
    assert begin(client, unit) != case


def test_approval_has_taken_effect_and_is_not_taken_back(client, unit, officer):
    case = submitted(client, unit)
    decide(case, officer)

    with pytest.raises(Refused):
        decide(case, officer, Action.TAKE_BACK)


def test_many_changes_cost_as_many_statements_as_one(officer, unit, django_assert_max_num_queries):
    cases = [submitted(signed_in(handler_of(one)), one) for one in (unit,)]
    for n in range(3):
        one = make_unit()
        cases.append(submitted(signed_in(handler_of(one)), one, unit_name=f"沧州新名{'甲乙丙'[n]}有限公司"))
    actor = Actor.in_duty(Duty.objects.select_related("organisation").get(user=officer), officer)

    with django_assert_max_num_queries(45):
        act = perform(Action.APPROVE, [Seen(case.pk, case.revision) for case in cases], actor)

    assert act.done == 4


def test_two_changes_to_one_name_do_not_both_pass(officer, unit, client):
    other = make_unit()
    cases = [submitted(client, unit), submitted(signed_in(handler_of(other)), other, unit_name="沧州新名有限公司")]
    actor = Actor.in_duty(Duty.objects.select_related("organisation").get(user=officer), officer)

    act = perform(Action.APPROVE, [Seen(case.pk, case.revision) for case in cases], actor)

    assert (act.done, [row["case"] for row in act.refused]) == (1, [cases[1].pk])


def test_change_of_another_unit_is_nobody_s(client, unit):
    other = make_unit()
    case = begin(signed_in(handler_of(other)), other, unit_name="沧州别名有限公司")

    assert client.get(f"/unit/change/{case.pk}/").status_code == 404
    assert press_submit(client, case).status_code == 404
    assert client.post(f"/unit/change/{case.pk}/withdraw/").status_code == 404


def test_colleague_goes_on_with_what_another_began(client, unit, officer):
    case = begin(client, unit)
    colleague = signed_in(add_colleague(client))

    add_licence(colleague, case)
    press_submit(colleague, case)

    assert Case.objects.get(pk=case.pk).state == State.IN_REVIEW


def test_page_of_the_unit_says_that_a_change_is_open(client, unit):
    assert "申请变更" in client.get("/unit/").text

    submitted(client, unit)

    text = client.get("/unit/").text
    assert "有未办结的变更" in text
    assert "待县区人社局审核" in text
