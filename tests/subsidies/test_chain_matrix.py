"""State × action × role, made from the published chains: `perform` moves exactly what the stage rows allow."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest
from django.db import transaction

from tests.accounts.factories import UserFactory
from tests.subsidies.standing import KINDS, UNIT, Standing, World, is_irreversible, make_world, put_everywhere
from workflow import registry
from workflow.actors import SYSTEM, Actor
from workflow.chain_specs import chain_specs
from workflow.enums import PERSON, Action, Role, State
from workflow.models import Case, CaseEvent, Stage
from workflow.registry import ActContext, Closed, Move
from workflow.services import Seen, perform

pytestmark = pytest.mark.django_db

REFUSED = "refused"
# (state, stage, holder, effects run)
Outcome = tuple[str, str, int | None, list[str]] | str


@dataclass(frozen=True)
class Who:
    """An actor and what is known about it without asking the product."""

    name: str
    actor: Actor
    kind: str = ""
    here: bool = False
    role: str = ""
    applied: bool = False
    # Stages in which this person has decided the case before.
    decided: tuple[str, ...] = ()

    def sits_at(self, stage: Stage) -> bool:
        """In the office that holds the stage, in its role, and kept out by no rule of four eyes."""
        in_office = self.here and self.kind == stage.actor_kind and self.role == stage.role
        return in_office and not self.applied and not set(self.decided) & set(stage.barred)

    @property
    def is_applicant(self) -> bool:
        return self.applied and self.kind == PERSON


def everybody(world: World) -> list[Who]:
    who = [
        Who("the applicant", Actor(world.applicant), PERSON, applied=True),
        Who("another person", Actor(UserFactory()), PERSON),
        Who("the system", SYSTEM, "system"),
    ]
    for kind in KINDS:
        office, other, officer = world.offices[kind], world.elsewhere[kind], world.officers[kind]
        passed = tuple(stage.slug for stage in world.stages if stage.actor_kind == kind and stage.hand_moved)
        roles = roles_at(world, kind)
        wrong = next(role for role in Role if role not in roles)
        who.append(Who(f"{kind}, wrong role", Actor(UserFactory(), office, wrong), kind, True, wrong))
        for role in roles:
            name = f"{kind} {role}"
            who += [
                Who(name, Actor(officer, office, role), kind, True, role, decided=passed),
                Who(f"{name}, a colleague", Actor(UserFactory(), office, role), kind, True, role),
                Who(f"{name} elsewhere", Actor(UserFactory(), other, role), kind, False, role),
                Who(f"{name}, the applicant in duty", Actor(world.applicant, office, role), kind, True, role, True),
            ]
    who += [_once_more(world, stage, slug) for stage in world.stages for slug in stage.barred]
    return who


def roles_at(world: World, kind: str) -> list[str]:
    """In which offices of this kind act in this chain; where they do not, whoever handles everything else."""
    return sorted({stage.role for stage in world.stages if stage.actor_kind == kind}) or [Role.HANDLER]


def _once_more(world: World, stage: Stage, slug: str) -> Who:
    """Whoever decided at the stage ``slug``, now in the office of a later one."""
    before = next(earlier for earlier in world.stages if earlier.slug == slug)
    actor = Actor(world.officers[before.actor_kind], world.offices[stage.actor_kind], stage.role)
    return Who(f"{stage.slug}, who decided at {slug}", actor, stage.actor_kind, True, stage.role, decided=(slug,))


class Reference:
    """What the rows of the stages say, worked out once more and without the product's own predicates."""

    def __init__(self, world: World, *, closed: bool) -> None:
        self.world, self.closed = world, closed
        self.case_type = registry.case_types[world.chain.case_type]

    def outcome(self, standing: Standing, action: Action, target: str, who: Who) -> Outcome:
        goes: dict[Action, Callable[..., Stage | State | None]] = {
            Action.SUBMIT: self._submit,
            Action.APPROVE: self._approve,
            Action.SEND_BACK: lambda standing, who: self._send_back(standing, who, target),
            Action.TAKE_BACK: self._take_back,
            Action.REJECT: self._reject,
            Action.WITHDRAW: self._withdraw,
        }
        to = goes[action](standing, who)
        if to is None or (self.closed and self._has_gates(standing, action)):
            return REFUSED
        effects = self._effects(standing, action)
        if isinstance(to, State):
            return to, "", None, effects
        holder = None if to.actor_kind == PERSON else self.world.offices[to.actor_kind].pk
        return State.IN_REVIEW, to.slug, holder, effects

    def _has_gates(self, standing: Standing, action: Action) -> bool:
        of_stage = standing.stage.gates if action == Action.APPROVE and standing.stage is not None else ()
        return bool([*of_stage, *self.case_type.gates.get(action, ())])

    def _effects(self, standing: Standing, action: Action) -> list[str]:
        of_stage = standing.stage.effects if action == Action.APPROVE and standing.stage is not None else ()
        return [*of_stage, *self.case_type.effects.get(action, ())]

    def _stage(self, slug: str) -> Stage:
        return next(stage for stage in self.world.stages if stage.slug == slug)

    def _files(self, who: Who) -> bool:
        """The applicant; what an employer files for itself, also whoever acts for it."""
        return who.is_applicant or (self.case_type.by_unit and who.here and who.kind == UNIT)

    def _submit(self, standing: Standing, who: Who) -> Stage | None:
        if standing.state not in (State.DRAFT, State.RETURNED) or not self._files(who):
            return None
        return self._stage(standing.resume_stage) if standing.resume_stage else self.world.stages[0]

    def _approve(self, standing: Standing, who: Who) -> Stage | State | None:
        stage = standing.stage
        if stage is None:
            return None
        by_hand = self._files(who) if stage.actor_kind == PERSON else stage.hand_moved and who.sits_at(stage)
        if not by_hand and not (who.kind == "system" and stage.automatic):
            return None
        following = [later for later in self.world.stages if later.position > stage.position]
        return following[0] if following else State.APPROVED

    def _send_back(self, standing: Standing, who: Who, target: str) -> Stage | State | None:
        stage = standing.stage
        if stage is None or not stage.returns_to or not who.sits_at(stage):
            return None
        target = target or stage.returns_to[0]
        if target not in stage.returns_to:
            return None
        return State.RETURNED if target == PERSON else self._stage(target)

    def _take_back(self, standing: Standing, who: Who) -> Stage | None:
        stage, last = standing.last_stage, standing.last_actor
        if stage is None or last.organisation_id is None or standing.state == State.WITHDRAWN:
            return None
        own = who.actor.user_id == last.user_id and who.actor.organisation_id == last.organisation_id
        if not own or (standing.last_action == Action.APPROVE and is_irreversible(stage)):
            return None
        return stage

    def _reject(self, standing: Standing, who: Who) -> State | None:
        stage = standing.stage
        return State.REJECTED if stage is not None and stage.may_reject and who.sits_at(stage) else None

    def _withdraw(self, standing: Standing, who: Who) -> State | None:
        if not self._files(who) and who.kind != "system":
            return None
        begun = standing.stage is not None and standing.stage.position > 0
        is_open = standing.state in (State.DRAFT, State.RETURNED, State.IN_REVIEW) and not begun
        return State.WITHDRAWN if is_open else None


