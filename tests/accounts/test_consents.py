"""Texts with versions: asked again when they change, of whom they concern, and never changed once agreed to."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Consent, Terms, User
from accounts.services.consents import publish
from accounts.text_changes import Change, find_changes
from tests.accounts.factories import OfficerFactory, PersonFactory, UnitFactory, UserFactory
from tests.accounts.filling import person_form, register_person, register_unit, send, unit_form
from tests.accounts.signing import sign_in
from tests.accounts.signing_up import errors_of, person_sign_up, press, sign_up

pytestmark = pytest.mark.django_db

AGREE = "/account/agreement/"


def new_version(kind: str, *, more: str = "十三、新增的一段。") -> Terms:
    now = Terms.objects.current(kind)
    return publish(Terms(kind=kind, title=now.title, title_en=now.title_en, body=f"{now.body}\n{more}", body_en=""))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def agree(client: Client, **ticks: str) -> Any:
    asked = client.get(AGREE).context["form"].consents
    return client.post(AGREE, {str(one.terms.kind): str(one.terms.pk) for one in asked} | ticks)


def test_whoever_agreed_to_everything_is_not_stopped() -> None:
    client = signed_in(PersonFactory().users.get())

    assert client.get("/home/").status_code == 200
    assert client.get(AGREE).url == "/home/"


def test_new_version_stops_every_page_until_it_is_agreed_to() -> None:
    user = PersonFactory().users.get()
    client = signed_in(user)
    terms = new_version("user_agreement")

    assert client.get("/home/").url == AGREE
    assert client.get("/messages/").url == AGREE
    assert client.post("/messages/read/").url == AGREE
    assert client.get("/", headers={"HX-Request": "true"}).headers["HX-Redirect"] == AGREE
    assert agree(client).url == "/home/"
    assert client.get("/home/").status_code == 200
    assert list(user.consents.filter(terms__kind="user_agreement").values_list("terms__version", flat=True)) == [1, 2]
    assert user.consents.get(terms=terms).given_at is not None


def test_page_shows_what_is_new_and_nothing_is_ticked() -> None:
    client = signed_in(PersonFactory().users.get())
    new_version("user_agreement", more="十三、新增的一段。")

    page = client.get(AGREE)

    assert "<ins>十三、新增的一段。</ins>" in page.text
    assert page.text.count("<ins>") == 1
    assert "<del>" not in page.text
    assert "checked" not in page.text
    assert "敏感个人信息处理同意书》</label>" not in page.text


def test_button_without_tick_changes_nothing() -> None:
    user = PersonFactory().users.get()
    client = signed_in(user)
    new_version("sensitive_data")

    answer = client.post(AGREE, {})

    assert set(answer.context["form"].errors) == {"sensitive_data"}
    assert client.get("/home/").url == AGREE


def test_tick_for_the_version_before_does_not_count_for_the_new_one() -> None:
    client = signed_in(PersonFactory().users.get())
    shown = new_version("sensitive_data")
    new_version("sensitive_data", more="又一段。")

    answer = client.post(AGREE, {"sensitive_data": str(shown.pk)})

    assert "已更新" in answer.context["form"].errors["sensitive_data"][0]
    assert Consent.objects.filter(terms__version__gt=1).exists() is False


def test_version_changed_while_the_registration_was_filled_in_is_told(client: Client) -> None:
    form = person_sign_up()
    new_version("user_agreement")

    answer = press(client, "person", form)

    assert set(answer.context["form"].errors) == {"user_agreement"}
    assert "已更新" in answer.context["form"].errors["user_agreement"][0]
    assert errors_of(client, "person", user_agreement=str(Terms.objects.current("unit_registration").pk)).keys() == {
        "user_agreement"
    }


def test_account_without_any_consent_is_asked_for_both_texts() -> None:
    user = UserFactory(texts=False)
    client = signed_in(user)

    assert client.get("/home/").url == AGREE
    assert [one.terms.kind for one in client.get(AGREE).context["form"].consents] == [
        "sensitive_data",
        "user_agreement",
    ]
    agree(client)
    assert user.consents.count() == 2


def test_registration_with_an_office_keeps_its_own_notice(client: Client) -> None:
    case = register_unit(client)
    kinds = set(case.applicant.consents.values_list("terms__kind", flat=True))

    new_version("user_agreement")
    untouched = client.get("/registration/").status_code
    new_version("person_registration")
    still = client.get("/registration/").status_code
    new_version("unit_registration")

    assert kinds == {"unit_registration", "sensitive_data"}
    assert (untouched, still) == (200, 200)
    assert client.get("/registration/").url == AGREE
    assert agree(client).url == "/registration/"
    assert client.get("/registration/").status_code == 200


@pytest.mark.parametrize("kind", ["unit", "person"])
def test_registration_with_an_office_asks_separately_for_sensitive_data(client: Client, kind: str) -> None:
    client.post(f"/register/{kind}/")
    form = unit_form() if kind == "unit" else person_form(UnitFactory())

    answer = send(client, kind, form | {"sensitive_data": ""})

    assert set(answer.context["form"].errors) == {"sensitive_data"}


def test_person_who_registered_with_an_employer_agreed_to_notice_and_sensitive_data(client: Client) -> None:
    case = register_person(client, UnitFactory())

    assert set(case.applicant.consents.values_list("terms__kind", flat=True)) == {
        "person_registration",
        "sensitive_data",
    }


def test_officers_are_never_asked_and_cost_no_statement() -> None:
    client = signed_in(OfficerFactory())
    client.get("/home/")
    with CaptureQueriesContext(connection) as before:
        client.get("/home/")
    new_version("user_agreement")
    with CaptureQueriesContext(connection) as after:
        response = client.get("/home/")

    assert response.status_code == 200
    assert len(after) == len(before)
    assert client.get(AGREE).url == "/home/"


@pytest.mark.parametrize("who", ["person", "unit"])
def test_the_check_costs_no_statement_of_its_own(who: str) -> None:
    user = PersonFactory().users.get() if who == "person" else UnitFactory().duties.get().user
    client = signed_in(user)
    client.get("/home/")

    with CaptureQueriesContext(connection) as captured:
        client.get("/home/")

    asked = [query["sql"] for query in captured if "accounts_terms" in query["sql"]]
    assert len(asked) == 1
    assert "accounts_user" in asked[0]


def test_texts_can_be_read_and_the_account_left_before_agreeing() -> None:
    client = signed_in(UserFactory(texts=False))

    assert client.get("/texts/user_agreement/").status_code == 200
    assert client.get("/texts/user_agreement/1/").status_code == 200
    assert client.get("/terms/").status_code == 200
    assert client.get("/privacy/").status_code == 200
    assert client.post("/sign-out/").url == "/"


def test_page_asked_for_before_signing_in_comes_after_agreeing(client: Client) -> None:
    person = PersonFactory()
    new_version("user_agreement")

    answer = sign_in(client, person.users.get(), next="/rent/")

    assert answer.url == AGREE
    assert agree(client).url == "/rent/"


def test_two_presses_keep_one_consent() -> None:
    user = UserFactory(texts=False)
    client = signed_in(user)
    form = {str(one.terms.kind): str(one.terms.pk) for one in client.get(AGREE).context["form"].consents}
    client.post(AGREE, form)

    assert client.post(AGREE, form).status_code == 302
    assert user.consents.count() == 2


@pytest.mark.parametrize("kind", ["user_agreement", "sensitive_data", "unit_registration", "person_registration"])
def test_everybody_can_read_the_version_in_force_and_those_before(client: Client, kind: str) -> None:
    new_version(kind, more="新版本的话。")

    assert "新版本的话。" in client.get(f"/texts/{kind}/").text
    old = client.get(f"/texts/{kind}/1/").text
    assert "新版本的话。" not in old
    assert "这是以前的版本" in old
    assert client.get(f"/texts/{kind}/3/").status_code == 404
    assert client.get("/texts/nothing/").status_code == 404


def test_texts_speak_english_too(client: Client) -> None:
    client.post("/language/", {"language": "en"})

    page = client.get("/texts/user_agreement/").text

    assert "<h1>User agreement</h1>" in page
    assert "Withdrawing consent" in page


def test_administrator_publishes_a_new_version_that_is_in_force_at_once() -> None:
    person = PersonFactory()
    admin = signed_in(UserFactory(administrator=True))
    address = reverse("admin:accounts_terms_add")
    form = admin.get(f"{address}?kind=user_agreement").context["adminform"].form
    typed = {name: form.initial[name] for name in ("kind", "title", "title_en", "body", "body_en")}

    admin.post(address, typed | {"body": f"{typed['body']}\n十三、试用。"})

    terms = Terms.objects.current("user_agreement")
    assert (terms.version, terms.paragraphs[-1]) == (2, "十三、试用。")
    assert signed_in(person.users.get()).get("/home/").url == AGREE


def test_version_that_somebody_agreed_to_is_closed_in_the_administration() -> None:
    sign_up(Client())
    agreed, fresh = Terms.objects.current("user_agreement"), new_version("sensitive_data")
    admin = signed_in(UserFactory(administrator=True))
    form = {"title": "别的", "title_en": "", "body": "改", "body_en": ""}

    assert admin.post(f"/admin/accounts/terms/{agreed.pk}/change/", form).status_code == 403
    assert admin.post(f"/admin/accounts/terms/{agreed.pk}/delete/", {"post": "yes"}).status_code == 403
    assert admin.post(f"/admin/accounts/terms/{fresh.pk}/change/", form).status_code == 302
    assert Terms.objects.get(pk=fresh.pk).title == "别的"


def test_database_refuses_changes_of_what_was_agreed_to() -> None:
    user = sign_up(Client())
    agreed, free = Terms.objects.current("user_agreement"), Terms.objects.current("person_registration")

    for write in (
        lambda: Terms.objects.filter(pk=agreed.pk).update(body="别的"),
        lambda: Consent.objects.filter(user=user).update(given_at="2020-01-01 00:00+08:00"),
        lambda: Consent.objects.filter(user=user).delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            write()

    assert Terms.objects.filter(pk=free.pk).update(body="别的") == 1


def test_changes_are_paragraphs_that_came_and_went() -> None:
    assert find_changes(["一", "二", "三"], ["一", "二改", "三", "四"]) == [
        Change("二", is_new=False),
        Change("二改", is_new=True),
        Change("四", is_new=True),
    ]
    assert find_changes(["一"], ["一"]) == []
