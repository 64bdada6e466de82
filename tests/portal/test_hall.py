"""网上办事主页: the lists, their filter, and the box to sign in at the upper left."""

import pytest
from captcha.models import CaptchaStore
from django.test import Client

from tests.accounts.factories import PASSWORD, PersonFactory, UnitFactory, UserFactory
from tests.accounts.filling import CAPTCHA

pytestmark = pytest.mark.django_db


def labels(client: Client, **asked: str) -> list[list[str]]:
    return [[line.label for line in each.lines] for each in client.get("/", asked).context["lists"]]


def test_both_lists_stand_there_with_the_manual_s_names(client: Client) -> None:
    page = client.get("/").text

    for words in ("个人办事", "单位办事", "业务类别", "所属经办机构", "大学生租房补助申请", "个人注册审核"):
        assert words in page
    for words in ("个人补助申请审核", "个人补助申请上报", "补助申报查询统计", "资金拨付查询统计"):
        assert words in page


def test_items_are_chosen_by_category_and_by_office(client: Client) -> None:
    persons, units = labels(client, category="subsidy")
    assert persons == ["大学生租房补助申请"]
    assert units == ["个人补助申请审核", "个人补助申请上报"]

    persons, units = labels(client, office="county_fin")
    assert persons == ["我的补助资金"]
    assert units == ["资金拨付查询统计"]

    assert labels(client, category="subsidy", office="county_fin") == [[], []]
    assert "没有符合条件的办事项目" in client.get("/", {"category": "nonsense"}).text


def test_chosen_filter_stays_chosen(client: Client) -> None:
    assert '<option value="subsidy" selected>' in client.get("/", {"category": "subsidy"}).text


def test_own_list_comes_first(client: Client) -> None:
    client.force_login(UnitFactory().duties.get().user)

    lists = client.get("/").context["lists"]

    assert [each.audience for each in lists] == ["unit", "person"]


def test_signed_out_items_open_the_box_and_signed_in_ones_do_not(client: Client) -> None:
    assert 'href="/items/graduate-rent/" data-sign-in-box' in client.get("/").text
    client.force_login(UserFactory())

    page = client.get("/").text

    assert 'href="/items/graduate-rent/"' in page
    assert "data-sign-in-box" not in page


@pytest.mark.parametrize("kind", ["person", "unit"])
def test_box_of_the_hall_signs_in_at_the_chosen_entry(client: Client, kind: str) -> None:
    user = PersonFactory().users.get() if kind == "person" else UnitFactory().duties.get().user
    form = {"entry": kind, "username": user.username, "password": PASSWORD} | CAPTCHA

    assert client.post("/sign-in/", form).url == "/home/"
    assert int(client.session["_auth_user_id"]) == user.pk


def test_box_of_the_hall_tells_an_individual_at_the_employers_entry(client: Client) -> None:
    user = PersonFactory().users.get()
    form = {"entry": "unit", "username": user.username, "password": PASSWORD} | CAPTCHA

    page = client.post("/sign-in/", form).text

    assert "请使用法人账号登录。该账号是个人账号，请使用【个人登录】" in page
    assert 'action="/sign-in/unit/"' in page


def test_picture_code_is_asked_for_where_the_box_had_none(client: Client) -> None:
    page = client.post("/sign-in/", {"entry": "person", "username": "lixiaoyu", "password": PASSWORD}).text

    assert 'value="lixiaoyu"' in page
    assert f'value="{PASSWORD}"' in page
    assert "还差一步：请输入图中的字符" in page
    assert 'id="div_id_captcha"' in page
    assert "error-summary" not in page


def test_next_page_after_a_box_without_picture_is_kept_by_nobody(client: Client) -> None:
    answer = client.post("/sign-in/", {"entry": "person", "username": "lixiaoyu", "password": PASSWORD})

    assert "no-store" in answer.headers["Cache-Control"]


def test_wrong_picture_does_not_bring_the_password_back(client: Client) -> None:
    form = {"entry": "person", "username": "lixiaoyu", "password": PASSWORD, "captcha_0": "any", "captcha_1": "wrong"}

    page = client.post("/sign-in/", form).text

    assert PASSWORD not in page
    assert "error-summary" in page


def test_post_without_an_entry_asks_for_one(client: Client) -> None:
    assert "请选择" in client.post("/sign-in/", {"entry": "nobody"}).text


def test_hall_makes_no_picture_for_those_who_only_read(client: Client) -> None:
    client.get("/")

    assert CaptchaStore.objects.count() == 0
