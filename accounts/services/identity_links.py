"""Which account somebody has who comes from the identity service: by subject, by verified number, or a new one."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import cast

from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.ages import TOO_YOUNG, is_too_young
from accounts.enums import IdentifierKind, RealNameLevel, SignInOutcome, UserKind, VerificationOutcome
from accounts.hashes import phone_key
from accounts.identity_claims import VerifiedIdentity
from accounts.identity_service import PROVIDER, service_name
from accounts.message_kinds import load_kinds
from accounts.models import Identifier, Person, UnitProfile, User, Verification
from accounts.services.accounts import claim_identifiers, find_taken
from accounts.services.real_name import REVIEW, raise_level
from accounts.services.security_notices import tell_of_change
from accounts.services.stated_claims import yield_claims
from accounts.sms import gateway
from workflow import clock
from workflow.identifiers import normalise_name
from workflow.masking import mask_phone
from workflow.models import Duty

IDENTITY_LINKED, IDENTITY_UNLINKED = "identity_linked", "identity_unlinked"
# As the verifier of a real name.
VERIFIER = "identity_service"
# Read off a page and typed at the next sign-in: nothing in it is taken for something else.
SIGNS, LENGTH = "abcdefghjkmnpqrstuvwxyz23456789", 8

load_kinds(Path(__file__).parent.parent / "data" / "identity_messages.yaml")


class NotLinked(Exception):
    """Nobody comes in, and nothing has changed. ``ways``: names of the pages on which something can be done."""

    def __init__(self, message: str, *ways: str, outcome: SignInOutcome = SignInOutcome.WRONG) -> None:
        super().__init__(message)
        self.ways, self.outcome = ways, outcome


def link_of(user: User) -> SocialAccount | None:
    return SocialAccount.objects.filter(provider=PROVIDER, user=user).first()


def has_local_way(user: User) -> bool:
    """Whether the account can be entered without the identity service."""
    return user.has_usable_password() or bool(user.phone and gateway() is not None)


def find_or_open(identity: VerifiedIdentity, *, entry: str) -> User:
    """The account of whoever came back, linked; ``entry`` empty: either door. Raises NotLinked."""
    _check_door(identity.kind, entry)
    if identity.level < RealNameLevel.MIDDLE:
        raise NotLinked(
            _("Your real name has not been verified there. Have it verified there, or sign in to your account here.")
        )
    find = _unit_account if identity.kind == UserKind.UNIT else _person_account
    try:
        with transaction.atomic():
            return find(identity)
    except IntegrityError:
        raise _busy() from None


def _busy() -> NotLinked:
    return NotLinked(_("Your account was changed at the same moment. Try once more."))


def _check_door(kind: UserKind, entry: str) -> None:
    if entry in ("", kind):
        return
    if kind == UserKind.UNIT:
        message = _("There you signed in as a legal person. Use the entry “Sign in as an employer”.")
        raise NotLinked(message, "accounts:sign_in_unit", outcome=SignInOutcome.WRONG_ENTRY)
    message = _("There you signed in as a natural person. Use the entry “Sign in as an individual”.")
    raise NotLinked(message, "accounts:sign_in_person", outcome=SignInOutcome.WRONG_ENTRY)


def _linked(identity: VerifiedIdentity) -> SocialAccount | None:
    return SocialAccount.objects.select_related("user__person").filter(provider=PROVIDER, uid=identity.subject).first()


def _person_account(identity: VerifiedIdentity) -> User:
    link = _linked(identity)
    if link is not None and link.user.is_active:
        _check_same_person(link.user, identity)
        _raise(link.user, identity)
        return cast("User", link.user)
    holder = User.objects.filter(person__number_hash=identity.number_hash, is_active=True).first()
    if holder is None:
        if link is not None or User.objects.filter(person__number_hash=identity.number_hash).exists():
            raise _closed()
        return _open_account(identity)
    if holder.kind != UserKind.PERSON or holder.real_name_level < RealNameLevel.MIDDLE:
        raise _unverified()
    if not _is_known_to_be(holder, identity):
        raise _reviewed_only()
    _link(holder, identity)
    _raise(holder, identity)
    return holder


def _is_known_to_be(holder: User, identity: VerifiedIdentity) -> bool:
    """By the same phone, or by a check of the real name: an employer that approves a registration may be mistaken.

    Otherwise somebody who registered with another's number would share the account with its owner.
    """
    passed = Verification.objects.filter(
        user=holder, outcome=VerificationOutcome.PASSED, level__gte=RealNameLevel.MIDDLE
    )
    is_same_phone = bool(identity.phone) and holder.phone == identity.phone
    return is_same_phone or passed.exclude(verifier=REVIEW).exists()


def _reviewed_only() -> NotLinked:
    return NotLinked(
        _(
            "An account here has this ID number and another mobile number; only an employer has seen its papers. If it "
            "is yours, sign in to it and give the same mobile number here and there; if not, come to a service counter "
            "with your document."
        ),
        "accounts:sign_in_person",
    )


def _check_same_person(user: User, identity: VerifiedIdentity) -> None:
    """A subject that was given to somebody else, or a number that was corrected on one side."""
    if user.kind != UserKind.PERSON or user.person is None or user.person.number_hash != identity.number_hash:
        raise NotLinked(
            _("The ID number verified there is another one than that of the linked account. Call the hotline.")
        )


def _closed() -> NotLinked:
    return NotLinked(
        _("The account with this ID number has been closed. Register again, or call the hotline to have it reopened."),
        "accounts:register_person",
        "accounts:register",
        outcome=SignInOutcome.INACTIVE,
    )


def _unverified() -> NotLinked:
    return NotLinked(
        _(
            "An account here states this ID number, and nobody has verified it yet. If it is yours, sign in to it and "
            "have your real name verified; if not, come to a service counter with the document of your identity."
        ),
        "accounts:sign_in_person",
    )


def _raise(user: User, identity: VerifiedIdentity) -> None:
    """Number and name agree: the service has verified this very person."""
    if user.person is not None and normalise_name(user.person.name) == identity.name:
        raise_level([user], level=identity.level, verifier=VERIFIER)


def _open_account(identity: VerifiedIdentity) -> User:
    """A person's account without a password; terms and consents are asked for after it is entered."""
    if identity.birth_date is not None and is_too_young(identity.birth_date, clock.today()):
        raise NotLinked(str(TOO_YOUNG))
    # The service has verified the number; whoever merely states it does not keep its owner out.
    yield_claims(number=identity.number)
    taken = find_taken(number=identity.number, phone=identity.phone)
    if "number" in taken:
        holder = Identifier.objects.get(kind=IdentifierKind.ID_NUMBER, hash=identity.number_hash).user
        if holder.person is not None and holder.person.number_hash == identity.number_hash:
            # Opened by the same return at this moment.
            raise _busy()
        raise NotLinked(taken["number"]) if holder.kind == UserKind.UNIT else _unverified()
    if "phone" in taken:
        raise NotLinked(
            _(
                "The mobile number %(phone)s of your account there belongs to another account here, so none was "
                "opened. If that account is yours, sign in to it; if not, give your present number there."
            )
            % {"phone": mask_phone(identity.phone)},
            "accounts:sign_in_person",
        )
    person, _is_new = Person.objects.get_or_create(
        number_hash=identity.number_hash,
        defaults={
            "document_kind": identity.document_kind,
            "number": identity.number,
            "name": identity.name,
            "phone": identity.phone,
            "phone_hash": phone_key(identity.phone) if identity.phone else "",
            "birth_date": identity.birth_date,
            "sex": identity.sex,
            "created_at": clock.now(),
        },
    )
    user = User(
        username=_free_name(), name=identity.name, phone=identity.phone, kind=UserKind.PERSON, is_approved=True,
        person=person,
    )  # fmt: skip
    user.set_unusable_password()
    user.save()
    claim_identifiers(user, number=identity.number, phone=identity.phone)
    raise_level([user], level=identity.level, verifier=VERIFIER)
    SocialAccount.objects.create(user=user, provider=PROVIDER, uid=identity.subject)
    user.refresh_from_db()
    return user


