import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import UnitProfile
from tests.accounts.factories import OfficerFactory, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_home_of_an_administrator_without_a_duty_leads_to_the_administration(client: Client) -> None:
    client.force_login(UserFactory(administrator=True))

    page = client.get(reverse("portal:home")).text

    assert reverse("admin:index") in page
    assert reverse("subsidies:rent_start") not in page


def test_the_sites_name_leads_back_to_the_registration_until_it_is_approved(client: Client) -> None:
    brand = '<a class="brand" href="{}">'.format
    assert brand(reverse("portal:hall")) in client.get(reverse("portal:help")).text

    client.force_login(UserFactory(pending=True))
    assert brand(reverse("accounts:registration")) in client.get(reverse("portal:help")).text

    client.force_login(UserFactory())
    assert brand(reverse("portal:home")) in client.get(reverse("portal:help")).text


def test_employer_is_reminded_of_its_type_until_it_is_known(client: Client) -> None:
    """The short form of 单位注册 does not ask for it."""
    unit, reminder = UnitFactory(profile__unit_kind=""), "尚未填写单位类型"
    client.force_login(unit.duties.get().user)

    before = client.get(reverse("portal:home")).text
    UnitProfile.objects.update(unit_kind="32")
    after = client.get(reverse("portal:home")).text

    assert reminder in before
    assert f'href="{reverse("accounts:unit_info")}"' in before.split(reminder)[0].rsplit("<p>", 1)[-1]
    assert reminder not in after


def test_nobody_is_reminded_of_another_employers_type(client: Client) -> None:
    UnitFactory(profile__unit_kind="")
    client.force_login(OfficerFactory())
    office = client.get(reverse("portal:home")).text
    client.force_login(UnitFactory().duties.get().user)

    assert "尚未填写单位类型" not in office + client.get(reverse("portal:home")).text
