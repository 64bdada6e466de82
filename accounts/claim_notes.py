"""What a page says to whoever does not hold the number or credit code that their account states."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.enums import IdentifierKind
from accounts.models import Identifier, StatedPerson, User
from accounts.services.stated_claims import is_merely_stating
from accounts.services.statements import stated_of


def claim_note(user: User) -> str:
    """ "" where there is nothing to say."""
    stated = stated_of(user)
    if stated is None or not is_merely_stating(user):
        return ""
    if isinstance(stated, StatedPerson):
        facts = {IdentifierKind.ID_NUMBER: stated.number}
    else:
        facts = {IdentifierKind.CREDIT_CODE: stated.uscc, IdentifierKind.ID_NUMBER: stated.agent_number}
    held = set(Identifier.objects.filter(user=user).values_list("kind", flat=True))
    missing = [value for kind, value in facts.items() if kind not in held]
    if not missing:
        return ""
    if "" in missing:
        return _(
            "What this account stated was verified for somebody else, so the account does not hold it any more. State "
            "your own number or credit code before you go on."
        )
    return _(
        "The number or credit code of this account is not reserved for you: nobody has verified it in time, or another "
        "account states it too. Have your real name verified."
    )
