"""What the rules read of a person, of an application and of the scheme."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Study:
    """``degree``: GB/T 6864; "" without one."""

    degree: str = ""
    full_time: bool = True
    double_first_class: bool = False
    is_foreign: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """One category, as the rules read it; codes are the national ones, "" where nothing is asked."""

    code: str
    level: str
    name: str
    age_limit: int | None = None
    min_degree: str = ""
    full_time: bool = False
    double_first_class: bool = False
    abroad: bool = False
    min_title: str = ""
    min_skill: str = ""
    needs_evidence: bool = False

    @property
    def asks_study(self) -> bool:
        return bool(self.min_degree or self.full_time or self.double_first_class or self.abroad)

    @property
    def is_told_by_facts(self) -> bool:
        """A category without any such condition stands on evidence alone and is never suggested."""
        return self.asks_study or bool(self.min_title or self.min_skill)


@dataclass(frozen=True, slots=True)
class Held:
    """A card that has neither run out nor been cancelled."""

    number: str
    level: str
    is_frozen: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one person and one application on one day; empty where nothing was filled in."""

    today: date
    birth_date: date | None = None
    studies: tuple[Study, ...] = ()
    title_level: str = ""
    skill_level: str = ""
    evidence: str = ""
    has_photo: bool = False
    # Fields of the talent space that the application needs and that are empty, by their labels.
    space_gaps: tuple[str, ...] = ()
    has_current_work: bool = False
    works_at_registered_unit: bool = False
    # Filed through an employer that the person has left since.
    is_with_former_unit: bool = False
    arrived_on: date | None = None
    insured_from: date | None = None
    contract_start: date | None = None
    contract_end: date | None = None
    is_open_ended: bool = False
    category: Terms | None = None
    # Whether the scheme grants cards to this county today, and still under this category.
    is_granted: bool = True
    is_offered: bool = True
    # Number of another application of the same person that is under way.
    under_way: str = ""
    # The card of this scheme that the person holds now.
    held: Held | None = None

    @property
    def age(self) -> int | None:
        """周岁; who was born on 29 February is a year older on 1 March."""
        born = self.birth_date
        if born is None:
            return None
        return self.today.year - born.year - ((self.today.month, self.today.day) < (born.month, born.day))
