"""What a browser may see of an upload: pictures made anew, page by page."""

from __future__ import annotations

from workflow.filetypes import CONTENT_TYPES
from workflow.images import TooManyPixelsError, UnreadableImageError, open_image, preview_image
from workflow.models import Material
from workflow.pdfs import LockedPdfError, UnreadablePdfError, count_pages, preview_page

# A longer document is read after downloading it.
PREVIEW_PAGES = 20
# A file that was damaged in the store, or would take too much memory, has no pictures; downloading it still works.
UNREADABLE = (UnreadableImageError, TooManyPixelsError, UnreadablePdfError, LockedPdfError)


def _is_pdf(material: Material) -> bool:
    return material.content_type == CONTENT_TYPES["pdf"]


def _content(material: Material) -> bytes:
    with material.file.open("rb") as file:
        content: bytes = file.read()
        return content


def count_previews(material: Material) -> int:
    """0 where the file can only be downloaded."""
    content = _content(material)
    try:
        if _is_pdf(material):
            return count_pages(content)
        open_image(content)
    except UNREADABLE:
        return 0
    return 1


def preview(material: Material, page: int) -> bytes | None:
    """JPEG of one page (0-based), or None where there is no such page."""
    try:
        if _is_pdf(material):
            return preview_page(_content(material), page)
        return preview_image(_content(material)) if page == 0 else None
    except UNREADABLE:
        return None
