"""A seat is (organisation, stage, case type): menu entry, queue, counter and authority in one."""

from __future__ import annotations

from dataclasses import dataclass

from workflow.actors import Actor
from workflow.enums import ChainStatus
from workflow.models import Organisation, SeatCounter, Stage


@dataclass(frozen=True, slots=True)
class Seat:
    organisation: Organisation
    case_type: str
    stage: Stage

    @property
    def organisation_id(self) -> int:
        return self.organisation.pk

    @property
    def key(self) -> tuple[str, str]:
        return self.case_type, self.stage.slug


def seats_of(actor: Actor) -> list[Seat]:
    """One query: the stages of all published chains in which this duty acts, in the order of the chains."""
    if actor.organisation is None:
        return []
    stages = (
        Stage.objects.filter(
            chain__status=ChainStatus.PUBLISHED, actor_kind=actor.organisation.kind, role=actor.role, hand_moved=True
        )
        .select_related("chain")
        .order_by("chain__case_type", "position")
    )
    return [Seat(actor.organisation, stage.chain.case_type, stage) for stage in stages]


def seat_of(actor: Actor, case_type: str, stage: str) -> Seat | None:
    """The actor's seat at this stage, or None where the duty has no authority."""
    return next((seat for seat in seats_of(actor) if seat.key == (case_type, stage)), None)


def waiting_counts(actor: Actor) -> dict[tuple[str, str], int]:
    """{(case type, stage): cases waiting}, from the kept counters."""
    if actor.organisation is None:
        return {}
    rows = SeatCounter.objects.filter(organisation=actor.organisation, waiting__gt=0)
    return {(row.case_type, row.stage): row.waiting for row in rows}
