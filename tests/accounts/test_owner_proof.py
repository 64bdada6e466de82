"""An account without a password: whoever finds its session open changes nothing of its security."""

import time
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from accounts.enums import CodePurpose
from accounts.identity_service import PROVIDER
from accounts.models import TextMessage, User
from accounts.services.entering import PROVED
from accounts.services.identity_links import link_of
from tests.accounts.factories import UserFactory, phone_number
from tests.accounts.filling import proved
from tests.accounts.identity import configure
from tests.accounts.signing import add_app, code, decrypted

pytestmark = pytest.mark.django_db

SET_UP, UNLINK, PROOF = "/account/security/second-factor/", "/account/identity-service/", {"owner_proof": "1"}
SECRET, PRESSED = "second_factor_secret", {"csrfmiddlewaretoken": "any"}


@pytest.fixture
def user() -> User:
    """As the identity service opens one."""
    found: User = UserFactory(phone=phone_number(5))
    found.set_unusable_password()
    found.save()
    SocialAccount.objects.create(user=found, provider=PROVIDER, uid="subject-1")
    return found


@pytest.fixture
def client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    session = client.session
    session[PROVED] = True
    session.save()
    return client


def prove(client: Client, user: User, page: str = SET_UP) -> Any:
    typed = proved(client, user.phone, CodePurpose.OWNER)
    return client.post(page, PROOF | {"code": typed})


def removal(user: User) -> str:
    factor = Authenticator.objects.get(user=user, type="totp")
    return f"/account/security/second-factor/{factor.pk}/remove/"


def test_second_factor_is_set_up_by_whoever_has_the_phone(client: Client, user: User) -> None:
    before = client.get(SET_UP)
    assert "确认账号本人" in before.text
    assert SECRET not in client.session

    response = prove(client, user)
    client.get(response.url)
    client.post(SET_UP, {"code": code(decrypted(client.session[SECRET]))})

    assert response.url == SET_UP
    assert Authenticator.objects.filter(user=user, type="totp").exists()


@pytest.mark.parametrize(
    "address", [SET_UP, "/account/security/passkeys/add/", "/account/security/recovery-codes/", UNLINK]
)
def test_pages_ask_first_and_do_nothing_until_then(client: Client, user: User, address: str) -> None:
    add_app(user)
    before = Authenticator.objects.filter(user=user).count()

    texts = [client.get(address).text, client.post(address, {"code": "123456"}).text]

    assert all("确认账号本人" in text for text in texts)
    assert (Authenticator.objects.filter(user=user).count(), link_of(user) is None) == (before, False)


def test_second_factor_is_not_removed_by_a_found_session(client: Client, user: User) -> None:
    add_app(user)
    page = removal(user)

    client.post(page, PRESSED)

    assert Authenticator.objects.filter(user=user, type="totp").exists()
    prove(client, user, page)
    client.post(page, PRESSED)
    assert not Authenticator.objects.filter(user=user).exists()


def test_link_ends_after_the_proof(client: Client, user: User) -> None:
    client.post(UNLINK, PRESSED)
    assert link_of(user) is not None

    prove(client, user, UNLINK)
    client.post(UNLINK, PRESSED)

    assert link_of(user) is None


def test_wrong_code_proves_nothing(client: Client, user: User) -> None:
    typed = proved(client, user.phone, CodePurpose.OWNER)

    response = client.post(SET_UP, PROOF | {"code": "000000" if typed != "000000" else "000001"})

    assert "code" in response.context["form"].errors
    assert "确认账号本人" in client.get(SET_UP).text


def test_code_for_something_else_proves_nothing(client: Client, user: User) -> None:
    typed = proved(client, user.phone, CodePurpose.SIGN_IN)

    client.post(SET_UP, PROOF | {"code": typed})

    assert "确认账号本人" in client.get(SET_UP).text


def test_code_goes_to_the_phone_of_the_account(client: Client, user: User) -> None:
    client.post(SET_UP, PROOF | {"send_code": "code", "phone": phone_number(6)})

    message = TextMessage.objects.get()
    assert (message.phone, message.params["purpose"]) == (user.phone, "更改安全设置")


def test_proof_is_good_for_ten_minutes(client: Client, user: User) -> None:
    prove(client, user)
    assert "确认账号本人" not in client.get(SET_UP).text

    with time_machine.travel(time.time() + 601):
        assert "确认账号本人" in client.get(SET_UP).text


def test_proof_of_another_account_is_none(client: Client, user: User) -> None:
    prove(client, user)
    session = client.session
    session["identity_service"] = session["identity_service"] | {"user": user.pk + 1}
    session.save()

    assert "确认账号本人" in client.get(SET_UP).text


def test_account_without_a_phone_proves_itself_by_the_service(client: Client, user: User, settings: Any) -> None:
    configure(settings, "https://id.example")
    User.objects.filter(pk=user.pk).update(phone="")

    text = client.get(SET_UP).text

    assert f'name="next" value="{SET_UP}"' in text
    assert client.post(SET_UP, PROOF | {"code": "123456"}).status_code == 200


def test_account_with_a_password_is_asked_for_it_alone(client: Client, user: User) -> None:
    user.set_password("Cangzhou-2027")
    user.save()
    client.force_login(user)

    assert list(client.get(SET_UP).context["form"].fields) == ["code", "current"]
