"""开户受理: what is checked, what comes into being, what is refused and how it is told."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest

from accounts.enums import CounterSubject, RealNameLevel
from accounts.models import (
    Consent,
    CounterEvent,
    CounterOpening,
    Grant,
    Identifier,
    Notification,
    Person,
    TextMessage,
    User,
    Verification,
)
from accounts.services.accounts import Taken
from accounts.services.counter_openings import change_grants, open_account
from tests.accounts.counters import (
    OPEN,
    RENT,
    Counter,
    facts,
    make_counter,
    opened,
    person_opening,
    post_opening,
    scan,
    unit_opening,
)
from tests.accounts.factories import PersonFactory, UnitFactory, claim, id_number
from workflow import clock
from workflow.models import Duty, Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def counter() -> Counter:
    return make_counter()


def errors(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 422
    return {name: list(texts) for name, texts in response.context["form"].errors.items()}


def test_unit_acts_at_once(counter: Counter) -> None:
    response = post_opening(counter.client(), unit_opening(1, username="han-agent", valid_until="2099-12-31"))

    opening = CounterOpening.objects.get()
    unit, user = opening.organisation, opening.user
    assert response["Location"] == f"/counter/openings/{opening.token}/"
    assert (unit.active, unit.parent, unit.name) == (True, counter.organisation.parent, "沧州窗口1有限公司")
    assert unit.profile.uscc == unit.code == opening.uscc
    assert {(duty.organisation, duty.role) for duty in user.duties.all()} == {(unit, "handler"), (unit, "manager")}
    assert (user.username, user.name, user.kind) == ("han-agent", "韩经办", "unit")
    assert (user.is_approved, user.is_limited, user.valid_until) == (True, True, date(2099, 12, 31))
    assert set(Grant.objects.values_list("user", "case_type")) == {
        (user.pk, RENT),
        (user.pk, "person_registration"),
    }
    assert (opening.social_number, opening.officer, opening.counter) == (
        "SB000001",
        counter.first,
        counter.organisation,
    )


def test_account_has_no_password_before_the_notice_is_printed(counter: Counter) -> None:
    user = opened(counter).user

    assert not user.has_usable_password()


def test_officer_who_saw_the_papers_confirms_the_real_name(counter: Counter) -> None:
    user = User.objects.get(pk=opened(counter).user_id)

    check = Verification.objects.get(user=user)
    assert user.real_name_level == check.level == RealNameLevel.HIGH
    assert (check.verifier, check.outcome, check.officer) == ("counter", "passed", counter.first)


def test_individual_becomes_a_person(counter: Counter) -> None:
    form = person_opening(3)

    post_opening(counter.client(), form, "person")

    user = User.objects.get(kind="person")
    assert (user.person.number, user.person.name, user.person.sex) == (form["number"], "蒋个人", "1")
    assert user.person.birth_date == date(1991, 2, 3)
    assert user.real_name_level == RealNameLevel.HIGH
    assert not Duty.objects.filter(user=user).exists()
    assert set(Identifier.objects.filter(user=user).values_list("kind", flat=True)) == {"id_number", "phone"}


def test_person_of_a_closed_account_is_the_same_person_again(counter: Counter) -> None:
    person = PersonFactory(user=False)

    opening = opened(counter, 4, subject=CounterSubject.PERSON, number=person.number)

    assert opening.user.person == person
    assert Person.objects.count() == 1


def test_signed_agreement_is_a_consent_to_its_version(counter: Counter) -> None:
    user = opened(counter).user

    consent = Consent.objects.get(user=user)
    assert (consent.terms.kind, consent.terms.version) == ("counter_agreement", 1)


def test_opening_is_told_to_the_phone_and_logged(counter: Counter) -> None:
    opening = opened(counter)

    assert TextMessage.objects.get(user=opening.user).template == "counter_opened"
    assert Notification.objects.get(recipient=opening.user).title == "账号已在窗口开通"
    event = CounterEvent.objects.get()
    assert (event.deed, event.officer, event.user, event.counter) == (
        "opened",
        counter.first,
        opening.user,
        counter.organisation,
    )


def test_same_form_twice_opens_one_account(counter: Counter) -> None:
    client, form = counter.client(), unit_opening()

    first = post_opening(client, form)
    again = post_opening(client, form | {"scan": scan()})

    assert first["Location"] == again["Location"]
    assert CounterOpening.objects.count() == 1


WRONG = {
    "paper of the foundation": ({"papers": ["code", "agent_card"]}, "papers", "批准成立证件"),
    "card of the agent": ({"papers": ["code", "licence"]}, "papers", "经办人本人的身份证"),
    "code certificate": ({"papers": ["approval", "agent_card"]}, "papers", "统一社会信用代码证照"),
    "number with a wrong check digit": ({"number": "13090219990307123X"}, "number", "校验"),
    "code that is none": ({"uscc": "123"}, "uscc", ""),
    "phone that is none": ({"phone": "12345", "code": "123456"}, "phone", ""),
    "nothing granted": ({"items": []}, "items", "授权事项"),
    "item that nobody offers": ({"items": ["everything"]}, "items", ""),
    "day gone by": ({"valid_until": "2020-01-01"}, "valid_until", "早于今天"),
    "no scan": ({"scan": ""}, "scan", "协议扫描件"),
    "scan of a kind that cannot be shown": ({"scan": scan("协议.docx", b"x")}, "scan", "PDF"),
    "scan that is none": ({"scan": scan("协议.pdf", b"not a pdf")}, "scan", ""),
    "no name": ({"unit_name": ""}, "unit_name", "单位名称"),
    "bureau that is none": ({"bureau": "0"}, "bureau", ""),
}


@pytest.mark.parametrize(("changes", "field", "words"), WRONG.values(), ids=WRONG)
def test_wrong_input_names_its_field_and_opens_nothing(
    counter: Counter, changes: dict[str, Any], field: str, words: str
) -> None:
    response = post_opening(counter.client(), unit_opening(1, **changes))

    assert list(errors(response)) == [field]
    assert words in "".join(errors(response)[field])
    assert not User.objects.filter(kind="unit").exists()
    assert not Organisation.objects.filter(kind="unit").exists()


def test_bureau_of_another_county_is_none_of_the_choices(counter: Counter) -> None:
    elsewhere = make_counter("130903").organisation.parent

    response = post_opening(counter.client(), unit_opening(1, bureau=str(elsewhere.pk)))

    assert list(errors(response)) == ["bureau"]


def test_phone_must_be_proved_by_the_code_for_a_counter(counter: Counter) -> None:
    response = post_opening(counter.client(), unit_opening(1, code="000000"))

    assert list(errors(response)) == ["code"]
    assert not CounterOpening.objects.exists()


def test_without_a_provider_the_phone_is_a_contact_and_signs_nobody_in(counter: Counter, settings: Any) -> None:
    settings.SMS_GATEWAY = ""
    form = unit_opening()

    response = counter.client().post(f"{OPEN}?subject=enterprise", form)

    opening = CounterOpening.objects.get()
    assert response.status_code == 302
    assert (opening.phone, opening.phone_proved) == (form["phone"], False)
    assert list(Identifier.objects.filter(user=opening.user).values_list("kind", flat=True)) == ["id_number"]


def test_what_others_hold_is_explained(counter: Counter) -> None:
    unit, form = UnitFactory(), unit_opening()
    holder = PersonFactory().users.get()
    Identifier.objects.filter(user=holder).delete()
    claim(holder, number=form["number"], phone=form["phone"])

    response = post_opening(counter.client(), form | {"uscc": unit.code, "username": holder.username})

    assert set(errors(response)) == {"number", "phone", "uscc", "username"}
    assert "已" in errors(response)["uscc"][0]
    assert not CounterOpening.objects.exists()


def test_conflict_leaves_nothing_behind(counter: Counter) -> None:
    opened(counter, 1)
    before = User.objects.count()

    with pytest.raises(Taken) as taken:
        open_account(facts(2, number=id_number(1, "19870809")), counter.actor, token=uuid.uuid4())

    assert list(taken.value.errors) == ["number"]
    assert User.objects.count() == before


def test_every_kind_shows_its_papers_by_the_words_of_the_manual(counter: Counter) -> None:
    client = counter.client()

    pages = {one: client.get(f"{OPEN}?subject={one}").content.decode() for one in CounterSubject.values}

    for one in ("enterprise", "non_profit"):
        assert all(words in pages[one] for words in ("工商营业执照原件及复印件", "批准成立证件", "其他核准执业文件"))
        assert "组织机构统一代号证书（现为统一社会信用代码证照）" in pages[one]
    for one in ("government", "institution"):
        assert all(words in pages[one] for words in ("单位批准成立文件", "《事业单位法人证书》", "其他核准执业证书"))
    assert "身份证原件及复印件" in pages["person"]
    assert "组织机构统一代号证书" not in pages["person"]
    assert "沧州市人力资源和社会保障网上业务办理协议" in pages["enterprise"]


def test_grants_and_validity_are_changed_later_for_all_limited_accounts_of_the_unit(counter: Counter) -> None:
    opening = opened(counter)
    colleague = User.objects.create(username="colleague", kind="unit", is_approved=True, is_limited=True)
    free = User.objects.create(username="free-one", kind="unit", is_approved=True)
    for user in (colleague, free):
        Duty.objects.create(user=user, organisation=opening.organisation, role="reviewer", starts_on="2020-01-01")
    day = clock.today() + timedelta(days=30)

    change_grants(opening, counter.actor, items=[RENT], valid_until=day)

    assert set(Grant.objects.values_list("user", "case_type")) == {(opening.user_id, RENT), (colleague.pk, RENT)}
    ends = dict(User.objects.filter(kind="unit").values_list("username", "valid_until"))
    assert ends == {opening.user.username: day, "colleague": day, "free-one": None}
    assert CounterEvent.objects.of_opening(opening).last().deed == "changed"
