"""What allauth is used for: checking user name and password. Its own pages are not mounted; our limits count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.services.codes import network_key
from accounts.services.known_browsers import SECONDS, TRIES, lock_name
from accounts.services.limits import give_back, take
from workflow.visitors import address_of

NAME, ADDRESS = "sign_in_name", "sign_in_address"
# An office shares one address.
ADDRESS_TRIES, ADDRESS_SECONDS = 30, 60


@dataclass(frozen=True, slots=True)
class _Counted:
    """What allauth rolls back when name and password were right."""

    name: str
    address: str

    def rollback(self) -> None:
        give_back(NAME, self.name)
        give_back(ADDRESS, self.address)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": _(
            "The user name or password was wrong too often. Signing in with this user name is locked for 15 minutes."
        ),
        "username_password_mismatch": _("The user name or password is wrong."),
    }

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Counted in the database before the password is looked at. Raises ValidationError where it was too often."""
        name, address = lock_name(request, str(credentials.get("username", ""))), network_key(address_of(request))
        is_free = take(ADDRESS, address, tries=ADDRESS_TRIES, seconds=ADDRESS_SECONDS)
        if not is_free or not take(NAME, name, tries=TRIES, seconds=SECONDS):
            raise self.validation_error("too_many_login_attempts")
        self._login_failed_rl_usage = _Counted(name, address)
