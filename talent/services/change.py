"""The holder's writes of a change: begin, save, submit."""

from __future__ import annotations

import uuid

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from talent.change_eligibility import assess_change, facts_of, work_of
from talent.change_filing import build_change_filing
from talent.enums import CARD_CHANGE, ChangeKind
from talent.models import Card, CardChange
from talent.rules.changes import why_not_yet
from talent.services.drafts import place
from talent.services.refusals import NotReady
from talent.services.wallet import lock_papers
from workflow import clock
from workflow.actors import Actor
from workflow.enums import Action, State
from workflow.models import Act, Case, ChainVersion
from workflow.registry import why_limited
from workflow.services import Refused, Seen, perform_one
from workflow.services.answers import is_answer
from workflow.services.materials import missing_materials


@transaction.atomic
def start_change(card: Card, kind: ChangeKind, actor: Actor, *, token: uuid.UUID | None = None) -> CardChange:
    """A draft; the same form token, or a draft of the same kind that waits already, is found again.

    Raises Refused where such a change cannot be begun now.
    """
    lock_papers(card.person_id)
    token = token or uuid.uuid4()
    mine = CardChange.objects.mine(actor)
    if first := mine.filter(case__token=token).first() or mine.drafts(card, kind).first():
        return first
    assert actor.user_id is not None
    if limited := why_limited(actor, CARD_CHANGE):
        raise Refused(limited)
    if card.person.unit is None:
        raise Refused(_("Your registration names no employer, so nobody could review the application."))
    if reason := why_not_yet(kind, facts_of(card)):
        raise Refused(reason)
    case = Case(token=token, case_type=CARD_CHANGE, applicant_id=actor.user_id, created_at=clock.now())
    case.chain = ChainVersion.objects.published(CARD_CHANGE)
    place(case, card.person)
    case.save(force_insert=True)
    return CardChange.objects.create(case=case, card=card, kind=kind)


@transaction.atomic
def save_change(change: CardChange, actor: Actor, *, statement: str) -> CardChange:
    """Raises PermissionDenied once it is filed."""
    case = Case.objects.select_for_update(of=("self",)).get(pk=change.case_id)
    if not case.is_editable or case.applicant_id != actor.user_id:
        raise PermissionDenied(_("The application is filed and can no longer be changed."))
    change.statement, change.saved_at = statement, clock.now()
    change.save(update_fields=["statement", "saved_at"])
    return change


@transaction.atomic
def submit_change(
    change: CardChange, actor: Actor, *, token: uuid.UUID, pledged: bool = False, revision: int | None = None
) -> Act:
    """File it; a second call with the token returns the first act.

    Raises NotReady (rules, papers or the pledge) or Refused (somebody was faster, a gate is closed).
    """
    (case,) = Case.objects.locked([change.pk])
    lock_papers(change.card.person_id)
    first = Act.objects.filter(pk=token).first() if case.seq else None
    if first is not None and is_answer(first, Action.SUBMIT, [Seen(case.pk, case.revision)], actor):
        return first
    if revision is not None and revision != case.revision:
        raise Refused(_("The case has changed since you opened it. Look at it again and decide anew."))
    return _file(_read(change.pk), actor, token, pledged=pledged)


def _read(pk: int) -> CardChange:
    """A draft goes to the employer that the person is registered with now."""
    change = CardChange.objects.whole().get(pk=pk)
    case, person = change.case, change.card.person
    if case.state == State.DRAFT and person.unit is not None:
        place(case, person)
        case.save(update_fields=["unit", "supervisor", "region", "subject", "subject_key"])
    return change


def _file(change: CardChange, actor: Actor, token: uuid.UUID, *, pledged: bool) -> Act:
    reasons = [check.reason for check in assess_change(change) if not check.passed]
    missing = [line.message for line in missing_materials(change.case)]
    if reasons or missing or not pledged:
        raise NotReady([*reasons, *missing], pledged=pledged)
    work = work_of(change.card)
    change.contract_end = work.contract_end if work is not None else None
    change.save(update_fields=["contract_end"])
    filing = build_change_filing(change)
    return perform_one(Action.SUBMIT, change.case, actor, token=token, filings={change.pk: filing})
