"""The administration is entered through the officers' sign-in and by nobody else."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User

pytestmark = pytest.mark.django_db


def test_admin_door_leads_visitors_to_the_officers_sign_in(client: Client) -> None:
    response = client.get("/admin/login/", {"next": "/admin/workflow/case/"})

    assert response.status_code == 302
    assert response["Location"] == f"{reverse('accounts:sign_in_officer')}?next=%2Fadmin%2Fworkflow%2Fcase%2F"


def test_admin_door_stays_shut_for_a_user_without_the_right(client: Client) -> None:
    user = User.objects.create_user("somebody")
    user.is_approved = True
    user.save()
    client.force_login(user)

    assert client.get("/admin/login/").status_code == 403
    assert client.get("/admin/", follow=True).status_code == 403
