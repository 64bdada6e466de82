"""Whoever follows links through the portal meets no ID number, phone or account in full, but those of the exceptions.

Exceptions: what somebody typed into the own form, and, each with a record of its own, the owner's full look at 我的信息
and the own export, a look with its reason (``accounts:reveal``), printed application forms, and the payment sheets and
account lists of finance offices.
"""

import re
from collections.abc import Iterator

import pytest
from django.test import Client

from accounts.models import Person, User
from accounts.services.consents import give_consents, texts_due
from subsidies.models import Payment, RentApplication
from talent.models import FamilyMember
from tests.landscape import Landscape, make_landscape
from workflow.enums import Role

pytestmark = pytest.mark.django_db

PAGES = 40
LINK = re.compile(r'href="(/[^"#]*)"')
# Signs out, changes the language of the page, or is an exception.
LEFT_OUT = re.compile(
    r"^/(static|sign-out|captcha|i18n|register|sign-in|full|jobs)|/print|/documents?/|/xlsx|/download|/export"
)
ROLES = ("anonymous", "pending", "applicant", "person", "unit", "other_unit", "county_hr", "county_fin", "city_hr",
         "city_fin", "admin")  # fmt: skip


@pytest.fixture
def land(settings) -> Landscape:
    settings.DEMO_CLOCK = True
    return make_landscape()


def secrets() -> dict[str, str]:
    """{number: whose}; the own forms of applicants show what was typed into them."""
    found = {}
    for person in Person.objects.all():
        found |= {person.number: f"number of {person}", person.phone: f"phone of {person}"}
    # 服务专员联系方式 is there to be called (manual 001, 5.3).
    users = User.objects.exclude(duties__role=Role.SPECIALIST)
    found |= {user.phone: f"phone of {user}" for user in users}
    found |= {row.number: f"number of {row}" for row in FamilyMember.objects.all()}
    found |= {row.account: f"account of {row}" for row in Payment.objects.all()}
    found |= {row.spouse_number: f"spouse of {row}" for row in RentApplication.objects.all()}
    return {secret: whose for secret, whose in found.items() if len(secret) >= 11}


def pages(client: Client, start: str) -> Iterator[tuple[str, str]]:
    """(address, page) along the links, the nearest first."""
    waiting, seen = [start], {start}
    while waiting and len(seen) < 400:
        address = waiting.pop(0)
        answer = client.get(address, follow=True)
        if answer.streaming:
            # Read to its end, as a browser does: only then the test client keeps the connection to the database.
            b"".join(answer.streaming_content)
            continue
        if "text/html" not in answer.headers.get("Content-Type", ""):
            continue
        text = answer.content.decode()
        yield address, text
        for link in (found.replace("&amp;", "&") for found in LINK.findall(text)):
            if link not in seen and not LEFT_OUT.search(link):
                seen.add(link)
                waiting.append(link)


@pytest.mark.parametrize("role", ROLES)
def test_no_page_shows_a_number_in_full(land: Landscape, role: str) -> None:
    client, user = Client(), land.users[role]
    if user is not None:
        give_consents(user, texts_due(user))
        client.force_login(user)
    hidden, shown, count = secrets(), set(), 0
    for address, text in pages(client, "/admin/" if role == "admin" else "/home/" if user else "/"):
        own = user.phone if user is not None else ""
        is_form = re.search(r"^/rent/\d+/$|/(edit|phone|correct)", address)
        shown |= {
            (address, whose) for secret, whose in hidden.items() if secret in text and secret != own and not is_form
        }
        count += 1
        if count >= PAGES:
            break

    assert shown == set()
    assert count >= 5
