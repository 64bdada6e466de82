"""An account is shut and opened again: its sessions, links and numbers go and come with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from accounts.enums import IdentifierKind
from accounts.models import Identifier, User
from accounts.services.accounts import Taken, claim_identifiers, find_taken
from accounts.services.one_time_links import void_links
from accounts.services.sessions import end_other_sessions
from workflow import clock
from workflow.enums import OrganisationKind, Role, State
from workflow.models import Case, Duty, Organisation

# What speaks against closing an account now, in words for whoever wants to close it; "" where nothing does.
Bar = Callable[[User], str]

_bars: list[Bar] = []


def bars_closing(function: Bar) -> Bar:
    """A service above says what of its own must be finished first."""
    _bars.append(function)
    return function


def reasons_against_closing(user: User) -> Iterator[str]:
    yield from (reason for bar in _bars if (reason := bar(user)))


@bars_closing
def waits_for_decision(user: User) -> str:
    """Drafts and returned cases wait for the person alone; they stay as they are."""
    waiting = Case.objects.filter(applicant=user, state=State.IN_REVIEW).order_by("pk")
    numbers = _(", ").join(str(case) for case in waiting[:5])
    return _("These cases are not finished yet: %(cases)s") % {"cases": numbers} if numbers else ""


@bars_closing
def keeps_users_alone(user: User) -> str:
    """Nobody would be left who may open accounts for the employer. Whoever stands in goes with the seat."""
    own = administrators().filter(user=user)
    others = administrators().filter(organisation=OuterRef("organisation")).exclude(user=user)
    duty = own.filter(~Exists(others)).select_related("organisation").first()
    if duty is None:
        return ""
    return _("Nobody else keeps the users of %(unit)s: make somebody else its administrator first.") % {
        "unit": duty.organisation
    }


def administrators() -> QuerySet[Duty]:
    duties = Duty.objects.on(clock.today()).filter(organisation__kind=OrganisationKind.UNIT, role=Role.MANAGER)
    return duties.filter(stands_in_for=None, user__is_active=True)


def lock_units_kept_by(user: User) -> None:
    """Of two administrators who close their accounts at once, the second one finds that nobody else is left."""
    units = Organisation.objects.filter(pk__in=administrators().filter(user=user).values("organisation"))
    list(units.select_for_update(of=("self",), no_key=True).order_by("pk"))


def shut(user: User) -> None:
    """``user`` is locked. Sessions end at once, and the numbers may be registered by others."""
    user.is_active = False
    user.save(update_fields=["is_active"])
    # The code of the unit stays with it, whoever of its people comes and goes.
    Identifier.objects.filter(user=user).exclude(kind=IdentifierKind.CREDIT_CODE).delete()
    void_links(user)
    end_other_sessions(user, this=None)


def open_again(user: User, *, number: str) -> None:
    """``user`` is locked. Raises Taken where somebody has a number of it by now, or the person another account."""
    try:
        with transaction.atomic():
            _open_again(user, number)
    except IntegrityError as error:
        raise Taken(find_taken(number=number, phone=user.phone, user=user)) from error


def _open_again(user: User, number: str) -> None:
    errors = find_taken(number=number, phone=user.phone, user=user)
    if user.person_id is not None and User.objects.filter(person=user.person_id, is_active=True).exists():
        errors.setdefault("number", _("This person has another account by now."))
    if errors:
        raise Taken(errors)
    claim_identifiers(user, number=number, phone=user.phone)
    user.is_active = True
    user.save(update_fields=["is_active"])
