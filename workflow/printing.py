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

from workflow.typesetting import BASE_URL, typeset


def render_page(template_name: str, context: Mapping[str, Any]) -> str:
    """The HTML of a document. Printed documents are Chinese, whatever language the officer's pages have."""
    with override("zh-hans"):
        return render_to_string(template_name, dict(context))


def html_to_pdf(html: str) -> bytes:
    """Raise PrintingUnavailableError without pango, ForeignResourceError for a URL outside of the static files."""
    return typeset(html, read_resource)


def read_resource(url: str) -> tuple[bytes, str]:
    """(content, content type) of one of our static files; raise ValueError or OSError for everything else."""
    name = static_name(url)
    try:
        return read_static(name), mimetypes.guess_type(name)[0] or ""
    except SuspiciousOperation as error:
        raise ValueError(str(error)) from error


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
