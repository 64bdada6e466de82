"""窗口核验: found by its number alone, compared, confirmed or refused; never by oneself."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Notification, Person, RealNameRequest, StatedPerson, StatedUnit, User, Verification
from accounts.services.real_name_requests import ask_counter
from tests.accounts.factories import OfficeFactory, OfficerFactory, PersonFactory, UnitFactory, claim, id_number
from tests.accounts.stating import PAGE, RESULT, fresh, legal, natural, person_form, signed_in, text_of, unit_form
from workflow.lookup_keys import identity_key
from workflow.models import Duty, Organisation, Region

pytestmark = pytest.mark.django_db

SEARCH = "/counter/real-name/"


@pytest.fixture(autouse=True)
def _counters_alone(settings: Any) -> None:
    """What production does without any configuration."""
    settings.REAL_NAME_VERIFIER = ""


@pytest.fixture
def officer(client: Client) -> User:
    officer = OfficerFactory(office="counter")
    client.force_login(officer)
    return officer


def asked(user: User) -> RealNameRequest:
    """The account has pressed 【重新认证】."""
    form = unit_form(user) if user.kind == "unit" else person_form(name=user.name)
    assert signed_in(user).post(PAGE, form).url == RESULT
    return RealNameRequest.objects.get(user=user, decided_at=None)


def confirm(client: Client, request: RealNameRequest, **changes: Any) -> Any:
    """What an officer enters who has everything before them."""
    user = request.user
    if user.kind == "unit":
        papers, shown = ["licence", "principal", "agent"], StatedUnit.objects.get(user=user).principal_number
    else:
        papers, shown = ["document", "face"], StatedPerson.objects.get(user=user).number
    form = {"seen": request.digest, "papers": papers, "shown_number": shown, "level": "2"}
    return client.post(f"{SEARCH}{request.number}/confirm/", form | changes)


def refuse(client: Client, request: RealNameRequest, **changes: Any) -> Any:
    form = {"seen": request.digest, "reason": "照片与本人不符"}
    return client.post(f"{SEARCH}{request.number}/refuse/", form | changes)


def test_without_a_verifier_the_account_gets_a_number_and_is_told_where_to_go() -> None:
    user, counter = natural(), OfficeFactory(kind="counter")
    client = signed_in(user)
    assert "由窗口工作人员核验证件" in text_of(client.get(PAGE))

    page = text_of(client.post(PAGE, person_form(), follow=True))

    request = RealNameRequest.objects.get(user=user)
    assert f"{request.number[:4]} {request.number[4:7]} {request.number[7:]}" in page
    assert counter.name in page
    assert "本人身份证件原件" in page
    assert (fresh(user).real_name_level, Verification.objects.count()) == (1, 0)


def test_officer_finds_a_request_by_its_number_and_sees_it_masked(client: Client, officer: User) -> None:
    user = natural(720)
    request = asked(user)
    spaced = f" {request.number[:4]} {request.number[4:]}"

    page = text_of(client.post(SEARCH, {"number": spaced}, follow=True))

    assert "陈小河" in page
    assert "130902********" in page
    assert id_number(720) not in page


@pytest.mark.parametrize("typed", ["0000000000", "陈小河", "130902", "%", ""])
def test_nothing_else_finds_anybody(client: Client, officer: User, typed: str) -> None:
    asked(natural())

    response = client.post(SEARCH, {"number": typed})

    assert "number" in response.context["form"].errors
    assert "130902*" not in text_of(response)


def test_trying_numbers_out_ends(client: Client, officer: User) -> None:
    request = asked(natural())
    for n in range(20):
        assert client.get(f"{SEARCH}{n:010}/").status_code == 404

    assert client.get(f"{SEARCH}{999:010}/").status_code == 403
    assert client.get(f"{SEARCH}{request.number}/").status_code == 200


@pytest.mark.parametrize("level", [2, 3])
def test_officer_confirms_and_it_is_written_down(client: Client, officer: User, level: int) -> None:
    user = natural(721)
    request = asked(user)

    response = confirm(client, request, level=str(level))

    assert response.url == SEARCH
    assert (fresh(user).real_name_level, fresh(user).person) == (level, Person.objects.get())
    record = Verification.objects.get(user=user)
    assert (record.verifier, record.outcome, record.level, record.officer) == ("counter", "passed", level, officer)
    request = RealNameRequest.objects.get(pk=request.pk)
    assert (request.outcome, request.level, request.officer) == ("passed", level, officer)
    assert request.organisation == officer.duties.get().organisation
    assert request.papers == ["document", "face"]
    assert Notification.objects.station().of(user.pk).get().title == "实名等级已提升"
    assert "实名制成功" in text_of(signed_in(user).get(RESULT))


def test_officer_confirms_an_employer(client: Client) -> None:
    user = legal(820)
    client.force_login(OfficerFactory(office="county_hr"))

    confirm(client, asked(user))

    assert all(duty.organisation.active for duty in Duty.objects.filter(user=user))
    assert Duty.objects.filter(user=user).count() == 2
    assert fresh(user).real_name_level == 2


def test_employers_go_to_a_counter_of_their_county_or_city(client: Client) -> None:
    request = asked(legal())
    elsewhere = OfficeFactory(kind="counter", region=Region.objects.get(pk="130903"))
    client.force_login(OfficerFactory(office=elsewhere))

    assert client.get(f"{SEARCH}{request.number}/").status_code == 404
    assert confirm(client, request).status_code == 404

    city = OfficeFactory(kind="counter", code="city-counter", region=Region.objects.get(pk="130900"))
    client.force_login(OfficerFactory(office=city))
    assert client.get(f"{SEARCH}{request.number}/").status_code == 200


def test_refusal_is_told_with_its_reason(client: Client, officer: User) -> None:
    user = natural()
    request = asked(user)

    refuse(client, request)

    page = text_of(signed_in(user).get(RESULT))
    assert "<h1>实名制失败</h1>" in page
    assert "照片与本人不符" in page
    assert fresh(user).real_name_level == 1
    record = Verification.objects.get(user=user)
    assert (record.outcome, record.officer, record.reason) == ("failed", officer, "照片与本人不符")
    assert Notification.objects.station().of(user.pk).get().title == "实名核验未通过"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"papers": []}, "papers"),
        ({"papers": ["face"]}, "papers"),
        ({"papers": ["document"], "level": "3"}, "papers"),
        ({"shown_number": id_number(1)}, "shown_number"),
        ({"shown_number": ""}, "shown_number"),
        ({"level": "1"}, "level"),
        ({"level": ""}, "level"),
    ],
)
def test_nothing_is_confirmed_without_the_papers(
    client: Client, officer: User, changes: dict[str, Any], field: str
) -> None:
    user = natural(722)

    response = confirm(client, asked(user), **changes)

    assert field in response.context["form"].errors
    assert (fresh(user).real_name_level, Verification.objects.count()) == (1, 0)


def test_middle_level_does_without_the_face(client: Client, officer: User) -> None:
    user = natural()

    confirm(client, asked(user), papers=["document"])

    assert fresh(user).real_name_level == 2


def test_wrong_numbers_end_too(client: Client, officer: User) -> None:
    user = natural(723)
    request = asked(user)
    for _n in range(10):
        confirm(client, request, shown_number=id_number(1))

    confirm(client, request)

    assert fresh(user).real_name_level == 1


def test_what_was_changed_meanwhile_is_not_confirmed(client: Client, officer: User) -> None:
    user = natural(724)
    request = asked(user)
    signed_in(user).post(PAGE, person_form(name="陈大河"))

    page = text_of(client.get(confirm(client, request).url))

    assert "办事人已修改信息" in page
    assert fresh(user).real_name_level == 1
    again = RealNameRequest.objects.get(user=user)
    assert (again.pk, again.number) == (request.pk, request.number)
    confirm(client, again)
    assert fresh(user).real_name_level == 2


def test_a_form_without_what_it_showed_confirms_nothing(client: Client, officer: User) -> None:
    user = natural()
    request = asked(user)

    confirm(client, request, seen="")
    confirm(client, request, seen="0" * 64)
    refuse(client, request, seen="0" * 64)

    assert Verification.objects.count() == 0


def test_a_request_is_decided_once(client: Client, officer: User) -> None:
    user = natural()
    request = asked(user)
    refuse(client, request)

    assert confirm(client, request).status_code == 404
    assert fresh(user).real_name_level == 1
    assert asked(user).number != request.number


def test_a_request_expires(client: Client, officer: User) -> None:
    user = natural()
    request = asked(user)
    RealNameRequest.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert client.get(f"{SEARCH}{request.number}/").status_code == 404
    assert asked(user).number != request.number
    assert RealNameRequest.objects.count() == 1


def test_officers_never_confirm_themselves(client: Client) -> None:
    """Neither the account that they work with, nor their own, known by their document."""
    user = natural(725)
    request = asked(user)
    officer = OfficerFactory(office="counter", identity_key=identity_key(id_number(725)))
    client.force_login(officer)

    page = text_of(client.get(f"{SEARCH}{request.number}/"))
    statuses = [confirm(client, request).status_code, refuse(client, request).status_code]

    assert "不能核验本人的实名信息" in page
    assert "确认实名" not in page
    assert statuses == [403, 403]
    assert (fresh(user).real_name_level, Verification.objects.count()) == (1, 0)


def test_an_account_with_a_duty_at_a_counter_does_not_confirm_itself(client: Client) -> None:
    user = natural(726)
    request = asked(user)
    Duty.objects.create(user=user, organisation=OfficeFactory(kind="counter"), starts_on="2020-01-01")

    assert confirm(signed_in(user), request).status_code == 403
    assert fresh(user).real_name_level == 1


def test_stand_in_does_not_confirm_whose_seat_it_keeps(client: Client) -> None:
    user, counter = natural(727), OfficeFactory(kind="counter")
    request = asked(user)
    absent = OfficerFactory(office=counter, identity_key=identity_key(id_number(727)))
    helper = OfficerFactory(office="city_hr")
    Duty.objects.filter(user=helper).delete()
    Duty.objects.create(
        user=helper,
        organisation=counter,
        starts_on="2020-01-01",
        ends_on="2099-01-01",
        stands_in_for=absent,
        reason="假",
    )

    assert confirm(signed_in(helper), request).status_code == 403
    assert fresh(user).real_name_level == 1


def test_officer_whose_number_the_portal_knows_does_not_confirm_it(client: Client) -> None:
    user = natural(728, takes_number=False)
    officer = OfficerFactory(office="counter")
    claim(officer, number=id_number(728))
    request = ask_counter(user)

    assert confirm(signed_in(officer), request).status_code == 403


@pytest.mark.parametrize("office", ["county_org", "county_fin", "city_hr", "city_org", "city_fin"])
def test_other_offices_have_no_counter(client: Client, office: str) -> None:
    request = asked(natural())
    client.force_login(OfficerFactory(office=office))

    assert client.get(SEARCH).status_code == 403
    assert client.get(f"{SEARCH}{request.number}/").status_code == 403
    assert confirm(client, request).status_code == 403
    assert "实名核验" not in text_of(client.get("/home/"))


def test_counters_find_the_page_in_their_menu(client: Client, officer: User) -> None:
    assert f'href="{SEARCH}"' in text_of(client.get("/home/"))


def test_employers_and_people_have_no_counter(client: Client) -> None:
    for user in (UnitFactory().duties.get().user, PersonFactory().users.get(), natural()):
        assert signed_in(user).get(SEARCH).status_code == 403


def test_person_with_another_account_is_told_to_the_officer(client: Client, officer: User) -> None:
    person = PersonFactory()
    user = natural(729, number=person.number, takes_number=False)
    request = ask_counter(user)

    response = confirm(client, request)

    assert "已有其他账户" in text_of(response)
    assert (fresh(user).real_name_level, fresh(user).person) == (1, None)
    assert RealNameRequest.objects.get().decided_at is None


def test_verified_person_reaches_the_high_level_at_a_counter(client: Client, officer: User) -> None:
    user = PersonFactory().users.get()
    User.objects.filter(pk=user.pk).update(name=user.person.name)
    signed_in(user).post(PAGE, person_form(name=user.person.name) | {"counter": "1"})
    request = RealNameRequest.objects.get(user=user)
    assert f"{request.number[:4]} " in text_of(signed_in(user).get(RESULT))

    confirm(client, request, level="3")

    assert fresh(user).real_name_level == 3


def test_employer_already_there_keeps_its_organisation(client: Client) -> None:
    unit = UnitFactory()
    user = unit.duties.get().user
    StatedUnit.objects.create(
        user=user, kind="enterprise", name=unit.name, uscc=unit.code, principal="赵法人",
        principal_number=id_number(5), agent=user.name, agent_number="", region_id="130902", address="沧州市",
    )  # fmt: skip
    client.force_login(OfficerFactory(office="county_hr"))

    confirm(client, ask_counter(user), level="3")

    assert fresh(user).real_name_level == 3
    assert Organisation.objects.units().count() == 1
