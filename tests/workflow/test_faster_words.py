"""Whoever comes second reads who was faster: an office, a colleague by name, or oneself in another window."""

import pytest

from tests.workflow.factories import DutyFactory, UserFactory
from tests.workflow.toy import Town
from workflow.actors import Actor
from workflow.enums import Action
from workflow.models import Case
from workflow.services import Refused, Seen, perform, perform_one


def lose(town: Town, reader: Actor) -> str:
    case = town.at("county")
    stale = Case.objects.get(pk=case.pk)
    perform(Action.APPROVE, [Seen(case.pk, case.revision)], town.actor("county"))

    with pytest.raises(Refused) as refused:
        perform_one(Action.SEND_BACK, stale, reader, opinion="请补正。")
    return str(refused.value)


def test_a_colleague_is_told_by_name(town: Town) -> None:
    colleague = DutyFactory(
        user=UserFactory(),
        organisation=town.county.organisation,
        role=town.county.role,
        starts_on=town.county.starts_on,
    )

    told = lose(town, Actor.in_duty(colleague, colleague.user))

    assert told.startswith(f"{town.county.organisation} {town.county.user}已先行办理")


def test_another_office_is_told_by_its_own(town: Town) -> None:
    told = lose(town, town.actor("unit"))

    assert told.startswith(f"{town.county.organisation}已先行办理")


def test_oneself_in_another_window_is_told_so(town: Town) -> None:
    told = lose(town, town.actor("county"))

    assert told.startswith("您本人（在另一个窗口）已先行办理")
