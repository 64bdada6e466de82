"""What the rules read: the terms of a programme, the facts of an application, and what they amount to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from subsidies.amounts import (
    Shares,
    Span,
    counted_months,
    monthly_standard,
    months_between,
    remaining_months,
    split_amount,
    total_amount,
)
from subsidies.enums import WindowMode

if TYPE_CHECKING:
    from workflow.registry import Text


@dataclass(frozen=True, slots=True)
class Terms:
    """A programme, as the rules read it. ``standards`` holds the enabled levels only."""

    standards: Mapping[str, Decimal] = field(default_factory=dict)
    level_names: Mapping[str, str] = field(default_factory=dict)
    full_time_only: bool = True
    graduated_within_years: int = 0
    unit_kinds: frozenset[str] = frozenset()
    unit_kind_names: str = ""
    no_own_house: bool = True
    exclusive_with: tuple[str, ...] = ()
    contract_min_months: int = 0
    insurance_min_months: int = 0
    past_periods_only: bool = True
    max_months: int = 0
    cap_by_rent: bool = False
    city_share: Decimal = Decimal(1)
    window_mode: str = WindowMode.ALWAYS
    # "MM-DD", both days included.
    window_from: str = ""
    window_to: str = ""
    valid_from: date = date.min
    valid_until: date | None = None
    basis: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one application on one day; None where it has not been filled in yet."""

    today: date
    # The day of the first submission: a return does not make an application late. None before it.
    applied_on: date | None = None
    education: str = ""
    full_time: bool | None = None
    graduated_on: date | None = None
    has_current_work: bool = False
    works_at_registered_unit: bool = False
    unit_kind: str = ""
    contract: Span | None = None
    insured: Span | None = None
    insured_months: int | None = None
    lease: Span | None = None
    rent: Decimal | None = None
    owns_house: bool | None = None
    enjoyed_other: bool | None = None
    start: date | None = None
    end: date | None = None
    # Months that other applications of the same person hold: {month: number of the case}.
    taken: Mapping[date, str] = field(default_factory=dict)

    @property
    def in_time_on(self) -> date:
        return self.applied_on or self.today


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What the rules of arithmetic make of it; zero where something is still missing."""

    months: tuple[date, ...]
    asked: tuple[date, ...]
    standard: Decimal
    total: Decimal
    shares: Shares
    used: int
    remaining: int


def entitlement(facts: Facts, terms: Terms) -> Entitlement:
    asked = months_between(facts.start, facts.end) if facts.start and facts.end else ()
    months = counted_months(asked[0], asked[-1], (facts.contract, facts.insured, facts.lease)) if asked else ()
    standard = monthly_standard(
        terms.standards.get(facts.education, Decimal(0)), facts.rent, cap_by_rent=terms.cap_by_rent
    )
    total = total_amount(standard, len(months))
    used = len(facts.taken)
    remaining = remaining_months(terms.max_months, used)
    return Entitlement(months, asked, standard, total, split_amount(total, terms.city_share), used, remaining)