def _free_name() -> str:
    while True:
        name = "zw_" + "".join(secrets.choice(SIGNS) for _place in range(LENGTH))
        if not User.objects.filter(username=name).exists():
            return name


def _unit_account(identity: VerifiedIdentity) -> User:
    link, candidates = _linked(identity), _accounts_of_unit(identity)
    if link is not None and link.user.is_active:
        if link.user in candidates:
            return cast("User", link.user)
        raise NotLinked(
            _("The linked account does not act for the employer with this credit code any more. Call the hotline.")
        )
    user = _contact(identity, candidates)
    _link(user, identity)
    raise_level([user], level=identity.level, verifier=VERIFIER)
    return user


def _accounts_of_unit(identity: VerifiedIdentity) -> list[User]:
    """Who acts today for the employer of this credit code, verified."""
    duties = Duty.objects.on(clock.today()).filter(organisation__profile__uscc=identity.uscc)
    accounts = User.objects.filter(pk__in=duties.values("user"), kind=UserKind.UNIT, is_active=True, is_approved=True)
    return list(accounts.filter(real_name_level__gte=RealNameLevel.MIDDLE).order_by("pk"))


def _contact(identity: VerifiedIdentity, candidates: list[User]) -> User:
    """The account of the registered contact; another's only where it is the only one and states no ID number."""
    if not candidates:
        raise _unknown_unit(identity)
    numbers = Identifier.objects.filter(kind=IdentifierKind.ID_NUMBER, user__in=candidates)
    stated = dict(numbers.values_list("user", "hash"))
    contacts = [user for user in candidates if stated.get(user.pk) == identity.number_hash]
    if contacts:
        return contacts[0]
    if len(candidates) == 1 and candidates[0].pk not in stated:
        return candidates[0]
    raise NotLinked(
        _("The employer has an account here, and its registered contact is somebody else. The contact signs in."),
        "accounts:sign_in_unit",
    )


def _unknown_unit(identity: VerifiedIdentity) -> NotLinked:
    if UnitProfile.objects.filter(uscc=identity.uscc, organisation__active=True).exists():
        message = _("No account here acts for this employer with a verified real name. Sign in to it another way.")
        return NotLinked(message, "accounts:sign_in_unit")
    return NotLinked(
        _("No approved employer here has the credit code of “%s”. Register it first.") % identity.unit_name,
        "accounts:register_unit",
        "accounts:register",
    )


def _link(user: User, identity: VerifiedIdentity) -> None:
    """The owner is told: whoever did not do this hears of it. Nothing of what the service told is kept."""
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    held = link_of(user)
    if held is not None and held.uid != identity.subject:
        raise NotLinked(
            _("Your account here is linked with another account of %s. Sign in another way and end that link first.")
            % service_name(),
            f"accounts:sign_in_{user.kind}",
        )
    SocialAccount.objects.update_or_create(provider=PROVIDER, uid=identity.subject, defaults={"user": user})
    tell_of_change(user, IDENTITY_LINKED, phone=user.phone)


@transaction.atomic
def unlink(user: User) -> bool:
    """False where nothing was linked, or where no other way in would be left."""
    user = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    if not has_local_way(user) or not SocialAccount.objects.filter(provider=PROVIDER, user=user).delete()[0]:
        return False
    tell_of_change(user, IDENTITY_UNLINKED, phone=user.phone)
    return True
