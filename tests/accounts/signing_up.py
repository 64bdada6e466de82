"""What people type into 自然人注册 and 法人注册."""

import uuid
from typing import Any

from django.test import Client

from accounts.enums import TermsKind
from accounts.models import User
from tests.accounts.factories import PASSWORD, credit_code, id_number, phone_number
from tests.accounts.filling import proved, ticks

ADDRESSES = {"person": "/register/", "unit": "/register/?kind=unit"}
BOTH = (TermsKind.AGREEMENT, TermsKind.SENSITIVE)


def person_sign_up(n: int = 700, **changes: Any) -> dict[str, Any]:
    """A complete 自然人注册 of the n-th person."""
    form = {
        "token": str(uuid.uuid4()),
        "username": f"citizen_{n}",
        "password": PASSWORD,
        "password_again": PASSWORD,
        "name": "欧阳·晓雨",
        "document_kind": "01",
        "number": id_number(n),
        "valid_from": "2020-01-05",
        "valid_until": "2040-01-05",
        "phone": phone_number(n),
        "email": f"citizen{n}@example.com",
        "region": "460400",
    }
    return form | ticks(*BOTH) | changes


def unit_sign_up(n: int = 800, **changes: Any) -> dict[str, Any]:
    """A complete 法人注册 of the n-th employer."""
    form = {
        "token": str(uuid.uuid4()),
        "username": f"company_{n}",
        "password": PASSWORD,
        "password_again": PASSWORD,
        "kind": "enterprise",
        "unit_name": f"海口测试{n}有限公司",
        "uscc": credit_code(n),
        "region": "460106",
        "address": "海南省海口市龙华区一号",
        "principal": "李建国",
        "principal_document_kind": "06",
        "principal_number": "E12345678",
        "agent": "王经办",
        "agent_number": id_number(n),
        "phone": phone_number(n),
    }
    return form | ticks(*BOTH) | changes


FORMS = {"person": person_sign_up, "unit": unit_sign_up}


def press(client: Client, entry: str, form: dict[str, Any]) -> Any:
    """【立即注册】, with the code that proves the phone."""
    code = form.get("code") or proved(client, form["phone"])
    return client.post(ADDRESSES[entry], form | {"code": code})


def errors_of(client: Client, entry: str, **changes: Any) -> dict[str, list[str]]:
    response = press(client, entry, FORMS[entry](**changes))
    assert response.status_code == 200
    return dict(response.context["form"].errors)


def sign_up(client: Client, entry: str = "person", **changes: Any) -> User:
    form = FORMS[entry](**changes)
    response = press(client, entry, form)
    assert response.status_code == 302, response.context["form"].errors
    return User.objects.get(username=form["username"].lower())
