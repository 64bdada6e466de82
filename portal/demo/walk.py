"""Walking cases through their chain by the real ``perform``, everybody pressing the button that is theirs."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction

from accounts.models import User
from portal.demo.offices import actors, special_actors
from portal.demo.papers import paper
from workflow import clock
from workflow.actors import SYSTEM, Actor
from workflow.enums import PERSON, Action, State
from workflow.models import Act, Case, Stage
from workflow.services import Press, Seen, perform, perform_all
from workflow.services.materials import describe, store_act_file

Group = tuple[str, int | None, int]  # stage, holder, chain


def _notice() -> dict[str, Any]:
    return {
        "title": f"{clock.today():%Y年%m月}大学生租房补助公示",
        "working_days": 5,
        "objection_days": 10,
        "phone": "0317-0000000",
        "email": "",
        "note": "公示期内可以来电、来信或者在本页登记异议。",
    }


def _payment() -> dict[str, Any]:
    day = clock.today()
    return {"voucher": f"PZ{day:%Y%m%d}-01", "paid_on": day.isoformat()}


def _review() -> dict[str, Any]:
    return {"met_on": clock.today().isoformat(), "experts": "赵审核、冯专家、陈专家", "conclusion": "全部通过。"}


PAYLOADS: Mapping[str, Callable[[], dict[str, Any]]] = {
    "workflow.notice": _notice,
    "subsidies.review": _review,
    "subsidies.county_payment": _payment,
    "subsidies.city_payment": lambda: {"document": f"沧财指〔{clock.today():%Y}〕12号", **_payment()},
}


class Walker:
    """Knows one acting person of every office, and of HR bureaus the 服务专员 and the 负责人."""

    def __init__(self) -> None:
        self.officers = actors()
        self.special = special_actors()

    def step(
        self,
        cases: Iterable[int],
        *,
        action: Action = Action.APPROVE,
        opinion: str = "",
        target: str = "",
        payload: Mapping[str, Any] | None = None,
    ) -> list[Act]:
        """Move each case that is in review one step, one act for all that wait at the same desk.

        ``payload``: what the form of the stage was filled in with, or the remarks of a return.
        """
        groups: dict[Group, list[Case]] = defaultdict(list)
        for case in Case.objects.filter(pk__in=list(cases), state=State.IN_REVIEW).order_by("pk"):
            groups[case.stage, case.holder_id, case.chain_id].append(case)
        return [act for group in groups.values() for act in self._act(group, action, opinion, target, payload)]

    def _act(
        self, group: list[Case], action: Action, opinion: str, target: str, payload: Mapping[str, Any] | None
    ) -> Iterable[Act]:
        stage = group[0].current_stage
        assert stage is not None
        if stage.actor_kind == PERSON:
            yield from _act_in_person(group, action, opinion)
            return
        actor = self.actor_for(stage, group[0].holder_id, action)
        if payload is not None or action != Action.APPROVE:
            seen = [Seen(case.pk, case.revision) for case in group]
            yield perform(action, seen, actor, opinion=opinion, payload=payload, target=target)
        else:
            yield self._approve(stage, group, actor, opinion)

    def actor_for(self, stage: Stage, holder_id: int | None, action: Action) -> Actor:
        if action == Action.APPROVE and not stage.hand_moved:
            return SYSTEM
        assert holder_id is not None
        return self.special.get((holder_id, stage.role)) or self.officers[holder_id]

    @transaction.atomic
    def _approve(self, stage: Stage, group: list[Case], actor: Actor, opinion: str) -> Act:
        """The form of the stage is filled in with what serves for every case."""
        token = uuid.uuid4()
        payload = PAYLOADS[stage.form]() if stage.form else {}
        if stage.form == "subsidies.review":
            upload = ContentFile(paper("评审会议纪要"), name="评审会议纪要.pdf")
            payload["minutes"] = describe(store_act_file(token, upload, "minutes", actor))
        seen = [Seen(case.pk, case.revision) for case in group]
        return perform(Action.APPROVE, seen, actor, token=token, opinion=opinion, payload=payload)


def person(case: Case) -> Actor:
    return Actor(User.objects.get(pk=case.applicant_id))


def persons(cases: Iterable[Case]) -> dict[int, Actor]:
    """{case: who filed it}"""
    applicants = {case.pk: case.applicant_id for case in cases}
    users = User.objects.in_bulk(applicants.values())
    return {pk: Actor(users[user_id]) for pk, user_id in applicants.items()}


@transaction.atomic
def _act_in_person(group: Sequence[Case], action: Action, opinion: str) -> list[Act]:
    """Everybody presses the button of their own case."""
    actors = persons(group)
    presses = [Press(actors[case.pk], [Seen(case.pk, case.revision)], uuid.uuid4(), opinion) for case in group]
    return perform_all(action, presses)
