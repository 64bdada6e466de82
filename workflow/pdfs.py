"""PDF files opened with pdfium: is it whole, is it locked, what do its first pages look like."""

import io
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pypdfium2
import pypdfium2.raw

from workflow.images import PREVIEW_BOUND, encode_jpeg

# pdfium is not safe to enter from two threads of one process.
_pdfium = threading.Lock()


class UnreadablePdfError(Exception):
    """The content is not a whole PDF."""


class LockedPdfError(Exception):
    """The PDF cannot be opened without a password."""


@contextmanager
def opened(content: bytes) -> Iterator[pypdfium2.PdfDocument]:
    """The document, closed at the end; every use of pdfium in the process waits for it."""
    with _pdfium:
        try:
            document = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError as error:
            if error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD:
                raise LockedPdfError from error
            raise UnreadablePdfError from error
        try:
            yield document
        finally:
            document.close()


def count_pages(content: bytes) -> int:
    with opened(content) as document:
        return len(document)


def join_pdfs(parts: Iterable[bytes]) -> bytes:
    """One document of all their pages."""
    with _pdfium:
        whole = pypdfium2.PdfDocument.new()
        try:
            for part in parts:
                document = pypdfium2.PdfDocument(part)
                whole.import_pages(document)
                document.close()
            target = io.BytesIO()
            whole.save(target)
        finally:
            whole.close()
    return target.getvalue()


def extract_text(content: bytes) -> str:
    """The text of all pages as a reader would copy it."""
    with opened(content) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def preview_page(content: bytes, index: int, bound: int = PREVIEW_BOUND) -> bytes | None:
    """JPEG bytes of one page (0-based), or None where the document ends before it."""
    with opened(content) as document:
        return _preview_page(document, index, bound) if index < len(document) else None


def preview_pages(content: bytes, pages: int = 3, bound: int = PREVIEW_BOUND) -> list[bytes]:
    """JPEG bytes of the first pages, each at most ``bound`` pixels a side."""
    with opened(content) as document:
        return [_preview_page(document, index, bound) for index in range(min(pages, len(document)))]


def _preview_page(document: pypdfium2.PdfDocument, index: int, bound: int) -> bytes:
    try:
        page = document[index]
        picture = page.render(scale=bound / max(*page.get_size(), 1)).to_pil()
    except pypdfium2.PdfiumError as error:
        raise UnreadablePdfError from error
    return encode_jpeg(picture, bound)
