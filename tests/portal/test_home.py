import pytest
from django.test import Client
from django.urls import reverse

from tests.accounts.factories import UserFactory

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
