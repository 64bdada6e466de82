"""Who stands behind a session: account, messages, second factor, consents, in the one statement of every page."""

from __future__ import annotations

from functools import cache
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from django.db import connection
from django.db.models import BooleanField, Case, Count, Exists, IntegerField, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce

from accounts.models import Notification, Terms, User
from accounts.services.consents import ASKED

_unread = (
    Notification.objects.station()
    .unread()
    .filter(recipient=OuterRef("pk"))
    .order_by()
    .values("recipient")
    .annotate(n=Count("pk"))
    .values("n")
)
# Every page of everybody asks it.
ACCOUNTS = User.objects.annotate(
    unread=Coalesce(Subquery(_unread, output_field=IntegerField()), 0),
    second_factor=Exists(Authenticator.objects.filter(user=OuterRef("pk"))),
    # Officers are not asked, so for them nothing is looked up.
    owes_consent=Case(
        When(kind__in=ASKED, then=Exists(Terms.objects.due_to(OuterRef(OuterRef("pk"))))),
        default=Value(False),
        output_field=BooleanField(),
    ),
)


class AccountBackend(AuthenticationBackend):  # type: ignore[misc]
    def get_user(self, user_id: int) -> User | None:
        key = User._meta.pk.to_python(user_id)
        user = next(iter(User.objects.raw(*_account(connection.vendor, key))), None)
        return user if user is not None and self.user_can_authenticate(user) else None


def _account(vendor: str, key: int) -> tuple[str, list[Any]]:
    sql, values = _account_sql(vendor)
    return sql, [*values, key]


@cache
def _account_sql(_vendor: str) -> tuple[str, tuple[Any, ...]]:
    """(SQL, its values but for the account's key, which comes last); composing it takes thrice what answering does."""
    sql, values = ACCOUNTS.filter(pk=0).query.sql_with_params()
    return sql, values[:-1]
