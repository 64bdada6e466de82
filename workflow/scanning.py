"""Virus scanning is an interface: without a scanner every page says honestly that nothing was scanned."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from workflow.enums import ScanStatus

logger = logging.getLogger(__name__)

# Answers True for a clean file; raises when it cannot tell, and then the upload fails.
Scanner = Callable[[bytes], bool]


@lru_cache(maxsize=4)
def load_scanner(path: str) -> Scanner:
    scanner: Scanner = import_string(path)
    return scanner


def scan(content: bytes) -> ScanStatus:
    """Raises ValidationError when the scanner that is named in the settings gives no answer."""
    if not settings.VIRUS_SCANNER:
        return ScanStatus.NOT_SCANNED
    try:
        is_clean = load_scanner(settings.VIRUS_SCANNER)(content)
    except Exception as error:
        logger.exception("The virus scanner gave no answer")
        message = _("The file could not be checked for viruses, so it was not saved. Try again later.")
        raise ValidationError(message, "unscanned") from error
    return ScanStatus.CLEAN if is_clean else ScanStatus.INFECTED
