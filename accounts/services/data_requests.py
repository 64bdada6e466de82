"""更正, 删除 and 撤回同意: asked for by whoever the data is about, answered by somebody else."""

from __future__ import annotations

import uuid
from dataclasses import asdict

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.enums import Channel
from accounts.models import Consent, ConsentWithdrawal, DataErasure, DataRequest, Notification, User
from accounts.models.data_request import ANSWER_WITHIN
from accounts.services.closing import reasons_against_closing
from accounts.services.erasing import erase_account, kept_of, lock_to_erase, open_cases
from accounts.services.security_notices import tell_of_change
from workflow import clock
from workflow.services import Refused

DATA_ERASED = "data_erased"


@transaction.atomic
def ask(user: User, *, kind: str, wish: str, subject: str = "", token: uuid.UUID) -> DataRequest:
    """The same form token again answers the first request. Raises Refused where one of the kind waits already."""
    if first := DataRequest.objects.filter(token=token, user=user).first():
        return first
    if kind == DataRequest.Kind.DELETION:
        _check_nothing_under_way(user)
    now = clock.now()
    try:
        with transaction.atomic():
            return DataRequest.objects.create(
                token=token,
                user=user,
                kind=kind,
                subject=subject,
                wish=wish,
                asked_at=now,
                due_on=clock.local_date(now + ANSWER_WITHIN),
            )
    except IntegrityError as error:
        raise Refused(_("Such a request waits for its answer already.")) from error


def _check_nothing_under_way(user: User) -> None:
    waiting = [str(case) for case in open_cases(user)]
    if waiting:
        raise Refused(
            _("These cases are still under way: %(cases)s. Withdraw them or wait for the decision, then ask again.")
            % {"cases": _(", ").join(waiting)}
        )
    if reasons := list(reasons_against_closing(user)):
        raise Refused(" ".join(reasons))


@transaction.atomic
def take_back(request: DataRequest) -> bool:
    """False where it was answered a moment ago."""
    waiting = DataRequest.objects.filter(pk=request.pk, state=DataRequest.State.WAITING)
    return bool(waiting.update(state=DataRequest.State.TAKEN_BACK, decided_at=clock.now()))


@transaction.atomic
def answer(request: DataRequest, *, by: User, granted: bool, words: str) -> DataRequest:
    """A granted deletion erases at once. Raises Refused where it was answered meanwhile or a case is under way."""
    request = DataRequest.objects.select_for_update(of=("self",)).select_related("user").get(pk=request.pk)
    if not request.is_waiting:
        raise Refused(_("This request was answered or taken back meanwhile."))
    if by.pk == request.user_id:
        raise PermissionDenied(_("Nobody answers the own request."))
    request.state = DataRequest.State.GRANTED if granted else DataRequest.State.REFUSED
    request.answer, request.decided_by, request.decided_at = words, by, clock.now()
    if granted and request.kind == DataRequest.Kind.DELETION:
        _erase(request, by=by)
    else:
        _tell(request)
    request.save()
    return request


def _erase(request: DataRequest, *, by: User) -> None:
    user = request.user
    lock_to_erase([user])
    _check_nothing_under_way(user)
    # While the account still knows its phone.
    tell_of_change(user, DATA_ERASED, phone=user.phone)
    kept = kept_of(user)
    reason = _("Deletion asked for by the person, request %(number)s") % {"number": request.pk}
    erased = erase_account(user, by=by, reason=reason)
    # What was wished for may name facts that are gone now, and nobody waits for an answer any more.
    request.wish = _("(erased)")
    others = DataRequest.objects.of(user.pk).exclude(pk=request.pk)
    others.filter(state=DataRequest.State.WAITING).update(
        state=DataRequest.State.TAKEN_BACK, decided_at=request.decided_at
    )
    others.update(wish=request.wish)
    DataErasure.objects.create(
        request=request,
        erased=[asdict(line) for line in erased],
        kept=[asdict(line) for line in kept],
        at=clock.now(),
    )


def _tell(request: DataRequest) -> None:
    Notification.objects.create(
        recipient=request.user,
        channel=Channel.STATION,
        title=_("Your request about your data was answered"),
        body=_("%(state)s: %(answer)s") % {"state": request.get_state_display(), "answer": request.answer},
        created_at=clock.now(),
    )


@transaction.atomic
def withdraw_consent(consent: Consent) -> ConsentWithdrawal:
    """From now on the page that asks for it stands before everything else; what was done until now stays lawful."""
    withdrawal, _created = ConsentWithdrawal.objects.get_or_create(
        consent=consent, given_again_at=None, defaults={"at": clock.now()}
    )
    return withdrawal
