from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SignUpQuerySet(models.QuerySet["SignUp"]):
    def with_token(self, token: UUID) -> SignUp | None:
        """What the form with this token made when it came the first time."""
        return self.filter(token=token).select_related("user").first()


class SignUp(models.Model):
    """One 自然人注册 or 法人注册 that went through: by its token a second press finds what the first one made."""

    token = models.UUIDField(primary_key=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="sign_up", verbose_name=_("user")
    )
    at = models.DateTimeField(_("time"))

    objects = SignUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration of an account")
        verbose_name_plural = _("registrations of accounts")

    def __str__(self) -> str:
        return str(self.user_id)
