"""Under which 实施编码 an office handles a service, and the 办件编号 that its cases bear by it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from workflow import registry
from workflow.enums import OrganisationKind
from workflow.identifiers import normalise_code
from workflow.numbers import INTERNAL_LENGTH, ITEM_CODE_LENGTH, parse_item_code, validate_item_code
from workflow.triggers import append_only

from .case import Case
from .place import Organisation


def registered_services() -> list[tuple[str, object]]:
    return [(case_type.key, case_type.label) for case_type in registry.case_types.values()]


class ServiceItem(models.Model):
    """An item of the catalogue as one office handles it. The codes are published by that office, never made up here."""

    case_type = models.CharField(_("service"), max_length=40, choices=registered_services)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, db_index=False, related_name="service_items", verbose_name=_("office")
    )
    code = models.CharField(
        _("item code"),
        max_length=ITEM_CODE_LENGTH,
        unique=True,
        validators=[validate_item_code],
        help_text=_("31 characters: credit code of the office, its level, basic code of the item (GB/T 39554.1)."),
    )

    class Meta:
        ordering = ["case_type", "organisation"]
        verbose_name = _("item of the service catalogue")
        verbose_name_plural = _("items of the service catalogue")
        constraints = [
            models.UniqueConstraint(fields=["case_type", "organisation"], name="service_item_once"),
            models.CheckConstraint(condition=Exact(Length(F("code")), ITEM_CODE_LENGTH), name="service_item_31"),
        ]

    def __str__(self) -> str:
        return self.code

    def clean(self) -> None:
        self.code = normalise_code(self.code)
        try:
            level = parse_item_code(self.code).level
        except ValueError:
            # The validator of the field has said so.
            return
        office = Organisation.objects.select_related("region").filter(pk=self.organisation_id).first()
        if office is None:
            return
        if office.kind == OrganisationKind.UNIT:
            raise ValidationError(
                {"organisation": _("An employer handles no item of the catalogue: choose an office.")}
            )
        # 1 国家, 2 省, 3 市, 4 县, 5 乡: one more than the level of the region, where a province is 1.
        if level != office.region.level + 1:
            message = _("The 19th character is the level of the office and must be %(level)s here.")
            raise ValidationError({"code": message % {"level": office.region.level + 1}})


class InternalNumber(models.Model):
    """办件编号, given at the first submission and never changed.

    Beside the case, not in it: every move of a case would else write this long key into its index anew.
    """

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="internal")
    number = models.CharField(_("internal number"), max_length=INTERNAL_LENGTH, unique=True)

    class Meta:
        verbose_name = _("internal number")
        verbose_name_plural = _("internal numbers")
        constraints = [
            models.CheckConstraint(condition=Exact(Length(F("number")), INTERNAL_LENGTH), name="internal_number_43"),
        ]

    def __str__(self) -> str:
        return self.number


append_only("workflow_internalnumber")
