"""A password that nobody else knows: the account's own phone (or mailbox) gets a link that is good once."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import LinkPurpose
from accounts.message_choices import language_of
from accounts.message_kinds import load_kinds
from accounts.models import OneTimeLink, User
from accounts.models.link import LIFETIMES
from accounts.services.accounts import change_password
from accounts.services.limits import take
from accounts.services.mails import queue_mail
from accounts.services.security_notices import PASSWORD_RENEWED, tell_of_change
from accounts.services.sessions import end_other_sessions
from accounts.services.texts import queue_text
from accounts.sms import gateway
from workflow import clock
from workflow.encryption import keyed_hash
from workflow.masking import mask_mail, mask_phone

load_kinds(Path(__file__).parent.parent / "data" / "link_messages.yaml")

TEMPLATES = {LinkPurpose.INVITATION: "account_link", LinkPurpose.PASSWORD: "password_link"}
# Links to one account, and links that one person asked for, within a day.
TO_ONE, FROM_ONE, DAY = 5, 50, 86400


class LinkRefused(Exception):
    """The message says what to do."""


def can_be_sent(user: User) -> bool:
    """Whether the account has a phone or a mailbox to which this portal can send."""
    return bool(_by_text(user) or _by_mail(user))


@transaction.atomic
def send_link(
    user: User,
    *,
    purpose: LinkPurpose,
    link_of: Callable[[str], str],
    by: User | None = None,
    phone_only: bool = False,
) -> OneTimeLink:
    """Replaces an older link; the password stays as it is until the link is used.

    ``link_of``: from the token to the address of the page. ``phone_only``: where somebody else may have changed the
    e-mail address. Raises LinkRefused.
    """
    user = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    target = _by_text(user) or ("" if phone_only else _by_mail(user))
    if not user.is_active:
        raise LinkRefused(_("This account is closed: no link can be sent to it."))
    if not target:
        raise LinkRefused(_("This account has neither a phone nor an e-mail address to which a link can be sent."))
    if by is not None and not take("link_from", str(by.pk), tries=FROM_ONE, seconds=DAY):
        raise LinkRefused(_("You have sent too many links today. Go on tomorrow."))
    if not take("link_to", str(user.pk), tries=TO_ONE, seconds=DAY):
        raise LinkRefused(_("This account was sent too many links today. Try again tomorrow."))
    now, token = clock.machine_now(), secrets.token_urlsafe(32)
    OneTimeLink.objects.open().of(user.pk).update(voided_at=now)
    link = OneTimeLink.objects.create(
        user=user,
        purpose=purpose,
        token_hash=_key(token),
        target_hash=_target_key(target),
        target_masked=mask_mail(target) if "@" in target else mask_phone(target),
        by=by,
        created_at=now,
        expires_at=now + LIFETIMES[purpose],
    )
    _queue(link, user, target, link_of(token))
    return link


def _queue(link: OneTimeLink, user: User, target: str, address: str) -> None:
    until = timezone.localtime(link.expires_at).strftime("%Y-%m-%d %H:%M")
    params = {"name": str(user), "account": user.username, "link": address, "until": until}
    template = TEMPLATES[LinkPurpose(link.purpose)]
    if "@" in target:
        queue_mail(address=target, template=template, params=params, user=user, language=language_of(user))
    else:
        queue_text(phone=target, template=template, params=params, user=user, language=language_of(user))


def find_link(token: str) -> OneTimeLink | None:
    """None where it is forged, used, replaced or expired, or the account has another phone or password by now."""
    found = OneTimeLink.objects.open().filter(token_hash=_key(token)).select_related("user__person").first()
    return found if found is not None and _is_good(found) else None


def _is_good(link: OneTimeLink) -> bool:
    user = link.user
    is_here = link.target_hash in {_target_key(target) for target in (user.phone, user.email) if target}
    is_newest = user.password_changed_at is None or user.password_changed_at < link.created_at
    return user.is_active and is_here and is_newest and clock.machine_now() < link.expires_at


@transaction.atomic
def use_link(token: str, *, password: str) -> User:
    """The password is set, all sessions of the account end, and its owner is told. Raises LinkRefused."""
    found = find_link(token)
    # Whoever holds the account uses the link alone: two presses at once set one password.
    user = User.objects.select_for_update(of=("self",)).get(pk=found.user_id) if found is not None else None
    link = find_link(token)
    if user is None or link is None:
        raise LinkRefused(_("This link is no longer good: it was used, replaced by a newer one, or has expired."))
    OneTimeLink.objects.filter(pk=link.pk).update(used_at=clock.machine_now())
    user = change_password(user, password=password)
    end_other_sessions(user, this=None)
    tell_of_change(user, PASSWORD_RENEWED, phone=user.phone)
    return user


def void_links(user: User) -> int:
    """A closed or stopped account has none; answers how many there were."""
    return OneTimeLink.objects.open().of(user.pk).update(voided_at=clock.machine_now())


def _by_text(user: User) -> str:
    return user.phone if gateway() is not None else ""


def _by_mail(user: User) -> str:
    return user.email if settings.MAIL_ENABLED else ""


def _key(token: str) -> str:
    return keyed_hash("one_time_link", token)


def _target_key(target: str) -> str:
    return keyed_hash("link_target", target.lower())
