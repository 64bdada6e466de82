"""【提交】 of an application for the card: rules, papers and pledge, then the machine, all under its locks."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from talent.eligibility import assess
from talent.filing import build_filing
from talent.models import CardApplication
from talent.services.drafts import place
from talent.services.refusals import NotReady
from talent.services.specialists import choose_specialist
from talent.services.wallet import lock_papers
from workflow.actors import Actor
from workflow.enums import Action, State
from workflow.models import Act, Case
from workflow.services import Refused, Seen, perform_one
from workflow.services.answers import is_answer
from workflow.services.materials import missing_materials


@transaction.atomic
def submit_card_application(
    application: CardApplication, actor: Actor, *, token: uuid.UUID, pledged: bool = False, revision: int | None = None
) -> Act:
    """File the form; a second call with the token returns the first act.

    Raises NotReady (rules, papers or the pledge) or Refused (somebody was faster, a gate is closed).
    """
    (case,) = Case.objects.locked([application.pk])
    # One submission of a person at a time, and no paper comes or goes meanwhile.
    lock_papers(application.person_id)
    first = Act.objects.filter(pk=token).first() if case.seq else None
    if first is not None and is_answer(first, Action.SUBMIT, [Seen(case.pk, case.revision)], actor):
        return first
    if revision is not None and revision != case.revision:
        raise Refused(_("The case has changed since you opened it. Look at it again and decide anew."))
    return _file(_read(application.pk), actor, token, pledged=pledged)


def _read(pk: int) -> CardApplication:
    """A draft goes to the unit that the person is registered with now, and to a specialist of its bureau."""
    application = CardApplication.objects.whole().get(pk=pk)
    case, person = application.case, application.person
    if case.state == State.DRAFT and person.unit is not None:
        place(case, person)
        case.save(update_fields=["unit", "supervisor", "region", "subject", "subject_key"])
        application.specialist = choose_specialist(case.supervisor)
    return application


def _file(application: CardApplication, actor: Actor, token: uuid.UUID, *, pledged: bool) -> Act:
    case, application.pledged = application.case, pledged
    assessment = assess(application)
    missing = [line.message for line in missing_materials(case)]
    if assessment.reasons or missing or not pledged:
        raise NotReady([*assessment.reasons, *missing], failed=assessment.failed, pledged=pledged)
    application.save(update_fields=["pledged", "specialist"])
    filings = {case.pk: build_filing(application)}
    return perform_one(Action.SUBMIT, case, actor, token=token, filings=filings)
