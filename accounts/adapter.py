"""What allauth is used for: checking user name and password behind its rate limits. Its own pages are not mounted."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.utils.translation import gettext_lazy as _


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": _(
            "The user name or password was wrong too often. Signing in with this user name is locked for 15 minutes."
        ),
        "username_password_mismatch": _("The user name or password is wrong."),
    }
