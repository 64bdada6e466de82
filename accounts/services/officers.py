"""Officers' accounts: whose they are, and the link by which their owners choose a password."""

from __future__ import annotations

from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.enums import LinkPurpose
from accounts.models import OneTimeLink, User
from accounts.services.accounts import Taken, find_taken, take_phone
from accounts.services.one_time_links import send_link
from workflow.identifiers import normalise_code
from workflow.lookup_keys import identity_key


def find_officer(number: str, *, other_than: User | None = None) -> User | None:
    """Whose open account has this document number; one person has one, and so one administrator's role at most."""
    held = User.objects.filter(is_active=True, identity_key=identity_key(number))
    return (held.exclude(pk=other_than.pk) if other_than is not None else held).first()


@transaction.atomic
def set_up_officer(user: User, *, number: str, phone: str) -> User:
    """Raises Taken for a number of somebody else."""
    if phone:
        try:
            with transaction.atomic():
                take_phone(user, phone)
        except IntegrityError as error:
            raise Taken(find_taken(phone=phone, user=user)) from error
    return record_document(user, number)


def send_password_link(user: User, *, link_of: Callable[[str], str], by: User) -> OneTimeLink:
    """Whoever has a password gets a link to a new one. Raises LinkRefused."""
    purpose = LinkPurpose.PASSWORD if user.has_usable_password() else LinkPurpose.INVITATION
    return send_link(user, purpose=purpose, link_of=link_of, by=by)


@transaction.atomic
def record_document(user: User, number: str) -> User:
    """Raises Taken where another open account of an officer has it."""
    number = normalise_code(number)
    user.document_number, user.identity_key = number, identity_key(number)
    try:
        with transaction.atomic():
            user.save(update_fields=["document_number", "identity_key"])
    except IntegrityError as error:
        raise Taken({"document_number": said_taken()}) from error
    return user


def said_taken() -> str:
    return _("Another officer's account has this document number: one person has one account for the office.")
