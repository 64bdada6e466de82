from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from workflow.codelists import DOCUMENT_KINDS, ETHNIC, POLITICAL, SEX
from workflow.fields import EncryptedTextField
from workflow.models import Organisation, Region

if TYPE_CHECKING:
    from datetime import date

# Of DOCUMENT_KINDS those whose holder has a name in Latin letters.
FOREIGN_DOCUMENTS = ("05", "06")
IDENTITY_COLUMNS = (
    "document_kind", "number", "number_hash", "name", "foreign_name", "phone", "phone_hash", "birth_date", "sex",
    "ethnic", "political", "household", "email",
)  # fmt: skip


class Identity(models.Model):
    """Who somebody is, as the document says; birth date and sex follow from an ID number."""

    document_kind = models.CharField(_("kind of document"), max_length=2, choices=DOCUMENT_KINDS.choices, default="01")
    number: models.Field[str, str] = EncryptedTextField(_("document number"), max_length=30)
    number_hash = models.CharField(max_length=64, editable=False)
    name = models.CharField(_("full name"), max_length=50)
    # 外文名: in Latin letters, beside a Chinese name or where the document has no other.
    foreign_name = models.CharField(_("name in a foreign language"), max_length=80, blank=True)
    phone: models.Field[str, str] = EncryptedTextField(_("mobile number"), max_length=20, blank=True, default="")
    phone_hash = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    birth_date: models.Field[date | None, date | None] = models.DateField(_("date of birth"), null=True, blank=True)
    sex = models.CharField(_("sex"), max_length=1, choices=SEX.choices, default="0")
    ethnic = models.CharField(_("ethnic group"), max_length=2, choices=ETHNIC.choices, blank=True)
    political = models.CharField(_("political status"), max_length=2, choices=POLITICAL.choices, blank=True)
    household = models.ForeignKey(
        Region,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("place of household registration"),
    )
    email = models.EmailField(_("e-mail"), blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Person(Identity):
    """A human being; outlives every account: whoever closes one and opens another is the same person."""

    number_hash = models.CharField(max_length=64, unique=True, editable=False)
    # The employer that the approved registration named.
    unit = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="members", verbose_name=_("employer")
    )
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("persons")
