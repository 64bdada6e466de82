"""An e-mail address is proved by a signed link that expires; before that nothing else is sent to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from allauth.account import app_settings
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import MailMessage, User
from accounts.services.mails import queue_mail
from workflow import clock

CONFIRM = "email_confirm"
PAUSE = timedelta(minutes=1)
DAY = timedelta(days=1)
PER_DAY = 5


class AddressRefused(Exception):
    """The message says what to do."""


def is_proved(user: User) -> bool:
    proved: bool = EmailAddress.objects.filter(user=user, email=user.email.lower(), verified=True).exists()
    return proved


@transaction.atomic
def ask_to_confirm(user: User, *, link_of: Callable[[str], str]) -> MailMessage:
    """``link_of``: from the signed key to the address of the page. Raises AddressRefused."""
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if not user.email:
        raise AddressRefused(_("Enter an e-mail address first and save it."))
    now = clock.now()
    asked = MailMessage.objects.asked_after(user.pk, CONFIRM, now - DAY)
    if asked.filter(created_at__gt=now - PAUSE).exists():
        raise AddressRefused(_("A link was sent a moment ago. Wait a minute, then ask again."))
    if asked.count() >= PER_DAY:
        raise AddressRefused(_("Links were asked for too often today. Ask again tomorrow."))
    proof, _made = EmailAddress.objects.get_or_create(user=user, email=user.email.lower())
    if proof.verified:
        raise AddressRefused(_("This address is confirmed already."))
    params = {
        "name": str(user),
        "link": link_of(EmailConfirmationHMAC.create(proof).key),
        "days": str(app_settings.EMAIL_CONFIRMATION_EXPIRE_DAYS),
    }
    return queue_mail(address=user.email, template=CONFIRM, params=params, user=user)


def address_to_confirm(key: str) -> EmailAddress | None:
    """None where the link is forged, expired or used, or the account has another address by now."""
    confirmation = EmailConfirmationHMAC.from_key(key)
    if confirmation is None:
        return None
    proof: EmailAddress = confirmation.email_address
    return proof if proof.user.is_active and proof.user.email.lower() == proof.email else None


def confirm_address(key: str) -> EmailAddress:
    """Raises AddressRefused."""
    proof = address_to_confirm(key)
    if proof is None:
        raise AddressRefused(_("This link is no longer good. Ask for a new one under account management."))
    try:
        with transaction.atomic():
            is_set = proof.set_verified()
    except IntegrityError:
        is_set = False
    if not is_set:
        raise AddressRefused(_("Another account has confirmed this address already. Use another one."))
    return proof
