"""Cases that stand anywhere in a chain, written straight into the tables, with the events that lead there."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.accounts.factories import CITY, COUNTY, OfficeFactory, PersonFactory, UnitFactory, UserFactory
from workflow import clock
from workflow.actors import SYSTEM, Actor
from workflow.enums import NEEDS_OPINION, PERSON, Action, OrganisationKind, State
from workflow.models import Act, Case, CaseEvent, ChainVersion, Organisation, Region, Stage

OTHER_COUNTY = "130903"
OTHER_CITY = "460100"
UNIT, COUNTY_HR = OrganisationKind.UNIT, OrganisationKind.COUNTY_HR
KINDS = (
    UNIT,
    COUNTY_HR,
    OrganisationKind.COUNTY_ORG,
    OrganisationKind.COUNTY_FIN,
    OrganisationKind.CITY_HR,
    OrganisationKind.CITY_ORG,
    OrganisationKind.CITY_FIN,
)
# Money entered, notices published, cards issued: the design names what can never be taken back.
IRREVERSIBLE = {
    "accounts.apply_transfer", "accounts.apply_unit_change", "subsidies.pay_city", "subsidies.pay_county",
    "talent.change_card", "talent.issue_card", "talent.print_cards", "workflow.publish_notice",
}  # fmt: skip


@dataclass
class World:
    """One county with all its offices, the same in another county and city, and somebody for each of them."""

    chain: ChainVersion
    applicant: Any
    offices: dict[str, Organisation]
    officers: dict[str, Any]
    elsewhere: dict[str, Organisation]
    stages: list[Stage]

    def holder(self, stage: Stage) -> Organisation | None:
        return None if stage.actor_kind == PERSON else self.offices[stage.actor_kind]

    def officer(self, stage: Stage) -> Actor:
        return Actor(self.officers[stage.actor_kind], self.offices[stage.actor_kind], stage.role)

    def hand(self, stage: Stage) -> Actor:
        """Whose hand moved a case on from this stage: its office, the person, or the system."""
        if stage.actor_kind == PERSON:
            return Actor(self.applicant)
        if not stage.hand_moved:
            return SYSTEM
        return self.officer(stage)


def is_irreversible(stage: Stage | None) -> bool:
    return stage is not None and bool(IRREVERSIBLE & set(stage.effects))


def make_world(case_type: str) -> World:
    unit = UnitFactory(parent=OfficeFactory(kind=COUNTY_HR))
    other_unit = UnitFactory(region=Region.objects.get(pk=OTHER_COUNTY))
    here, elsewhere = {UNIT: unit}, {UNIT: other_unit}
    for kind in KINDS[1:]:
        is_city = kind.startswith("city_")
        here[kind] = OfficeFactory(kind=kind, region=Region.objects.get(pk=CITY if is_city else COUNTY))
        elsewhere[kind] = OfficeFactory(
            kind=kind, region=Region.objects.get(pk=OTHER_CITY if is_city else OTHER_COUNTY)
        )
    chain = ChainVersion.objects.published(case_type)
    return World(
        chain=chain,
        applicant=PersonFactory(unit=unit).users.get(),
        offices=here,
        officers={kind: UserFactory() for kind in KINDS},
        elsewhere=elsewhere,
        stages=list(Stage.objects.filter(chain=chain).order_by("position")),
    )


@dataclass(frozen=True)
class Standing:
    """Where a case stands, and the latest move that brought it there."""

    case: int
    state: State
    stage: Stage | None = None
    resume_stage: str = ""
    last_action: str = ""
    last_stage: Stage | None = None
    last_actor: Actor = SYSTEM

    @property
    def name(self) -> str:
        return self.stage.slug if self.stage is not None else f"{self.state} at {self.last_stage or 'nowhere'}"


def put_everywhere(world: World) -> list[Standing]:
    """A case in every stage, and one in every other state by each way that the stages offer."""
    stages = world.stages
    standings = [_put(world, State.DRAFT), _put(world, State.WITHDRAWN), _put(world, State.APPROVED, stages)]
    for position, stage in enumerate(stages):
        standings.append(_put(world, State.IN_REVIEW, stages[:position], stage=stage))
        if stage.returns_to:
            standings.append(_put(world, State.RETURNED, stages[:position], ended=(Action.SEND_BACK, stage)))
        if stage.may_reject:
            standings.append(_put(world, State.REJECTED, stages[:position], ended=(Action.REJECT, stage)))
    return standings


def _put(
    world: World,
    state: State,
    passed: Sequence[Stage] = (),
    *,
    stage: Stage | None = None,
    ended: tuple[Action, Stage] | None = None,
) -> Standing:
    now, submitted = clock.now(), state not in (State.DRAFT, State.WITHDRAWN)
    past: list[tuple[Action, Stage | None, Actor]] = []
    if submitted:
        past.append((Action.SUBMIT, None, Actor(world.applicant)))
        past += [(Action.APPROVE, done, world.hand(done)) for done in passed]
    if ended is not None:
        past.append((*ended, world.officer(ended[1])))
    case = Case.objects.create(
        case_type=world.chain.case_type,
        chain=world.chain,
        state=state,
        stage=stage.slug if stage is not None else "",
        resume_stage=ended[1].slug if state == State.RETURNED and ended is not None else "",
        holder=world.holder(stage) if stage is not None else None,
        applicant=world.applicant,
        unit=world.offices[UNIT],
        supervisor=world.offices[COUNTY_HR],
        region=world.offices[COUNTY_HR].region,
        created_at=now,
        due_on=clock.today() if stage is not None else None,
        submitted_at=now if submitted else None,
        decided_at=now if len(past) > 1 else None,
        revision=3,
        seq=len(past),
    )
    for seq, (action, done, actor) in enumerate(past, start=1):
        _record(case, seq, action, done, actor)
    action, last, actor = past[-1] if past else ("", None, SYSTEM)
    return Standing(case.pk, state, stage, case.resume_stage, action, last, actor)


def _record(case: Case, seq: int, action: Action, stage: Stage | None, actor: Actor) -> None:
    act = Act.objects.create(token=uuid.uuid4(), action=action, at=clock.now(), asked=1, done=1)
    CaseEvent.objects.create(
        case=case,
        seq=seq,
        act=act,
        actor_id=actor.user_id,
        organisation_id=actor.organisation_id,
        action=action,
        from_stage=stage.slug if stage is not None else "",
        state=State.IN_REVIEW,
        opinion_digest="said" if action in NEEDS_OPINION else "",
        irreversible=action == Action.APPROVE and is_irreversible(stage),
        at=clock.now(),
    )
