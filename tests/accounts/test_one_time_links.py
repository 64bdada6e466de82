from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from accounts.enums import LinkPurpose
from accounts.models import MailMessage, Notification, OneTimeLink, TextMessage, User
from accounts.services.accounts import change_password
from accounts.services.one_time_links import LinkRefused, find_link, send_link, use_link, void_links
from accounts.services.phones import change_phone
from tests.accounts.factories import PASSWORD, OfficerFactory, UserFactory, claim
from tests.accounts.signing import sign_in
from workflow import clock

pytestmark = pytest.mark.django_db

PHONE = "13900001111"
NEW = "Cangzhou-2027"


@pytest.fixture
def user() -> User:
    account = UserFactory(unit=True, phone=PHONE)
    claim(account, phone=PHONE)
    return account


def send(user: User, purpose: LinkPurpose = LinkPurpose.PASSWORD, **options: User) -> str:
    """The token that went out."""
    tokens: list[str] = []

    def link_of(token: str) -> str:
        tokens.append(token)
        return f"https://portal.example.org/set-password/{token}/"

    send_link(user, purpose=purpose, link_of=link_of, **options)
    return tokens[0]


def page(token: str) -> str:
    return f"/set-password/{token}/"


def test_link_goes_to_the_phone_of_the_account_and_is_kept_as_a_hash(user):
    token = send(user)

    message = TextMessage.objects.get()
    assert message.phone == PHONE
    assert message.params is not None
    assert message.params["link"] == f"https://portal.example.org/set-password/{token}/"
    row = OneTimeLink.objects.values().get()
    assert token not in str(row)
    assert (row["user_id"], row["target_masked"]) == (user.pk, "139****1111")


def test_account_without_a_phone_gets_it_by_e_mail():
    user = UserFactory(email="wang@example.com")

    send(user)

    assert MailMessage.objects.get().address == "wang@example.com"
    assert OneTimeLink.objects.get().target_masked == "w***@example.com"


def test_account_without_any_address_is_refused():
    user = UserFactory(email="")

    with pytest.raises(LinkRefused, match="手机号码或电子邮箱"):
        send(user)


def test_person_chooses_a_password_signed_out_and_signs_in_with_it(user):
    client, token = Client(), send(user)

    response = client.post(page(token), {"password": NEW, "password_again": NEW}, follow=True)

    assert response.redirect_chain == [("/sign-in/unit/", 302)]
    assert user.username in response.text
    assert User.objects.get(pk=user.pk).check_password(NEW)
    assert sign_in(Client(), user, password=NEW).status_code == 302
    assert Notification.objects.get(recipient=user).title == "密码已修改"


@pytest.mark.parametrize(
    ("purpose", "button"), [(LinkPurpose.INVITATION, "设置密码"), (LinkPurpose.PASSWORD, "重置密码")]
)
def test_button_says_whether_it_is_the_first_password(user, purpose, button):
    text = Client().get(page(send(user, purpose))).text

    assert f'<button class="btn btn-primary">{button}</button>' in text
    assert ("所有登录都将退出" in text) is (purpose == LinkPurpose.PASSWORD)


def test_setting_signs_nobody_in(user):
    client, token = Client(), send(user)

    client.post(page(token), {"password": NEW, "password_again": NEW})

    assert client.get("/account/").status_code == 302


def test_link_is_good_once(user):
    token = send(user)
    use_link(token, password=NEW)

    response = Client().get(page(token))

    assert response.status_code == 410
    assert Client().post(page(token), {"password": PASSWORD, "password_again": PASSWORD}).status_code == 410
    assert User.objects.get(pk=user.pk).check_password(NEW)


def test_opening_the_page_uses_nothing_up(user):
    token = send(user)

    statuses = [Client().get(page(token)).status_code for _time in range(3)]

    assert statuses == [200, 200, 200]


def test_newer_link_replaces_the_older(user):
    older, newer = send(user), send(user)

    assert (find_link(older), find_link(newer) is not None) == (None, True)


@pytest.mark.parametrize(
    ("purpose", "lasts"), [(LinkPurpose.PASSWORD, timedelta(days=1)), (LinkPurpose.INVITATION, timedelta(days=7))]
)
def test_link_expires(user, purpose, lasts):
    token, now = send(user, purpose), clock.machine_now()

    with time_machine.travel(now + lasts - timedelta(minutes=1), tick=False):
        before = find_link(token)
    with time_machine.travel(now + lasts + timedelta(minutes=1), tick=False):
        after = find_link(token)

    assert (before is not None, after) == (True, None)


def test_link_to_a_phone_that_was_given_up_is_no_longer_good(user):
    token = send(user)

    change_phone(user, "13900002222")

    assert find_link(token) is None


def test_link_is_no_longer_good_after_the_password_was_changed_another_way(user):
    token = send(user)

    change_password(user, password=NEW)

    assert find_link(token) is None


def test_closed_account_has_no_link(user):
    token = send(user)

    User.objects.filter(pk=user.pk).update(is_active=False)

    assert find_link(token) is None
    with pytest.raises(LinkRefused):
        send(User.objects.get(pk=user.pk))


def test_links_can_be_called_back(user):
    token = send(user)

    void_links(user)

    assert find_link(token) is None


def test_forged_token_answers_410_and_nothing_else():
    assert Client().get(page("forged")).status_code == 410


def test_weak_password_is_refused_and_the_link_stays_good(user):
    token = send(user)

    response = Client().post(page(token), {"password": "12345678", "password_again": "12345678"})

    assert response.status_code == 200
    assert response.context["form"].errors.keys() == {"password"}
    assert find_link(token) is not None


def test_other_sessions_of_the_account_end(user):
    client = Client()
    sign_in(client, user)

    use_link(send(user), password=NEW)

    assert client.get("/account/").status_code == 302


def test_old_password_holds_until_the_link_is_used(user):
    send(user)

    assert User.objects.get(pk=user.pk).check_password(PASSWORD)


def test_no_other_site_learns_the_address(user):
    response = Client().get(page(send(user)))

    assert response.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in response.headers["Cache-Control"]
    assert "http://" not in response.text.replace("http://www.w3.org", "")
    assert "https://" not in response.text


def test_one_account_is_not_flooded(user):
    for _time in range(5):
        send(user)

    with pytest.raises(LinkRefused, match="今天"):
        send(user)


def test_one_person_cannot_flood_many(user, monkeypatch):
    monkeypatch.setattr("accounts.services.one_time_links.FROM_ONE", 2)
    by = OfficerFactory()
    others = [UserFactory(email=f"a{n}@example.com") for n in range(3)]
    for other in others[:2]:
        send(other, by=by)

    with pytest.raises(LinkRefused, match="您今天"):
        send(others[2], by=by)
