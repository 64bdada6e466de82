"""How an app writes down a chain in its ``chains.py``, and how it becomes published rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from django.db import transaction

from workflow import clock
from workflow.enums import ChainStatus, Role
from workflow.models import ChainVersion, Stage


@dataclass(frozen=True, slots=True)
class StageSpec:
    """One stage; Chinese first, English beside it. See ``workflow.models.Stage`` for what each field means."""

    slug: str
    actor_kind: str
    label: str
    label_en: str
    step: str
    step_en: str
    forward: str
    forward_en: str
    working_days: int
    role: str = Role.HANDLER
    menu: str = ""
    menu_en: str = ""
    todo: str = ""
    todo_en: str = ""
    backward: str = ""
    backward_en: str = ""
    rejection: str = ""
    rejection_en: str = ""
    form: str = ""
    gates: Sequence[str] = ()
    effects: Sequence[str] = ()
    barred: Sequence[str] = ()
    returns_to: Sequence[str] = ()
    may_reject: bool = False
    optional: bool = False
    automatic: bool = False
    hand_moved: bool = True


@dataclass(frozen=True, slots=True)
class ChainSpec:
    case_type: str
    stages: Sequence[StageSpec] = field(default_factory=tuple)


chain_specs: dict[str, ChainSpec] = {}


def register_chain(spec: ChainSpec) -> None:
    chain_specs[spec.case_type] = spec


@transaction.atomic
def seed_chain(spec: ChainSpec) -> ChainVersion:
    """Publish the chain as version 1 where the service has none; what an administrator published stays."""
    published = ChainVersion.objects.filter(case_type=spec.case_type, status=ChainStatus.PUBLISHED).first()
    if published is not None:
        return published
    chain = ChainVersion.objects.create(case_type=spec.case_type, version=1)
    Stage.objects.bulk_create(
        Stage(chain=chain, position=position, **_columns(stage)) for position, stage in enumerate(spec.stages)
    )
    chain.status, chain.published_at = ChainStatus.PUBLISHED, clock.machine_now()
    chain.save(update_fields=["status", "published_at"])
    return chain


def _columns(stage: StageSpec) -> dict[str, object]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(stage).items()}
