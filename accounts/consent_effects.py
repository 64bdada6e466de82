"""What follows from taking a consent back, told before it is done."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.enums import TermsKind
from accounts.models import Consent

PAUSES = _(
    "Without it the services here cannot be used: after it every page asks for this consent first. Your data stay"
    " open to you: you can still see them, export them and ask for their deletion."
)
EFFECTS: dict[str, Promise] = {
    TermsKind.SENSITIVE: _(
        "Document numbers, bank accounts and pictures of documents may no longer be used for anything new. Cases that"
        " were filed are decided on the ground of the office's legal duty; nothing that was done until now is undone."
    ),
}
LAWFUL = _("What was handled on the ground of this consent until now stays lawful.")


def effect_of(consent: Consent) -> list[Promise]:
    """In paragraphs."""
    own = EFFECTS.get(consent.terms.kind)
    return [*([own] if own is not None else []), PAUSES, LAWFUL]
