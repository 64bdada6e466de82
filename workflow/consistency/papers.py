"""Messages that go out and files that were uploaded."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.files.storage import default_storage
from django.db.models import F, IntegerField, Q
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from workflow.consistency.checks import check
from workflow.models import Material, OutboxMessage
from workflow.services.verification import Fault


@check("outbox.case", _("Every message about a case belongs to one of its events"))
def _messages() -> Iterator[Fault]:
    about = OutboxMessage.objects.filter(kind__startswith="case.").annotate(
        seq=Cast(KT("context__seq"), IntegerField())
    )
    lost = Q(case=None) | Q(seq=None) | Q(seq__lt=1) | Q(seq__gt=F("case__seq"))
    for message in about.filter(lost).select_related("case").iterator():
        yield Fault(f"{message.kind} {message.pk}", f"{message.context.get('seq')} ≠ {message.case}")


@check("material.file", _("Every uploaded file is there"), slow=True)
def _files() -> Iterator[Fault]:
    for material in Material.objects.order_by("pk").iterator():
        if not default_storage.exists(material.file.name):
            yield Fault(f"{material.pk} {material.name}", material.file.name)
