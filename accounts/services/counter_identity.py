"""Whether who came to a counter is who is registered for the account."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from accounts.models import CounterOpening, StatedUnit, UnitRegistration, UnitUser, User
from accounts.services.phones import has_number, holds_number
from workflow.identifiers import normalise_code
from workflow.masking import mask_number


@dataclass(frozen=True, slots=True)
class Comparison:
    """``number_agrees``: None where no number is registered; ``number_masked``: that which is, where it is known."""

    name: str
    name_agrees: bool
    number_agrees: bool | None
    number_masked: str

    @property
    def differs(self) -> bool:
        return not self.name_agrees or self.number_agrees is False


def compare(user: User, *, agent: str, number: str) -> Comparison:
    """By the keyed hash that keeps a number to one account; a name by its letters."""
    return Comparison(
        name=str(user),
        name_agrees=_letters(agent) == _letters(str(user)),
        number_agrees=holds_number(user, number) if has_number(user) else None,
        number_masked=next((mask_number(one) for one in _numbers(user) if one and holds_number(user, one)), ""),
    )


def _letters(name: str) -> str:
    return normalise_code("".join(name.split()))


def _numbers(user: User) -> Iterator[str]:
    """Wherever the number of this account may stand in full."""
    if user.person is not None:
        yield user.person.number
    for model, column, owner in (
        (UnitUser, "number", "user"),
        (CounterOpening, "number", "user"),
        (UnitRegistration, "contact_number", "case__applicant"),
        (StatedUnit, "agent_number", "user"),
    ):
        yield from model.objects.filter(**{owner: user}).values_list(column, flat=True)
