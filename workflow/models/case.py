"""The one thing that moves: a case, its transitions and who may see it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.base import ModelState
from django.utils.translation import gettext_lazy as _
from django_fsm import GET_STATE, FSMField, FSMModelMixin, transition

from workflow.actors import Actor
from workflow.authority import (
    gates_open,
    may_decide,
    may_file,
    may_reject,
    may_return,
    may_take_back,
    may_withdraw,
    undecided,
)
from workflow.bulk import KeyIn
from workflow.enums import FINAL, OPEN_TO_PERSON, OrganisationKind, State
from workflow.registry import types_by_unit

from .chain import ChainVersion, Route, Stage, route_of
from .place import Organisation, Region, ancestors_of

if TYPE_CHECKING:
    from workflow.seats import Seat

UP_TO_APPROVAL = [State.DRAFT, State.RETURNED]


@dataclass(frozen=True, slots=True)
class Plan:
    """What ``perform`` found out before it asks the machine: where to, who holds it, and why not."""

    stage: str
    holder_id: int | None = None
    due_on: date | None = None
    # "" = every gate is open; a reason = closed. A case without a plan counts as closed.
    closed: str = ""


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, actor: Actor) -> CaseQuerySet:
        """Rows that this actor may see at all; everything else answers 404."""
        if actor.is_system or not getattr(actor.user, "is_authenticated", False):
            return self.none()
        if actor.is_person:
            return self.filter(applicant_id=actor.user_id)
        assert actor.organisation is not None
        return self.in_reach_of(actor.organisation)

    def in_reach_of(self, organisation: Organisation) -> CaseQuerySet:
        """What a unit or an office may see, whoever acts for it."""
        filed = self.exclude(state=State.DRAFT)
        if organisation.kind == OrganisationKind.UNIT:
            own = Q(case_type__in=types_by_unit())
            return self.filter(~Q(state=State.DRAFT) | own, unit=organisation)
        reach = Q(holder=organisation)
        if organisation.kind == OrganisationKind.CITY_HR:
            reach |= Q(region__lineage__contains=f"/{organisation.region_id}/")
        elif organisation.kind == OrganisationKind.COUNTY_HR:
            reach |= Q(supervisor=organisation)
        # Of one case this asks its own few events; a list of keys would be all that the office ever did.
        events = apps.get_model("workflow", "CaseEvent").objects
        acted = events.filter(case=OuterRef("pk"), organisation=organisation)
        return filed.filter(reach | Q(Exists(acted)))

    def in_seat(self, seat: Seat) -> CaseQuerySet:
        """What waits in this queue; the partial index repeats the predicate on state."""
        return self.filter(
            state=State.IN_REVIEW,
            holder_id=seat.organisation_id,
            case_type=seat.case_type,
            stage=seat.stage.slug,
        )

    def locked(self, keys: Iterable[int]) -> CaseQuerySet:
        """These rows, locked in key order (no deadlock), with the lineage of their region."""
        rows = self.select_for_update(of=("self",)).filter(KeyIn("pk", keys))
        return rows.annotate(region_lineage=F("region__lineage")).defer("token").order_by("pk")

    def of_type(self, case_type: str) -> CaseQuerySet:
        return self.filter(case_type=case_type)

    def overdue(self, today: date) -> CaseQuerySet:
        return self.filter(state=State.IN_REVIEW, due_on__lt=today)


class Case(FSMModelMixin, models.Model):
    """One request of a person or an employer on its way through the chain of one service."""

    token = models.UUIDField(_("form token"), default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("case number"), max_length=32, blank=True, editable=False)
    case_type = models.CharField(_("case type"), max_length=40, editable=False)
    chain = models.ForeignKey(ChainVersion, models.PROTECT, db_index=False, related_name="cases", editable=False)
    state = FSMField(_("state"), choices=State.choices, default=State.DRAFT, protected=True, editable=False)
    stage = models.CharField(_("stage"), max_length=40, blank=True, editable=False)
    # The office that must act now; empty when the person must, or nobody.
    holder = models.ForeignKey(
        Organisation, models.PROTECT, null=True, db_index=False, related_name="held_cases", editable=False
    )
    resume_stage = models.CharField(max_length=40, blank=True, editable=False)
    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="cases", verbose_name=_("applicant"), editable=False
    )
    unit = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="unit_cases", verbose_name=_("employer"), editable=False
    )
    # The county HR bureau chosen as 主管部门: it fixes the county of every later office.
    supervisor = models.ForeignKey(
        Organisation, models.PROTECT, null=True, db_index=False, related_name="supervised_cases", editable=False
    )
    region = models.ForeignKey(Region, models.PROTECT, db_index=False, related_name="cases", editable=False)
    # What lists show and find by: the name, and the keyed hash of the identity number.
    subject = models.CharField(_("name"), max_length=100, blank=True, editable=False)
    subject_key = models.CharField(max_length=64, blank=True, editable=False)
    summary = models.JSONField(default=dict, blank=True, editable=False)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2, null=True, editable=False)
    created_at = models.DateTimeField(_("created at"), editable=False)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, editable=False)
    entered_at = models.DateTimeField(_("entered this stage at"), null=True, editable=False)
    due_on = models.DateField(_("due on"), null=True, editable=False)
    # The first decision of an office since the first submission; after it the person cannot withdraw.
    decided_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)
    seq = models.PositiveIntegerField(default=0, editable=False)
    head = models.CharField(_("digest of the last event"), max_length=64, blank=True, editable=False)

    objects = CaseQuerySet.as_manager()

    # What perform knows and the transitions read; never stored.
    plan: Plan | None = None
    last_event: Any = None
    barred_users: frozenset[int] = frozenset()
    previous_entitlement: dict[str, Any] | None = None
    # What whoever locked the case has read of it since, for the gates: its current files, what the applicant
    # keeps that may stand beside them, and what its service judged.
    kept_materials: list[Any] | None = None
    own_papers: Any = None
    judged: Any = None

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        constraints = [
            models.CheckConstraint(
                name="case_has_stage_exactly_in_review",
                condition=Q(state=State.IN_REVIEW) & ~Q(stage="") | ~Q(state=State.IN_REVIEW) & Q(stage=""),
            ),
            # Whoever holds a case has a day until which; the counters of the seats count by it.
            models.CheckConstraint(
                name="case_held_is_due", condition=Q(holder=None) | Q(due_on__isnull=False) & ~Q(stage="")
            ),
            models.CheckConstraint(name="case_state_known", condition=Q(state__in=State.values)),
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="case_number_once"),
        ]
        indexes = [
            # The queue of a seat; what is overdue is told from the index alone.
            models.Index(
                fields=["holder", "case_type", "stage", "submitted_at", "id", "due_on"],
                condition=Q(state=State.IN_REVIEW),
                name="case_queue",
            ),
            # The same queue by the name; PostgreSQL keeps ``subject`` in the order of its bytes.
            models.Index(
                fields=["holder", "case_type", "stage", "subject", "id", "submitted_at"],
                condition=Q(state=State.IN_REVIEW),
                name="case_queue_by_name",
            ),
            models.Index(fields=["subject_key"], name="case_subject_key"),
            models.Index(fields=["due_on"], condition=Q(state=State.IN_REVIEW), name="case_due"),
        ]

    def __str__(self) -> str:
        return self.number or f"#{self.pk}"

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any]) -> Self:
        """As Django's, less the detour through ``__init__``: a fifth of the time of a decision over thousands.

        Nothing here listens to ``post_init``, and what was not loaded is deferred by being absent.
        """
        case = cls.__new__(cls)
        case.__dict__.update(zip(field_names, values, strict=True))
        case._state = ModelState()
        case._state.adding, case._state.db = False, db
        return case

    @property
    def route(self) -> Route:
        return route_of(self.chain_id)

    @property
    def current_stage(self) -> Stage | None:
        return self.route[self.stage] if self.stage else None

    @property
    def is_final(self) -> bool:
        return self.state in FINAL

    @property
    def is_editable(self) -> bool:
        return self.state in OPEN_TO_PERSON

    @property
    def status(self) -> str:
        """What the status cell shows: the stage's own words while in review, else the state's."""
        stage = self.current_stage
        return stage.title if stage is not None else str(State(self.state).label)

    @property
    def ancestors(self) -> list[str]:
        """Codes of its regions, the nearest first; costs nothing where the lineage was read with the case."""
        return ancestors_of(self.__dict__.get("region_lineage") or self.region.lineage)

    def _planned_state(self) -> State:
        return State.IN_REVIEW if self.stage else State.APPROVED

    def _returned_state(self) -> State:
        return State.IN_REVIEW if self.stage else State.RETURNED

    def _planned_stage(self) -> str:
        return self.plan.stage if self.plan is not None else ""

    @transition(state, UP_TO_APPROVAL, State.IN_REVIEW, conditions=[gates_open], permission=may_file)
    def submit(self) -> None:
        self.stage, self.resume_stage = self._planned_stage(), ""

    @transition(
        state,
        State.IN_REVIEW,
        GET_STATE(_planned_state, states=[State.IN_REVIEW, State.APPROVED]),
        conditions=[gates_open],
        permission=may_decide,
    )
    def approve(self) -> None:
        # GET_STATE is evaluated after this body, from the advanced stage.
        self.stage = self._planned_stage()

    @transition(
        state,
        State.IN_REVIEW,
        GET_STATE(_returned_state, states=[State.IN_REVIEW, State.RETURNED]),
        conditions=[gates_open],
        permission=may_return,
    )
    def send_back(self) -> None:
        self.resume_stage, self.stage = self.stage, self._planned_stage()

    @transition(
        state,
        [State.IN_REVIEW, State.RETURNED, State.APPROVED, State.REJECTED],
        State.IN_REVIEW,
        conditions=[gates_open],
        permission=may_take_back,
    )
    def take_back(self) -> None:
        self.stage, self.resume_stage = self._planned_stage(), ""

    @transition(state, State.IN_REVIEW, State.REJECTED, conditions=[gates_open], permission=may_reject)
    def reject(self) -> None:
        self.stage = ""

    @transition(
        state,
        [State.DRAFT, State.RETURNED, State.IN_REVIEW],
        State.WITHDRAWN,
        conditions=[gates_open, undecided],
        permission=may_withdraw,
    )
    def withdraw(self) -> None:
        self.stage = ""


def ancestors_by_region(cases: Iterable[Case]) -> dict[str, list[str]]:
    """{region: the codes from it upwards} of a set of cases; each region is looked at once."""
    found: dict[str, list[str]] = {}
    for case in cases:
        if case.region_id not in found:
            found[case.region_id] = case.ancestors
    return found
