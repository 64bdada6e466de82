"""The signed paper of a reception: checked by content, kept privately, shown to its own counter as pictures."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _

from accounts.models import CounterOpening, CounterReset, CounterScan
from workflow import clock
from workflow.digests import sha256_hex
from workflow.enums import ScanStatus
from workflow.filetypes import CONTENT_TYPES, DAMAGED, PICTURES, check_upload
from workflow.images import TooManyPixelsError, UnreadableImageError, preview_image, strip_metadata
from workflow.pdfs import LockedPdfError, UnreadablePdfError, count_pages, preview_page
from workflow.scanning import scan
from workflow.services.sweeping import register_store

# What can be looked at on the page.
KINDS = ("pdf", "jpg", "png")
# A signed paper has a page or two.
MOST_PAGES = 10
UNREADABLE = (UnreadableImageError, TooManyPixelsError, UnreadablePdfError, LockedPdfError)


def keep_scan(
    upload: File[bytes], *, opening: CounterOpening | None = None, reset: CounterReset | None = None
) -> CounterScan:
    """Raises ValidationError (what is wrong with the file)."""
    checked = check_upload(upload, KINDS)
    upload.seek(0)
    content = upload.read()
    if checked.kind in PICTURES:
        content = _stripped(content)
    status = scan(content)
    if status == ScanStatus.INFECTED:
        raise ValidationError(_("The selected file contains a virus. It was not saved"), "virus")
    row = CounterScan(
        opening=opening,
        reset=reset,
        name=checked.name,
        content_type=CONTENT_TYPES[checked.kind],
        size=len(content),
        sha256=sha256_hex(content),
        scan=status,
        uploaded_at=clock.now(),
    )
    # If the transaction is taken back, the sweeper finds the file without a row.
    row.file.save(checked.name, ContentFile(content), save=False)
    row.save(force_insert=True)
    return row


def _stripped(content: bytes) -> bytes:
    try:
        return strip_metadata(content)
    except UnreadableImageError as error:
        raise ValidationError(DAMAGED, "damaged") from error


def _content(row: CounterScan) -> bytes:
    with row.file.open("rb") as file:
        content: bytes = file.read()
        return content


def count_scan_pages(row: CounterScan) -> int:
    """0 where the file can only be downloaded."""
    if row.content_type != CONTENT_TYPES["pdf"]:
        return 1
    try:
        return min(count_pages(_content(row)), MOST_PAGES)
    except UNREADABLE:
        return 0


def scan_page(row: CounterScan, page: int) -> bytes | None:
    """JPEG of one page (0-based), or None where there is none."""
    try:
        if row.content_type == CONTENT_TYPES["pdf"]:
            return preview_page(_content(row), page) if page < MOST_PAGES else None
        return preview_image(_content(row)) if page == 0 else None
    except UNREADABLE:
        return None


def _known_scans(tokens: Sequence[uuid.UUID]) -> Iterable[str]:
    return CounterScan.objects.filter(token__in=tokens).values_list("file", flat=True)


register_store("counter", _known_scans)
