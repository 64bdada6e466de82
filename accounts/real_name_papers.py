"""What an officer must have seen before a real name is confirmed at a counter."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.enums import RealNameLevel, UserKind
from accounts.models import User

PERSON: Mapping[str, Promise] = {
    "document": _("The identity document itself, no copy"),
    "face": _("The owner in person, who looks like the picture on it"),
}
UNIT: Mapping[str, Promise] = {
    "licence": _("The business licence or certificate of registration"),
    "principal": _("The identity document of the legal representative, or a copy under seal"),
    "agent": _("The identity document of whoever comes, with a letter of authorisation under seal"),
}


def papers_of(user: User) -> Mapping[str, Promise]:
    return UNIT if user.kind == UserKind.UNIT else PERSON


def missing_papers(user: User, seen: Collection[str], level: int) -> list[Promise]:
    """窗口现场核验 (高级) asks for everything; for 中级 the picture may wait, the papers may not."""
    needed = papers_of(user)
    waits = {"face"} if level == RealNameLevel.MIDDLE else set()
    return [label for key, label in needed.items() if key not in seen and key not in waits]
