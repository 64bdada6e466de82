"""Printed documents: a template becomes an A4 PDF with its fonts inside and nothing fetched from outside."""

import mimetypes
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import SuspiciousOperation
from django.template.loader import render_to_string
from django.utils.translation import override
from PIL import ImageFile

try:
    from weasyprint import HTML
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


class PrintingUnavailableError(Exception):
    """The system's text layout libraries are not installed."""


class ForeignResourceError(Exception):
    """A document asked for something that is neither in it nor among our static files."""


def render_pdf(template_name: str, context: Mapping[str, Any]) -> bytes:
    """Printed documents are Chinese, whatever language the officer's pages have."""
    with override("zh-hans"):
        return html_to_pdf(render_to_string(template_name, dict(context)))


def html_to_pdf(html: str) -> bytes:
    """Raise PrintingUnavailableError without pango, ForeignResourceError for a URL outside of the static files."""
    if _missing:
        raise PrintingUnavailableError(
            f"PDF documents need: apt-get install --no-install-recommends {PACKAGES} ({_missing})"
        )
    try:
        pdf: bytes = HTML(string=html, base_url=BASE_URL, url_fetcher=fetch_resource).write_pdf()
    except FatalURLFetchingError as error:
        raise ForeignResourceError(str(error)) from error
    return pdf


def fetch_resource(url: str) -> Any:
    """data: URLs and our static files; everything else stops the document instead of leaving a gap in it."""
    try:
        if url.startswith("data:"):
            return DataFetcher(allowed_protocols=["data"])(url)
        name = static_name(url)
        return URLFetcherResponse(url, read_static(name), {"Content-Type": mimetypes.guess_type(name)[0] or ""})
    except (ValueError, OSError, SuspiciousOperation) as error:
        raise FatalURLFetchingError(f"Not part of a document: {url[:200]} ({error})") from error


def static_name(url: str) -> str:
    """The file's name below STATIC_URL; raise ValueError for any other address."""
    prefix = urljoin(BASE_URL, settings.STATIC_URL)
    if not url.startswith(prefix):
        raise ValueError("not a static file")
    return unquote(url.removeprefix(prefix).partition("?")[0].partition("#")[0])


def read_static(name: str) -> bytes:
    """The source; or the collected file, whose name may carry a digest that no source has."""
    if (path := finders.find(name)) is not None:
        return Path(path).read_bytes()
    if not staticfiles_storage.exists(name):
        raise FileNotFoundError(name)
    with staticfiles_storage.open(name) as file:
        return bytes(file.read())
