"""信息完善: a legal person at the first sign-in can reach nothing else until 【保存】."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import LabourProfile, UnitProfile, User
from accounts.services.first_duties import ask_for_completion, give_first_duties
from tests.accounts.factories import OfficerFactory, UnitFactory, UserFactory, id_number
from tests.accounts.filling import decide, register_unit, submit
from tests.accounts.managing import add_colleague, handler_of, make_unit, signed_in
from tests.workflow.files import pdf
from workflow.clock import today
from workflow.enums import Role
from workflow.models import Duty, Material, Organisation, Region

pytestmark = pytest.mark.django_db

PAGE = "/unit/details/"


@pytest.fixture
def unit() -> Organisation:
    return make_unit()


@pytest.fixture
def user(unit: Organisation) -> User:
    """Came by 法人注册."""
    found = handler_of(unit)
    ask_for_completion(found, unit)
    return found


@pytest.fixture
def client(user: User) -> Client:
    return signed_in(user)


def form_of(**changes: Any) -> dict[str, Any]:
    town = Region.objects.filter(level=4, code__startswith="130902").first()
    assert town is not None
    form = {
        "unit_kind": "32",
        "economic": "150",
        "division": "36",
        "founded_on": "2015-05-01",
        "headcount": "120",
        "payday": "15",
        "social_number": "",
        "registered_in": "130902",
        "registered_address": "建设北街一号",
        "business_in": town.code,
        "business_address": "解放路二号",
        "principal": "李建国",
        "principal_document_kind": "01",
        "principal_number": id_number(5, "19700101"),
        "principal_phone": "0317-1234567",
        "staff_officer": "王人事",
        "staff_phone": "0317-7654321",
        "contact": "赵联系",
        "contact_phone": "13900000123",
        "contact_email": "",
        "sends_workers": "no",
        "builds": "yes",
        "has_branches": "",
        "bank": "",
        "bank_account": "",
        "licence": SimpleUploadedFile("营业执照.pdf", pdf()),
    }
    return form | changes


@pytest.mark.parametrize(
    "page", ["/home/", "/account/", "/unit/", "/unit/users/", "/messages/", "/queue/graduate_rent/unit/"]
)
def test_every_page_leads_to_the_form(client, page):
    response = client.get(page)

    assert (response.status_code, response.url) == (302, PAGE)


def test_menu_stands_beside_the_form_only_when_it_leads_somewhere(client, user):
    due = client.get(PAGE).text

    User.objects.filter(pk=user.pk).update(needs_completion=False)
    later = client.get(PAGE).text

    assert 'class="rail"' not in due
    assert 'class="rail"' in later


def test_form_the_help_and_signing_out_stay_within_reach(client):
    statuses = [client.get(PAGE).status_code, client.get("/help/").status_code, client.post("/sign-out/").status_code]

    assert statuses == [200, 200, 302]


def test_what_is_known_stands_there_and_the_name_cannot_be_changed(client, unit):
    response = client.get(PAGE)

    initial = response.context["form"].initial
    assert (initial["principal"], initial["registered_in"]) == ("王建国", "130902")
    assert unit.name in response.text
    assert not {"unit_name", "uscc"} & response.context["form"].fields.keys()


def test_saved_form_opens_everything_and_stands_in_both_profiles(client, unit, user):
    response = client.post(PAGE, form_of())

    assert response.status_code == 302, response.context["form"].errors
    assert client.get("/home/").status_code == 200
    labour, profile = LabourProfile.objects.get(organisation=unit), UnitProfile.objects.get(organisation=unit)
    assert (labour.headcount, labour.builds, labour.sends_workers, labour.has_branches) == (120, True, False, None)
    assert (labour.division, profile.industry, profile.principal) == ("36", "C", "李建国")
    assert (labour.licence.name, labour.completed_by) == ("营业执照.pdf", user)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("headcount", "0"),
        ("payday", "32"),
        ("principal_number", "130902199003070016"),
        ("contact_phone", "12345"),
        ("business_in", "130902"),
        ("sends_workers", ""),
        ("economic", ""),
        ("founded_on", "2999-01-01"),
        ("bank_account", "abc"),
    ],
)
def test_fault_is_named_by_its_field_and_nothing_typed_is_lost(client, field, value):
    response = client.post(PAGE, form_of(**{field: value}))

    assert response.context["form"].errors.keys() == {field}
    assert "解放路二号" in response.text
    assert client.get("/home/").status_code == 302


def test_licence_is_not_lost_to_a_mistake_in_another_field(client, unit):
    client.post(PAGE, form_of(headcount=""))

    response = client.post(PAGE, form_of(licence=""))

    assert response.status_code == 302
    assert LabourProfile.objects.get(organisation=unit).licence.name == "营业执照.pdf"


def test_licence_is_needed(client):
    response = client.post(PAGE, form_of(licence=""))

    assert response.context["form"].errors.keys() == {"licence"}


def test_file_that_is_no_paper_is_refused_by_name(client):
    response = client.post(PAGE, form_of(licence=SimpleUploadedFile("营业执照.pdf", b"not a pdf")))

    assert response.context["form"].errors.keys() == {"licence"}
    assert not Material.objects.exists()


def test_page_comes_back_with_what_was_saved_and_the_account_hidden_from_nobody(client, unit):
    client.post(PAGE, form_of(payday="20"))

    response = client.get(PAGE)
    client.post(PAGE, form_of(payday="21", licence=""))

    assert response.context["form"].initial["payday"] == 20
    assert LabourProfile.objects.get(organisation=unit).payday == 21


def test_unit_that_came_by_its_own_registration_is_not_asked(client):
    applicant = Client()
    case = submit(applicant, register_unit(applicant))
    decide(case, OfficerFactory(office=case.supervisor))

    assert applicant.get("/home/").status_code == 200


def test_unit_that_has_done_it_once_is_not_asked_again(client, unit):
    client.post(PAGE, form_of())
    colleague = add_colleague(client)

    ask_for_completion(colleague, unit)

    assert not User.objects.get(pk=colleague.pk).needs_completion


def test_person_and_sub_users_are_not_asked(user, unit):
    colleague = UserFactory(unit=True)
    Duty.objects.create(user=colleague, organisation=unit, role=Role.HANDLER, starts_on=today())

    assert signed_in(colleague).get("/home/").status_code == 200
    assert signed_in(UserFactory()).get(PAGE).status_code == 403


def test_first_duties_are_given_once(unit):
    other = UnitFactory(handler=False)
    user = UserFactory(unit=True)

    give_first_duties(user, other)
    give_first_duties(user, other)

    assert sorted(user.duties.values_list("role", flat=True)) == ["handler", "manager"]


def test_licence_is_marked_as_required_until_it_is_there(client):
    before = client.get(PAGE).context["form"]
    client.post(PAGE, form_of(payday="99"))
    after = client.get(PAGE).context["form"]

    assert (before.fields["licence"].required, after.fields["licence"].required) == (True, False)


def test_number_told_already_is_not_asked_again_unless_the_name_changes(client, unit):
    client.post(PAGE, form_of())

    client.post(PAGE, form_of(principal_number="", payday="21", licence=""))
    changed = client.post(PAGE, form_of(principal="周建国", principal_number="", licence=""))

    labour = LabourProfile.objects.get(organisation=unit)
    assert (labour.payday, labour.principal_number) == (21, id_number(5, "19700101"))
    assert changed.context["form"].errors.keys() == {"principal_number"}
