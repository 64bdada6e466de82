"""The last guard of the logs: whatever is written there, no phone, identity number or secret link leaves in it."""

from __future__ import annotations

import logging
import re

from workflow.masking import mask_number, mask_phone

# Division, birthday, three digits and, in the longer kind, the check character: other numbers of that length stay.
BIRTHDAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
# What an address writes for a blank or a quotation mark ends in digits too.
START = r"(?:(?<![0-9A-Za-z])|(?<=%[0-9A-Fa-f]{2}))"
NUMBER = re.compile(
    rf"{START}[1-9]\d{{5}}(?:(?:18|19|20)\d\d{BIRTHDAY}\d{{3}}[\dXx]|\d\d{BIRTHDAY}\d{{3}})(?![0-9A-Za-z])"
)
GAP = r"(?:[ +-]|%20)?"
# With or without the country code, in one piece or as 139 1234 5678.
MOBILE = re.compile(
    rf"(?:(?<!\d)|(?<=%[0-9A-Fa-f]{{2}}))(?:(?:\+|00)?86{GAP})?(1[3-9]\d{GAP}\d{{4}}{GAP}\d{{4}})(?!\d)"
)
# Addresses that end with a secret: the SMS provider's reports, the links that confirm an e-mail address
# or let a password be set.
SECRET_END = re.compile(r"((?:https?://[^/\s]+|(?<![\w.-]))/(?:sms/receipts|email|set-password)/)[^\s\"'<>]+")


def mask_text(text: str) -> str:
    text = SECRET_END.sub(r"\1***", text)
    text = NUMBER.sub(lambda match: mask_number(match[0]), text)
    return MOBILE.sub(lambda match: mask_phone(re.sub(r"%20|\D", "", match[1])), text)


class MaskingFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return mask_text(super().format(record))
