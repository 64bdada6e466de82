"""E-mails are queued in the transaction of what they tell; a worker hands them to the mail server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Unpack

from accounts.models import MailMessage
from accounts.services.queueing import About, queue
from workflow.masking import mask_mail


def queue_mail(*, address: str, template: str, params: Mapping[str, str], **about: Unpack[About]) -> MailMessage:
    """``params``: {placeholder: text} of the template."""
    message = MailMessage(template=template, address=address, address_masked=mask_mail(address))
    return queue(message, params, about)
