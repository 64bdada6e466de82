"""Papers that people upload: checked by content, kept privately, served through ``visible_to`` only."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workflow import registry
from workflow.actors import Actor
from workflow.enums import ScanStatus
from workflow.triggers import append_only

from .case import Case
from .place import Organisation
from .record import Act, CaseEvent, Filing


def stored_name(material: Material, filename: str) -> str:
    """A random name: what people called the file is kept in the row, never in a path."""
    return f"materials/{material.token.hex[:2]}/{material.token.hex}"


class MaterialQuerySet(models.QuerySet["Material"]):
    def visible_to(self, actor: Actor) -> MaterialQuerySet:
        """Papers of visible cases, and of a person's own what was filed with one of them.

        The files of acts (minutes, lists) name other people too and are for offices.
        """
        cases = Case.objects.visible_to(actor).values("pk")
        filed = FiledMaterial.objects.filter(filing__case__in=cases).values("material")
        reach = Q(case__in=cases) | Q(pk__in=filed)
        if actor.is_person:
            reach |= Q(owner=actor.user_id)
        if actor.is_office:
            reach |= Q(act__in=CaseEvent.objects.filter(case__in=cases).values("act"))
        if actor.organisation_id is not None:
            reach |= Q(organisation=actor.organisation_id)
        for shared in registry.paper_reaches:
            reach |= shared(actor)
        return self.filter(reach)

    def current(self) -> MaterialQuerySet:
        return self.filter(removed_at=None).order_by("kind", "id")

    def of_cases(self) -> MaterialQuerySet:
        """Papers of a case; not the files of offices' forms, nor what belongs to a person."""
        return self.filter(case__isnull=False).select_related("case")

    def with_token(self, token: str, kind: str) -> Material | None:
        """The file of this line that a form names; None for anything that is no such file."""
        try:
            return self.filter(token=uuid.UUID(token), kind=kind).first()
        except ValueError:
            return None


class Material(models.Model):
    """One file: of a case, of an act over many cases (the minutes of a meeting), of a person, or of an employer.

    What belongs to a person is uploaded once and may be filed with any number of cases (``FiledMaterial``).
    """

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="materials")
    act = models.ForeignKey(Act, models.PROTECT, null=True, related_name="materials")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="materials")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="materials")
    kind = models.CharField(_("kind of material"), max_length=60)
    name = models.CharField(_("file name"), max_length=200)
    file = models.FileField(upload_to=stored_name, max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    scan = models.CharField(max_length=20, choices=ScanStatus.choices, default=ScanStatus.NOT_SCANNED)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded at"))
    # Replaced or removed after a filing named it: kept as evidence, shown no more.
    removed_at = models.DateTimeField(null=True, editable=False)

    objects = MaterialQuerySet.as_manager()

    class Meta:
        verbose_name = _("material")
        verbose_name_plural = _("materials")
        constraints = [
            # Papers of cases have no act, and are as many as people upload.
            models.UniqueConstraint(fields=["act", "kind"], name="material_act_kind_once"),
            models.CheckConstraint(
                condition=(
                    Q(case__isnull=False, act=None, owner=None, organisation=None)
                    | Q(case=None, act__isnull=False, owner=None, organisation=None)
                    | Q(case=None, act=None, owner__isnull=False, organisation=None)
                    | Q(case=None, act=None, owner=None, organisation__isnull=False)
                ),
                name="material_belongs_to_one",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FiledMaterial(models.Model):
    """A paper of a person's own that a filing froze: whoever may see the case reads it as it was filed."""

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="filed_materials")
    material = models.ForeignKey(Material, models.PROTECT, related_name="filed")

    class Meta:
        verbose_name = _("filed material")
        verbose_name_plural = _("filed materials")
        constraints = [models.UniqueConstraint(fields=["filing", "material"], name="filed_material_once")]

    def __str__(self) -> str:
        return f"{self.filing_id} · {self.material_id}"


append_only("workflow_filedmaterial")
