"""停发: begun and lifted by the county HR bureau; a fact about the person."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from subsidies.enums import StopStatus
from subsidies.models import PaymentStop, RentApplication
from workflow import clock
from workflow.actors import Actor
from workflow.lookup_keys import identity_key
from workflow.services import Refused


def stop_payments(id_number: str, actor: Actor, *, starts_on: date, reason: str) -> PaymentStop:
    """Raises Refused where the office knows no such applicant, or the payments are stopped already."""
    assert actor.user_id is not None
    person = _applicant(id_number, actor)
    try:
        with transaction.atomic():
            return PaymentStop.objects.create(
                person=person,
                starts_on=starts_on,
                reason=reason,
                actor_id=actor.user_id,
                organisation_id=actor.organisation_id,
                at=clock.now(),
            )
    except IntegrityError:
        raise Refused(_("Payments to %(name)s are stopped already.") % {"name": person.name}) from None


def _applicant(id_number: str, actor: Actor) -> Person:
    """Somebody who applies in this county; strangers answer like nobody."""
    person = Person.objects.filter(
        number_hash=identity_key(id_number), rent_applications__in=RentApplication.objects.visible_to(actor)
    ).first()
    if person is None:
        raise Refused(_("No applicant of your county has this identity number."))
    return person


@transaction.atomic
def lift_stop(stop: PaymentStop, actor: Actor, *, reason: str) -> PaymentStop:
    stop = PaymentStop.objects.select_for_update(of=("self",)).get(pk=stop.pk)
    if stop.status == StopStatus.LIFTED:
        raise Refused(_("This stop has been lifted already."))
    if stop.person.users.filter(pk__in=[actor.user_id, actor.stands_in_for_id]).exists():
        raise Refused(_("Nobody lets their own payments go on."))
    stop.status, stop.lifted_on, stop.lifted_why = StopStatus.LIFTED, clock.today(), reason
    stop.lifted_by_id = actor.user_id
    stop.save(update_fields=["status", "lifted_on", "lifted_why", "lifted_by"])
    return stop
