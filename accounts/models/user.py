from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.enums import IdentifierKind, RealNameLevel, UserKind
from workflow.fields import EncryptedTextField

from .person import Person

if TYPE_CHECKING:
    from datetime import date


class UserManager(DjangoUserManager["User"]):
    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **extra_fields: Any
    ) -> User:
        extra_fields = {"kind": UserKind.OFFICER, "is_approved": True} | extra_fields
        return super().create_superuser(username, email, password, **extra_fields)


class User(AbstractBaseUser, PermissionsMixin):
    """An account: a way to sign in. Who somebody is stands in ``Person``."""

    Kind = UserKind

    username = models.CharField(_("user name"), max_length=20, unique=True)
    name = models.CharField(_("full name"), max_length=50, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    kind = models.CharField(_("kind of account"), max_length=10, choices=UserKind.choices, default=UserKind.PERSON)
    phone: models.Field[str, str] = EncryptedTextField(_("mobile number"), max_length=20, blank=True, default="")
    # Set when the registration of a person is approved; units and officers act through their duties.
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="users", verbose_name=_("person")
    )
    # Until then every business address answers 403.
    is_approved = models.BooleanField(_("registration approved"), default=False)
    # Raised and dropped together with a ``Verification`` that says why.
    real_name_level = models.PositiveSmallIntegerField(
        _("real-name level"), choices=RealNameLevel.choices, default=RealNameLevel.NONE
    )
    is_staff = models.BooleanField(_("may use the administration"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    # Of accounts opened at a counter: the last day on which it may be used, and that only granted items may be done.
    valid_until: models.Field[date | None, date | None] = models.DateField(
        _("last day of validity"), null=True, blank=True, editable=False
    )
    is_limited = models.BooleanField(_("granted items only"), default=False, db_default=False, editable=False)
    date_joined = models.DateTimeField(_("registered at"), auto_now_add=True)
    # An initial password, or one that an administrator set: nothing else is reachable until it is changed.
    must_change_password = models.BooleanField(_("must change the password"), default=False)
    # An officer's own document: told apart from the cases of the same person's personal account. It is no
    # ``Identifier``: whoever works at an office may apply for something as anybody else may.
    document_number: models.Field[str, str] = EncryptedTextField(
        _("document number"), max_length=30, blank=True, default=""
    )
    # As ``Case.subject_key``; ``workflow.actors`` reads it.
    identity_key = models.CharField(max_length=64, blank=True, default="", editable=False)
    # 信息完善 (manual 004): a unit that came by 法人注册 or the identity service says more of itself first.
    needs_completion = models.BooleanField(_("must complete the employer's details"), default=False, editable=False)
    password_changed_at = models.DateTimeField(_("password changed at"), null=True, blank=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(is_active=True, person__isnull=False), name="person_one_account"
            ),
            models.UniqueConstraint(
                fields=["identity_key"],
                condition=models.Q(is_active=True) & ~models.Q(identity_key=""),
                name="officer_one_account",
            ),
        ]

    # Of somebody who registers and is no ``Person`` yet: the password may not contain it.
    birthday: date | None = None

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return str(self)

    @property
    def is_unverified(self) -> bool:
        """An individual or employer below 中级实名, whom no approval has told who they are."""
        is_public = self.kind in (UserKind.PERSON, UserKind.UNIT)
        return is_public and self.is_approved and self.real_name_level < RealNameLevel.MIDDLE

    @property
    def is_administrator(self) -> bool:
        """Of the three, or above them: who gives duties decides no cases. The groups are the three administrators."""
        return self.is_staff or self.is_superuser or self.groups.exists()


class Identifier(models.Model):
    """An ID number or phone in use: each exists once in the whole system, contacts of units and officers included."""

    kind = models.CharField(_("kind"), max_length=10, choices=IdentifierKind.choices)
    hash = models.CharField(_("keyed hash"), max_length=64)
    user = models.ForeignKey(User, models.CASCADE, related_name="identifiers", verbose_name=_("user"))

    class Meta:
        verbose_name = _("identifier")
        verbose_name_plural = _("identifiers")
        constraints = [
            models.UniqueConstraint(fields=["kind", "hash"], name="identifier_once"),
            models.UniqueConstraint(fields=["kind", "user"], name="identifier_one_of_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.hash[:8]}"
