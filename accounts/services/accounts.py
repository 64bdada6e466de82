"""Accounts and the numbers that they take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import IdentifierKind, UserKind
from accounts.hashes import identifier_keys
from accounts.identity_service import is_configured, service_name
from accounts.models import Identifier, Person, User
from accounts.passwords import keep_old_password
from accounts.services.lock_order import lock_account
from accounts.services.stated_claims import is_merely_stating
from workflow import clock


class Taken(Exception):
    """A name or number that may exist once only belongs to somebody else: {field of the form: message}."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        # What kept us out may have gone again by the time that we look for it.
        self.errors = dict(errors) or {"": _("Somebody was faster with one of these numbers.")}
        super().__init__("; ".join(self.errors.values()))


# The field of a form that has it.
FIELDS = {IdentifierKind.ID_NUMBER: "number", IdentifierKind.PHONE: "phone", IdentifierKind.CREDIT_CODE: "uscc"}


def find_taken(
    *,
    number: str = "",
    phone: str = "",
    uscc: str = "",
    user: User | None = None,
    past_claims: bool = False,
    for_unit: bool = False,
) -> dict[str, str]:
    """{"number" | "phone" | "uscc": message} of what another account holds.

    ``past_claims``: numbers that the other one merely states are free, for whoever is verified first.
    ``for_unit``: an agent asks, whose own personal account may be the other one.
    """
    errors: dict[str, str] = {}
    keys = identifier_keys(number=number, phone=phone, uscc=uscc)
    for kind, key in keys.items():
        held = Identifier.objects.filter(kind=kind, hash=key).exclude(user=user).select_related("user").first()
        if held is None:
            continue
        is_claim = kind != IdentifierKind.PHONE and is_merely_stating(held.user)
        if not (is_claim and past_claims):
            text = _taken_by_agent(kind, held.user) if for_unit else _taken(kind, held.user)
            errors[FIELDS[IdentifierKind(kind)]] = _way_out(kind, text) if is_claim else text
    return errors


def _taken(kind: str, holder: User) -> str:
    if kind == IdentifierKind.PHONE:
        return _("This mobile number exists already. Sign in with it or recover the password.")
    if kind == IdentifierKind.CREDIT_CODE:
        return _("This unified social credit code is registered already. Ask the contact of the employer.")
    if holder.kind == UserKind.UNIT:
        return _("This ID number is held by an employer's contact. The employer must change its contact first.")
    return _("This ID number exists already. Sign in or recover the password.")


def _taken_by_agent(kind: str, holder: User) -> str:
    """Manual 001: ID numbers and mobile numbers exist in the system only once."""
    refusal = {"refusal": _taken(kind, holder)}
    if holder.kind != UserKind.PERSON or kind == IdentifierKind.CREDIT_CODE:
        return refusal["refusal"]
    if kind == IdentifierKind.PHONE:
        return (
            _(
                "%(refusal)s It belongs to a personal account, and a mobile number can exist in the system only once: "
                "if the account is yours, change its number under “Account management” first, or name another contact."
            )
            % refusal
        )
    return (
        _(
            "%(refusal)s It belongs to a personal account, and an ID number can exist in the system only once: name "
            "another contact who has no personal account."
        )
        % refusal
    )


def _way_out(kind: str, refusal: str) -> str:
    """Nothing has been verified on either side: whose it is, somebody decides who sees papers."""
    if kind == IdentifierKind.ID_NUMBER and is_configured():
        text = _(
            "%(refusal)s Nobody has verified that account: if it is not yours, sign in with “%(service)s”, or come to "
            "a service counter with your document."
        )
        return text % {"refusal": refusal, "service": service_name()}
    text = _(
        "%(refusal)s Nobody has verified that account: if it is not yours, come to a service counter with your papers."
    )
    return text % {"refusal": refusal}


def claim_identifiers(user: User, *, number: str = "", phone: str = "", uscc: str = "") -> None:
    """Take these numbers in the place of those held so far; a credit code stays where none is given.

    Raises IntegrityError where somebody was faster.
    """
    keys = identifier_keys(number=number, phone=phone, uscc=uscc)
    mine = Identifier.objects.filter(user=user)
    kept = mine.filter(kind=IdentifierKind.CREDIT_CODE) if not uscc else mine.none()
    mine.exclude(hash__in=keys.values()).exclude(pk__in=kept.values("pk")).delete()
    held = set(mine.values_list("kind", flat=True))
    Identifier.objects.bulk_create(
        Identifier(kind=kind, hash=key, user=user) for kind, key in keys.items() if kind not in held
    )


def release_identifiers(user_ids: Iterable[int]) -> None:
    Identifier.objects.filter(user__in=list(user_ids)).delete()


@transaction.atomic
def update_account(user: User, *, name: str, email: str) -> User:
    """What 【账号管理】 saves; the phone needs proof (``phones.change_phone``)."""
    user = lock_account(user)
    user.name, user.email = name, email
    user.save(update_fields=["name", "email"])
    if user.person_id is not None:
        Person.objects.filter(pk=user.person_id).update(email=email)
    return user


@transaction.atomic
def take_phone(user: User, phone: str) -> None:
    """Set the phone of an account. Raises IntegrityError where somebody was faster."""
    user.phone = phone
    user.save(update_fields=["phone"])
    _claim_phone(user)


def _claim_phone(user: User) -> None:
    """The ID number stays as it is."""
    phones = Identifier.objects.filter(user=user, kind=IdentifierKind.PHONE)
    keys = identifier_keys(phone=user.phone)
    phones.exclude(hash__in=keys.values()).delete()
    for kind, key in keys.items():
        Identifier.objects.get_or_create(user=user, kind=kind, defaults={"hash": key})


@transaction.atomic
def change_password(user: User, *, password: str, initial: bool = False) -> User:
    """``initial``: somebody else knows it, so it must be changed before anything else."""
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    keep_old_password(user)
    user.set_password(password)
    user.must_change_password, user.password_changed_at = initial, clock.machine_now()
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])
    return user
