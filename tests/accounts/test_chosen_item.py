"""Manual 003, 方式二: an item is chosen first, then the name is asked for, and the item goes on at once."""

from typing import Any

import pytest
from django.test import Client

from accounts.enums import CodePurpose
from accounts.services import change_password
from tests.accounts.factories import PASSWORD, PersonFactory, UnitFactory, UserFactory
from tests.accounts.filling import proved
from tests.accounts.signing import SECOND, add_app, code, sign_in
from workflow.items import PERSON, UNIT, all_items

pytestmark = pytest.mark.django_db

ITEM, PLACE = "/items/graduate-rent/", "/rent/mine/"
ENTRY = f"/sign-in/person/?next={ITEM}"


def chosen(client: Client, address: str = ITEM) -> Any:
    """The page on which whoever chose the item ends."""
    return client.get(address, follow=True)


def test_chosen_item_is_named_at_the_entry_that_it_needs(client: Client) -> None:
    response = chosen(client)

    assert response.redirect_chain[-1][0] == ENTRY
    assert "您选择的事项是“大学生租房补助申请”" in response.text
    assert 'id="sign-in-box"' in response.text


def test_item_of_employers_leads_to_their_entry(client: Client) -> None:
    response = chosen(client, "/items/rent-review/")

    assert response.redirect_chain[-1][0] == "/sign-in/unit/?next=/items/rent-review/"
    assert "个人补助申请审核" in response.text


def test_password_leads_on_to_the_item(client: Client) -> None:
    user = PersonFactory(unit=UnitFactory()).users.get()

    response = client.get(sign_in(client, user, next=ITEM).url)

    assert response.url == PLACE
    assert client.get(PLACE).status_code == 200


def test_code_by_text_message_leads_on_to_the_item(client: Client) -> None:
    user = PersonFactory(unit=UnitFactory()).users.get()
    form = {"phone": user.phone, "code": proved(client, user.phone, CodePurpose.SIGN_IN), "next": ITEM}

    assert client.post("/sign-in/person/sms/", form).url == ITEM


def test_every_way_to_sign_in_keeps_the_item(client: Client) -> None:
    for address in (ENTRY, f"/sign-in/person/sms/?next={ITEM}"):
        page = client.get(address)

        assert f'name="next" value="{ITEM}"' in page.text
        for link in ("/sign-in/unit/", "/sign-in/person/", "/sign-in/officer/", "/sign-in/person/sms/"):
            assert f'href="{link}?next={ITEM}"' in page.text


def test_wrong_password_and_picture_keep_the_item(client: Client) -> None:
    page = sign_in(client, UserFactory(), password="Wrong-2026", next=ITEM).text

    assert f'name="next" value="{ITEM}"' in page
    assert "您选择的事项是" in page


def test_second_factor_and_forced_password_come_before_the_item(client: Client) -> None:
    user = PersonFactory(unit=UnitFactory()).users.get()
    secret = add_app(change_password(user, password=PASSWORD, initial=True))
    assert sign_in(client, user, next=ITEM).url == SECOND

    assert client.post(SECOND, {"code": code(secret)}).url == "/account/password/"
    data = {"current": PASSWORD, "password": "Another-2026", "password_again": "Another-2026"}

    assert client.post("/account/password/", data).url == ITEM


def test_what_was_asked_of_the_item_goes_along(client: Client) -> None:
    unit = UnitFactory()
    address = "/items/applications/?q=%E6%9D%8E&state=approved"
    user = unit.duties.get().user

    target = chosen(client, address).context["next"]
    response = client.get(sign_in(client, user, next=target).url)

    assert response.url == "/statistics/applications/?q=%E6%9D%8E&state=approved"


@pytest.mark.parametrize(
    ("kind", "item", "words"),
    [
        ("person", "rent-review", "请使用法人账号登录"),
        ("officer", "rent-review", "请使用法人账号登录"),
        ("unit", "graduate-rent", "请使用个人账号登录"),
        ("officer", "graduate-rent", "请使用个人账号登录"),
    ],
)
def test_item_of_others_says_which_account_it_needs(client: Client, kind: str, item: str, words: str) -> None:
    client.force_login(UserFactory(kind=kind))

    response = client.get(f"/items/{item}/")

    assert response.status_code == 403
    assert words in response.text


@pytest.mark.parametrize(("kind", "item"), [("person", "graduate-rent"), ("unit", "rent-review")])
def test_account_whose_real_name_is_not_known_is_told_so(client: Client, kind: str, item: str) -> None:
    client.force_login(UserFactory(kind=kind, real_name_level=1))

    response = client.get(f"/items/{item}/")

    assert response.status_code == 403
    assert "非实名用户，请在用户中心->账户资料->进行实名等级提升" in response.text.partition("<main")[2]


def test_wrong_entry_for_the_item_is_told_before_signing_in(client: Client) -> None:
    page = client.get(f"/sign-in/unit/?next={ITEM}").text

    assert "请使用个人账号登录" in page
    assert "请使用个人账号登录" not in client.get(ENTRY).text


def test_item_that_needs_nobody_opens_at_once(client: Client) -> None:
    page = client.get("/").text

    assert 'href="/progress/"' in page
    assert client.get("/progress/").status_code == 200


def test_unknown_item_is_not_found(client: Client) -> None:
    client.force_login(UserFactory())

    assert client.get("/items/nothing/").status_code == 404


def test_every_item_opens_for_its_own_people(client: Client) -> None:
    unit = UnitFactory()
    users = {UNIT: unit.duties.get().user, PERSON: PersonFactory(unit=unit).users.get()}
    opened = {}
    for audience, user in users.items():
        client.force_login(user)
        for item in all_items():
            if item.audience == audience:
                opened[item.key] = client.get(f"/items/{item.key}/", follow=True).status_code

    assert len(opened) > 8
    assert set(opened.values()) == {200}


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)"]
)
def test_chosen_item_is_none_elsewhere(client: Client, target: str) -> None:
    assert "您选择的事项" not in client.get("/sign-in/person/", {"next": target}).text
