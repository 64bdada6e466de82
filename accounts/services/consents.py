"""What people agreed to, version by version, and what they have still to agree to."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from accounts.enums import TermsKind, UserKind
from accounts.models import Consent, ConsentWithdrawal, Terms, User
from workflow import clock

# Officers act by their office's order, not by their consent.
ASKED = (UserKind.PERSON, UserKind.UNIT)


def must_agree(user: User) -> bool:
    """Read with the account on every page; asked again where an account comes from elsewhere."""
    if user.kind not in ASKED:
        return False
    known: bool | None = getattr(user, "owes_consent", None)
    return known if known is not None else Terms.objects.due_to(user.pk).exists()


def texts_due(user: User) -> list[Terms]:
    return list(Terms.objects.due_to(user.pk)) if user.kind in ASKED else []


def version_before(user: User, terms: Terms) -> Terms | None:
    """What this user agreed to last, of the same kind."""
    return Terms.objects.of_kind(terms.kind).agreed_by(user.pk).first()


def has_agreed(user: User) -> bool:
    """To anything on these pages; what was signed at a counter came with the account."""
    return Consent.objects.filter(user=user).exclude(terms__kind=TermsKind.COUNTER).exists()


@transaction.atomic
def give_consents(user: User, texts: Sequence[Terms]) -> None:
    """Each a row with its time; a version that was agreed to before keeps its first time."""
    now = clock.now()
    Consent.objects.bulk_create(
        [Consent(user=user, terms=terms, given_at=now) for terms in texts], ignore_conflicts=True
    )
    taken_back = ConsentWithdrawal.objects.in_force().filter(consent__user=user, consent__terms__in=list(texts))
    taken_back.update(given_again_at=now)
    # Asked again, should this very request ask.
    user.owes_consent = None  # type: ignore[attr-defined]


@transaction.atomic
def publish(terms: Terms) -> Terms:
    """A new version, in force at once: everybody whom its kind concerns is asked again."""
    of_kind = Terms.objects.select_for_update().filter(kind=terms.kind)
    terms.version = max(of_kind.values_list("version", flat=True), default=0) + 1
    terms.published_at = clock.now()
    terms.save(force_insert=True)
    return terms