@pytest.fixture
def effects_run(monkeypatch: pytest.MonkeyPatch) -> dict[int, list[str]]:
    """Gates and effects have tests of their own: here effects only say that they were asked."""
    run: dict[int, list[str]] = {}

    def remember(key: str) -> registry.Effect:
        def effect(moves: Sequence[Move], context: ActContext) -> None:
            for move in moves:
                run.setdefault(move.case.pk, []).append(key)

        return effect

    for key in registry.effects:
        monkeypatch.setitem(registry.effects, key, remember(key))
    return run


def turn_gates(monkeypatch: pytest.MonkeyPatch, *, closed: bool) -> None:
    def answer(cases: Sequence[Case]) -> Closed:
        return {case.pk: "closed" for case in cases} if closed else {}

    for key in registry.gates:
        monkeypatch.setitem(registry.gates, key, answer)


def press(
    action: Action, target: str, standings: Sequence[Standing], who: Who, run: dict[int, list[str]]
) -> dict[str, Outcome]:
    """The real thing over all cases at once, read back from the tables and rolled back."""
    run.clear()
    point = transaction.savepoint()
    act = perform(action, [Seen(s.case, 3) for s in standings], who.actor, target=target, opinion="请补正。")
    refused = {row["case"] for row in act.refused}
    after = {case.pk: case for case in Case.objects.filter(pk__in=[s.case for s in standings])}
    moved = {event.case_id: event for event in CaseEvent.objects.filter(act=act)}
    outcomes: dict[str, Outcome] = {}
    for standing in standings:
        case = after[standing.case]
        if standing.case in refused:
            assert (standing.case in moved, case.revision, run.get(standing.case)) == (False, 3, None)
            outcomes[standing.name] = REFUSED
        else:
            event = moved[standing.case]
            assert (event.actor_id, event.organisation_id) == (who.actor.user_id, who.actor.organisation_id)
            assert event.irreversible == (action == Action.APPROVE and is_irreversible(standing.stage))
            outcomes[standing.name] = (str(case.state), case.stage, case.holder_id, run.get(standing.case, []))
    transaction.savepoint_rollback(point)
    return outcomes


