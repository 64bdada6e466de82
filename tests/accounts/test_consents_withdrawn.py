"""A consent taken back counts as none: its page stands before everything again, and giving it again is noted."""

import pytest
from django.test import Client

from accounts.models import Consent, ConsentWithdrawal
from accounts.services.data_requests import withdraw_consent
from tests.accounts.factories import PersonFactory
from tests.accounts.test_consents import AGREE, agree

pytestmark = pytest.mark.django_db


def test_consent_taken_back_is_asked_for_again_and_both_moments_are_kept(client: Client) -> None:
    user = PersonFactory().users.get()
    client.force_login(user)
    consent = user.consents.get(terms__kind="sensitive_data")

    withdraw_consent(consent)

    assert [row.terms.kind for row in Consent.objects.standing_of(user.pk)] == ["user_agreement"]
    assert client.get("/home/").url == AGREE
    assert [asked.terms.kind for asked in client.get(AGREE).context["form"].consents] == ["sensitive_data"]
    assert agree(client).url == "/home/"
    assert client.get("/home/").status_code == 200
    assert Consent.objects.filter(user=user, terms=consent.terms).count() == 1
    assert ConsentWithdrawal.objects.get().given_again_at is not None


def test_consent_given_again_can_be_taken_back_again(client: Client) -> None:
    user = PersonFactory().users.get()
    client.force_login(user)
    consent = user.consents.get(terms__kind="user_agreement")
    withdraw_consent(consent)
    agree(client)

    withdraw_consent(consent)

    assert client.get("/home/").url == AGREE
    assert ConsentWithdrawal.objects.in_force().count() == 1
