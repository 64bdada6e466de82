"""HTML to PDF by WeasyPrint, knowing nothing of Django: what the portal and its printing processes share."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from PIL import ImageFile

try:
    from weasyprint import HTML
    from weasyprint.text import ffi
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError, URLFetcherResponse
    from weasyprint.urls import URLFetcher as DataFetcher
except OSError as error:
    # WeasyPrint loads pango at import; the portal runs without it until somebody prints.
    _missing = str(error)
else:
    _missing = ""
    # WeasyPrint switches this on for the whole process; an upload that was cut off must not pass as whole.
    ImageFile.LOAD_TRUNCATED_IMAGES = False

# Gives "/static/…" something to be relative to; .invalid never resolves (RFC 2606).
BASE_URL = "http://print.invalid/"
PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk"

_local = threading.local()

# (content, content type) of an address below BASE_URL; raises ValueError or OSError for what is none of ours.
Read = Callable[[str], tuple[bytes, str]]


class PrintingUnavailableError(Exception):
    """The system's text layout libraries are not installed."""


class ForeignResourceError(Exception):
    """A document asked for something that is neither in it nor among our static files."""


def why_unavailable() -> str:
    """Empty where documents can be printed."""
    return _missing


def has_fast_fonts() -> bool:
    """Whether HarfBuzz cuts the fonts down; without it fontTools does, and a document takes thrice as long."""
    return not _missing and ffi.harfbuzz_subset is not None and bool(ffi.harfbuzz.hb_version_atleast(4, 1, 0))


def typeset(html: str, read: Read) -> bytes:
    """Raise PrintingUnavailableError without pango, ForeignResourceError for what ``read`` does not know."""
    if _missing:
        raise PrintingUnavailableError(
            f"PDF documents need: apt-get install --no-install-recommends {PACKAGES} ({_missing})"
        )
    document = HTML(string=html, base_url=BASE_URL, url_fetcher=_fetcher(read))
    try:
        pdf: bytes = document.write_pdf(font_config=_fonts_of_this_thread())
    except FatalURLFetchingError as error:
        raise ForeignResourceError(str(error)) from error
    return pdf


def _fonts_of_this_thread() -> Any:
    """Made anew for each document they cost time and let memory grow; pango wants them in one thread."""
    if not hasattr(_local, "fonts"):
        _local.fonts = FontConfiguration()
    return _local.fonts


def _fetcher(read: Read) -> Callable[[str], Any]:
    def fetch(url: str) -> Any:
        """data: URLs and what ``read`` answers; everything else stops the document instead of leaving a gap in it."""
        try:
            if url.startswith("data:"):
                return DataFetcher(allowed_protocols=["data"])(url)
            content, kind = read(url)
        except (ValueError, OSError) as error:
            raise FatalURLFetchingError(f"Not part of a document: {url[:200]} ({error})") from error
        return URLFetcherResponse(url, content, {"Content-Type": kind})

    return fetch
