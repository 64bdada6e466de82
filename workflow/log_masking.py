"""The last guard of the logs: whatever a message or a traceback says, no mobile or identity number leaves in it."""

from __future__ import annotations

import logging
import re

from workflow.masking import mask_number, mask_phone

# Of 15 or 18 places, the last of which may be X; and mobiles, with or without the country code.
NUMBER = re.compile(r"(?<![0-9A-Za-z])[1-9]\d{16}[\dXx](?![0-9A-Za-z])|(?<!\d)[1-9]\d{5}\d{2}[01]\d[0-3]\d\d{3}(?!\d)")
MOBILE = re.compile(r"(?<!\d)(?:\+?86)?(1[3-9]\d{9})(?!\d)")


def mask_text(text: str) -> str:
    text = NUMBER.sub(lambda match: mask_number(match[0]), text)
    return MOBILE.sub(lambda match: mask_phone(match[1]), text)


class MaskingFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return mask_text(super().format(record))
