"""The last guard of the logs: whatever a message or a traceback says, no mobile or identity number leaves in it."""

from __future__ import annotations

import logging
import re

from workflow.masking import mask_number, mask_phone

# Division, birthday, three digits and, in the longer kind, the check character: other numbers of that length stay.
BIRTHDAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
NUMBER = re.compile(
    rf"(?<![0-9A-Za-z])[1-9]\d{{5}}(?:(?:18|19|20)\d\d{BIRTHDAY}\d{{3}}[\dXx]|\d\d{BIRTHDAY}\d{{3}})(?![0-9A-Za-z])"
)
# With or without the country code.
MOBILE = re.compile(r"(?<!\d)(?:\+?86)?(1[3-9]\d{9})(?!\d)")


def mask_text(text: str) -> str:
    text = NUMBER.sub(lambda match: mask_number(match[0]), text)
    return MOBILE.sub(lambda match: mask_phone(match[1]), text)


class MaskingFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return mask_text(super().format(record))
