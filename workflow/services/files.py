"""One upload, checked and kept: the same for papers of cases, of acts and of persons."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from workflow import clock
from workflow.actors import Actor
from workflow.digests import sha256_hex
from workflow.enums import ScanStatus
from workflow.filetypes import CONTENT_TYPES, DAMAGED, KINDS, PICTURES, check_upload
from workflow.images import UnreadableImageError, strip_metadata
from workflow.models import Case, Material
from workflow.registry import MaterialRule
from workflow.scanning import scan

MAX_AT_ONCE = 10


def store_file(
    upload: File[bytes],
    actor: Actor,
    *,
    kind: str,
    case: Case | None = None,
    act_id: uuid.UUID | None = None,
    owner_id: int | None = None,
    organisation_id: int | None = None,
    kinds: Sequence[str] = (),
) -> Material:
    """Raises ValidationError (what is wrong with the file, and how to mend it)."""
    checked = check_upload(upload, kinds or KINDS)
    upload.seek(0)
    content = upload.read()
    if checked.kind in PICTURES:
        content = _stripped(content)
    status = scan(content)
    if status == ScanStatus.INFECTED:
        raise ValidationError(_("The selected file contains a virus. It was not saved"), "virus")
    assert actor.user_id is not None
    material = Material(
        case=case,
        act_id=act_id,
        owner_id=owner_id,
        organisation_id=organisation_id,
        kind=kind,
        name=checked.name,
        content_type=CONTENT_TYPES[checked.kind],
        size=len(content),
        sha256=sha256_hex(content),
        scan=status,
        uploaded_by_id=actor.user_id,
        uploaded_at=clock.now(),
    )
    material.file.save(checked.name, ContentFile(content), save=False)
    try:
        with transaction.atomic():
            material.save(force_insert=True)
    except IntegrityError:
        material.file.storage.delete(material.file.name)
        raise
    return material


def _stripped(content: bytes) -> bytes:
    """Viewers forgive a missing end; whoever copies a picture chunk by chunk cannot."""
    try:
        return strip_metadata(content)
    except UnreadableImageError as error:
        raise ValidationError(DAMAGED, "damaged") from error


def check_room(count: int) -> None:
    """Raise ValidationError where so many files of one line leave no room for another."""
    if count >= settings.UPLOAD_MAX_PER_MATERIAL:
        message = _("At most %(count)s files may be uploaded here. Remove one first.")
        raise ValidationError(message, "count", {"count": settings.UPLOAD_MAX_PER_MATERIAL})


def put_aside(material: Material) -> None:
    """Keep as evidence what a filing names, and show it no more."""
    Material.objects.filter(pk=material.pk, removed_at=None).update(removed_at=clock.now())


def discard(material: Material) -> None:
    """The row now, the file after the commit."""
    storage, name = material.file.storage, material.file.name
    Material.objects.filter(pk=material.pk).delete()
    transaction.on_commit(lambda: storage.delete(name))


@dataclass(frozen=True, slots=True)
class Accepted:
    """What came of one press of 【上传】: names of the files that were kept, and (kind, message) of the others."""

    names: list[str] = field(default_factory=list)
    errors: list[tuple[str, str]] = field(default_factory=list)

    @property
    def done(self) -> str:
        return _("Uploaded: %(names)s") % {"names": _(", ").join(self.names)} if self.names else ""


def none_chosen(rule: MaterialRule) -> str:
    """请选择【材料名】."""
    return _("Select “%(material)s”") % {"material": rule.label}


def accept_uploads(
    uploads: Sequence[File[bytes]],
    rule: MaterialRule,
    *,
    add: Callable[[File[bytes]], Material],
    replace: Callable[[File[bytes]], Material] | None = None,
) -> Accepted:
    """Files are kept one by one, so that a bad one does not cost the good ones; the first good one may replace."""
    if not uploads:
        return Accepted(errors=[(rule.kind, none_chosen(rule))])
    if len(uploads) > MAX_AT_ONCE:
        message = _("Choose at most %(count)s files at a time") % {"count": MAX_AT_ONCE}
        return Accepted(errors=[(rule.kind, message)])
    result = Accepted()
    for upload in uploads:
        keep = add if replace is None or result.names else replace
        try:
            result.names.append(keep(upload).name)
        except ValidationError as error:
            result.errors.extend((rule.kind, f"{upload.name}{_(': ')}{message}") for message in error.messages)
    return result
