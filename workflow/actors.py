"""Who acts: a user in a duty, a person for himself, or the system."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

    from workflow.models import Duty, Organisation

# Key of an event's payload: the absent person in whose seat a stand-in acted.
STANDS_IN_FOR = "stands_in_for"


@dataclass(frozen=True, slots=True)
class Actor:
    """What stands in the FSM's ``user`` slot. Without an organisation a user acts for himself."""

    user: AbstractBaseUser | AnonymousUser | None
    organisation: Organisation | None = None
    role: str = ""
    duty: Duty | None = None
    # As ``Case.subject_key``: whoever acts in a duty, and the absent person in whose seat; "" where it is not known.
    identity_key: str = ""
    absent_identity_key: str = ""
    # Has the duty of the unit's administrator beside this one.
    also_manages: bool = False

    @classmethod
    def in_duty(cls, duty: Duty, user: AbstractBaseUser) -> Actor:
        absent = duty.stands_in_for if duty.stands_in_for_id is not None else None
        keys = identity_key_of(user), identity_key_of(absent)
        return cls(user, duty.organisation, duty.role, duty, *keys)

    @property
    def user_id(self) -> int | None:
        return self.user.pk if self.user is not None else None

    @property
    def stands_in_for_id(self) -> int | None:
        """Whose seat it is, where a stand-in acts."""
        return self.duty.stands_in_for_id if self.duty is not None else None

    @property
    def organisation_id(self) -> int | None:
        return self.organisation.pk if self.organisation is not None else None

    @property
    def kind(self) -> str:
        return self.organisation.kind if self.organisation is not None else ""

    @property
    def is_system(self) -> bool:
        return self.user is None

    @property
    def is_person(self) -> bool:
        return self.user is not None and self.organisation is None

    @property
    def is_unit(self) -> bool:
        return self.kind == "unit"

    @property
    def manages(self) -> bool:
        """Keeps the users of the unit (单位管理员)."""
        return self.is_unit and (self.also_manages or self.role == "manager")

    @property
    def is_office(self) -> bool:
        """What decides cases: a counter decides none."""
        return self.organisation is not None and self.kind not in ("unit", "counter")


def identity_key_of(user: object) -> str:
    """The account says whose it is, where it knows: its ``identity_key``. The floor above keeps it."""
    return str(getattr(user, "identity_key", "") or "")


SYSTEM = Actor(user=None)
