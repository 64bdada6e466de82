"""Queued e-mails go to the mail server of the settings; in demo mode they stay, and the demo inbox shows them."""

from __future__ import annotations

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.message import BadHeaderError
from django.db import transaction

from accounts.enums import Channel
from accounts.models import MailMessage
from accounts.services.sending import (
    CLAIMED_AT_ONCE,
    drain,
    forget_params,
    locked,
    mark_claimed,
    mark_failed,
    mark_later,
    mark_taken,
)
from accounts.services.wordings import word_now
from accounts.sms import Taken, TryLater
from accounts.wording import MissingFact
from workflow import clock
from workflow.outbox import register_sender
from workflow.timers import register_timer


@register_sender
def send_mails() -> int:
    """Answers how many were handed over, taken or not."""
    return drain(claim_mails, _hand_over, MailMessage) if settings.MAIL_ENABLED else 0


@register_timer
def forget_mails() -> int:
    return forget_params(MailMessage)


def claim_mails() -> list[MailMessage]:
    now = clock.machine_now()
    if not MailMessage.objects.due(now).exists():
        return []
    with transaction.atomic():
        claimed = list(locked(MailMessage.objects.due(now))[:CLAIMED_AT_ONCE])
        mark_claimed(MailMessage, claimed)
    return claimed


def _hand_over(message: MailMessage) -> bool:
    """False where the mail server is out: the others need not try now."""
    try:
        words = word_now(message.template, Channel.EMAIL, message.language, message.params or {})
        # Mail servers drop a second message with the same number.
        number = {"Message-ID": f"<{message.key}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2].strip('<> ')}>"}
        EmailMessage(words.title, words.body, to=[message.address], headers=number).send()
    except (smtplib.SMTPRecipientsRefused, BadHeaderError, MissingFact) as refused:
        mark_failed(message, _reason(refused))
        return True
    except (smtplib.SMTPException, OSError) as error:
        mark_later(message, TryLater(_reason(error), outage=True))
        return False
    mark_taken(message, Taken(answer="taken by the mail server"))
    return True


def _reason(error: Exception) -> str:
    """The kind of the failure and the server's code: its words may repeat the address."""
    code = getattr(error, "smtp_code", "")
    return f"{type(error).__name__} {code}".strip()
