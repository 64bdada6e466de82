"""What a second press of the same form, or one that lost a race, is told."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from workflow import clock
from workflow.actors import Actor
from workflow.enums import Action
from workflow.models import Act

if TYPE_CHECKING:
    from workflow.services.perform import Seen

logger = logging.getLogger(__name__)


def answer_again(token: uuid.UUID, action: Action, seen: Sequence[Seen], actor: Actor) -> Act:
    """Called when a constraint refused the act: the first result is the answer to the same form."""
    first = Act.objects.filter(pk=token).first()
    if first is None:
        # Something that may exist once only (a month, a payment) was written by somebody else meanwhile.
        logger.exception("%s of %s cases met a constraint", action, len(seen))
        return _unanswered(action, seen, actor, _("Somebody else was faster. Reload the page and decide anew."))
    if is_answer(first, action, seen, actor):
        return first
    spent = _("This form has already been used for something else. Reload the page and decide anew.")
    return _unanswered(action, seen, actor, spent)


def is_answer(first: Act, action: Action, seen: Sequence[Seen], actor: Actor) -> bool:
    """Whether the first act is the same press of the same button: same hand, same action, same cases."""
    told = {*first.events.values_list("case", flat=True), *(row["case"] for row in first.refused)}
    same = (first.action, first.actor_id, first.organisation_id) == (action, actor.user_id, actor.organisation_id)
    return same and told == {row.pk for row in seen}


def _unanswered(action: Action, seen: Sequence[Seen], actor: Actor, reason: str) -> Act:
    """An act that moved nothing and is not kept."""
    refused = [{"case": row.pk, "number": "", "subject": "", "reason": reason} for row in seen]
    ids = {"actor_id": actor.user_id, "organisation_id": actor.organisation_id}
    return Act(action=action, at=clock.now(), asked=len(seen), done=0, refused=refused, **ids)
