"""Who stands behind a session: the account, unread messages and second factor, in the one statement of every page."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from django.db.models import Count, Exists, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Notification, User

_unread = (
    Notification.objects.station()
    .unread()
    .filter(recipient=OuterRef("pk"))
    .order_by()
    .values("recipient")
    .annotate(n=Count("pk"))
    .values("n")
)
# Composed once: every page of everybody asks it.
ACCOUNTS = User.objects.annotate(
    unread=Coalesce(Subquery(_unread, output_field=IntegerField()), 0),
    second_factor=Exists(Authenticator.objects.filter(user=OuterRef("pk"))),
)


class AccountBackend(AuthenticationBackend):  # type: ignore[misc]
    def get_user(self, user_id: int) -> User | None:
        user = next(iter(ACCOUNTS.filter(pk=user_id)), None)
        return user if user is not None and self.user_can_authenticate(user) else None