def targets_of(action: Action, world: World, who: Who) -> list[str]:
    """Of a return: none named; for the offices' own people also the person, every stage, and one that is none."""
    if action != Action.SEND_BACK or not who.here or who.applied or who.role not in roles_at(world, who.kind):
        return [""]
    return ["", PERSON, *(stage.slug for stage in world.stages), "nowhere"]


@pytest.mark.parametrize("gates", ["open", "closed"])
@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("case_type", sorted(chain_specs))
def test_perform_moves_what_the_stages_say(
    case_type: str, action: Action, gates: str, effects_run: dict[int, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world(case_type)
    standings = put_everywhere(world)
    assert len({standing.name for standing in standings}) == len(standings)
    reference = Reference(world, closed=gates == "closed")
    turn_gates(monkeypatch, closed=gates == "closed")

    for who in everybody(world):
        for target in targets_of(action, world, who):
            expected = {s.name: reference.outcome(s, action, target, who) for s in standings}
            assert press(action, target, standings, who, effects_run) == expected, (who.name, target)


@pytest.mark.parametrize("case_type", sorted(chain_specs))
def test_whoever_may_decide_sees_the_case(case_type: str) -> None:
    world = make_world(case_type)
    standings, reference = put_everywhere(world), Reference(world, closed=False)
    deciding = (Action.SUBMIT, Action.APPROVE, Action.SEND_BACK, Action.TAKE_BACK, Action.REJECT, Action.WITHDRAW)

    for who in everybody(world):
        if who.actor.is_system:
            continue
        allowed = {s.case: s.name for s in standings for a in deciding if reference.outcome(s, a, "", who) != REFUSED}
        seen = set(Case.objects.visible_to(who.actor).values_list("pk", flat=True))
        assert {name for pk, name in allowed.items() if pk not in seen} == set(), who.name


@pytest.mark.parametrize("case_type", sorted(chain_specs))
def test_every_stage_is_moved_on_by_somebody(case_type: str) -> None:
    """A matrix in which nobody may do anything would pass too."""
    world = make_world(case_type)
    standings, reference = put_everywhere(world), Reference(world, closed=False)
    people = everybody(world)

    moved = {
        standing.stage.slug: {
            who.name for who in people if reference.outcome(standing, Action.APPROVE, "", who) != REFUSED
        }
        for standing in standings
        if standing.stage is not None
    }

    assert all(moved.values())
    assert list(moved) == [stage.slug for stage in world.stages]
