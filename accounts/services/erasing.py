"""注销与删除: an account closes and what no law keeps is erased. The record of cases stays, and stays provable."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.models import (
    AccountEvent,
    LabourProfile,
    MessageSettings,
    Notification,
    OldPassword,
    Person,
    PersonRegistration,
    RealNameRequest,
    StatedPerson,
    StatedUnit,
    UnitRegistration,
    UnitTransfer,
    UnitUser,
    User,
    Verification,
)
from accounts.services.accounts import release_identifiers
from accounts.services.closing import lock_units_kept_by
from accounts.services.lock_order import lock_persons
from accounts.services.one_time_links import void_links
from accounts.services.sessions import end_other_sessions
from workflow import clock
from workflow.enums import State
from workflow.models import Case, CaseEvent, Duty, Material
from workflow.services import Refused
from workflow.services.drafts import discard_drafts, never_filed
from workflow.services.jobs import drop_results
from workflow.services.own_papers import give_up_own
from workflow.services.words import NotErased, erase_words

# No user name that anybody could have chosen.
GONE = "erased:"
# Of a person whom the law keeps, what nobody needs any more.
LOOSE = {
    "foreign_name": "",
    "phone": "",
    "phone_hash": "",
    "email": "",
    "ethnic": "",
    "political": "",
    "household": None,
}


class BegunMeanwhile(Refused):
    """A case of the account that was not there a moment ago; nothing is erased."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What must stay; ``until``: in words."""

    what: str
    why: str
    until: str


@dataclass(frozen=True, slots=True)
class Erased:
    what: str
    count: int


Holder = Callable[[User], Iterable[Kept]]
Eraser = Callable[[User], Iterable[Erased]]

Locker = Callable[[Sequence[int]], None]

_holders: list[Holder] = []
_erasers: list[Eraser] = []
_lockers: list[Locker] = []


def register_holder(holder: Holder) -> Holder:
    """Names what a floor above must keep of this account by law."""
    _holders.append(holder)
    return holder


def register_data_eraser(eraser: Eraser) -> Eraser:
    """Erases what a floor above holds about this account and no law keeps."""
    _erasers.append(eraser)
    return eraser


def register_locker(locker: Locker) -> Locker:
    """Locks what a floor above writes when these accounts go, and what others lock before they write to an account."""
    _lockers.append(locker)
    return locker


def kept_of(user: User) -> list[Kept]:
    return [kept for holder in _holders for kept in holder(user)]


def open_cases(user: User) -> models.QuerySet[Case]:
    """What is still under way: it must be withdrawn, or decided, before an account can close."""
    under_way = Case.objects.filter(applicant=user, state__in=[State.IN_REVIEW, State.RETURNED])
    return under_way.order_by("pk")


def lock_to_erase(users: Sequence[User]) -> None:
    """All that an erasure writes, in the order of docs/decisions/0012: who submits meanwhile is seen, or waits.

    Raises BegunMeanwhile.
    """
    keys = [user.pk for user in users]
    theirs = Case.objects.filter(applicant__in=keys)
    cases = [case.pk for case in Case.objects.locked(theirs.values_list("pk", flat=True))]
    for locker in _lockers:
        locker(keys)
    for user in users:
        lock_units_kept_by(user)
    lock_persons(user.person_id for user in users if user.person_id is not None)
    # With its key: from here on nothing new names the account.
    list(User.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
    if theirs.exclude(pk__in=cases).exists():
        raise BegunMeanwhile(_("Something was begun with this account at this moment. Try once more."))


@transaction.atomic
def erase_account(user: User, *, by: User, reason: str) -> list[Erased]:
    """Erase everything that is not kept by law, words about the person included; the account closes for good."""
    lock_to_erase([user])
    erased = [Erased(_("Words of offices"), _erase_words_about(user, by=by, reason=reason)), *_erase(user)]
    return [line for line in erased if line.count]


@transaction.atomic
def erase_accounts(users: Iterable[User]) -> None:
    """Without a request: accounts that nobody was ever let in by."""
    leaving = list(users)
    lock_to_erase(leaving)
    for user in leaving:
        list(_erase(user))


def _erase(user: User) -> Iterator[Erased]:
    user = User.objects.select_related("person").get(pk=user.pk)
    end_other_sessions(user, this=None)
    drop_results(user.pk)
    for eraser in _erasers:
        yield from eraser(user)
    yield Erased(_("Drafts"), _erase_transfers(user))
    yield Erased(_("Own papers"), _erase_papers(user))
    yield Erased(_("Stated identity"), _erase_statements(user))
    yield Erased(_("Words of the record of the account"), _erase_record(user))
    yield Erased(_("Messages"), _deleted(Notification.objects.filter(recipient=user)))
    yield Erased(_("Ways to sign in"), _erase_ways_in(user))
    yield Erased(_("This account"), _close(user))


def _erase_words_about(user: User, *, by: User, reason: str) -> int:
    """In the order of the cases, so that two erasures never wait for each other."""
    spoken = CaseEvent.objects.filter(case__applicant=user).exclude(opinion="", remarks=None)
    return sum(_erase_event(event, by=by, reason=reason) for event in spoken.distinct().order_by("case", "seq"))


def _erase_event(event: CaseEvent, *, by: User, reason: str) -> int:
    try:
        erase_words(event, by=by, reason=reason[:200])
    except NotErased:
        return 0
    return 1


def _erase_transfers(user: User) -> int:
    """Changes of the employer that were never filed."""
    drafts = never_filed(UnitTransfer.objects.filter(case__applicant=user).values_list("pk", flat=True))
    UnitTransfer.objects.filter(case__in=drafts).delete()
    discard_drafts(drafts)
    return len(drafts)


def _erase_papers(user: User) -> int:
    """What a filing names is put aside with it; the rest goes at once, but for the licence of an employer."""
    own = Material.objects.filter(owner=user, removed_at=None)
    papers = list(own.exclude(pk__in=LabourProfile.objects.values("licence")).order_by("pk"))
    for paper in papers:
        give_up_own(paper)
    return len(papers)


def _erase_statements(user: User) -> int:
    """The filed forms of registrations stay with their cases; the rows that pages read do not."""
    blank = {"name": _("(erased)"), "number": "", "number_hash": "", "birth_date": None, **LOOSE}
    rows = PersonRegistration.objects.filter(case__applicant=user).update(**blank)
    rows += UnitRegistration.objects.filter(case__applicant=user).update(contact_number="")
    rows += UnitUser.objects.filter(user=user).update(number="")
    return rows + _deleted(StatedPerson.objects.filter(user=user)) + _deleted(StatedUnit.objects.filter(user=user))


def _erase_record(user: User) -> int:
    """Former names, and reasons that may name people; what was done, by whom and when, stays for its time."""
    rows = AccountEvent.objects.filter(user=user).exclude(note="", reason="").update(note="", reason="")
    rows += Verification.objects.filter(user=user).exclude(reason="").update(reason="")
    return rows + RealNameRequest.objects.filter(user=user).exclude(reason="").update(reason="")


def _erase_ways_in(user: User) -> int:
    release_identifiers([user.pk])
    void_links(user)
    MessageSettings.objects.filter(user=user).delete()
    rows = [model.objects.filter(user=user) for model in (EmailAddress, Authenticator, SocialAccount)]
    return sum(_deleted(found) for found in [*rows, OldPassword.objects.filter(user=user)])


def _deleted(rows: models.QuerySet[models.Model]) -> int:
    return int(rows.delete()[0])


def _close(user: User) -> int:
    today = clock.today()
    Duty.objects.filter(user=user, starts_on__lte=today).exclude(ends_on__lt=today).update(ends_on=today)
    Duty.objects.filter(user=user, starts_on__gt=today).delete()
    person, user.person = user.person, None
    user.username, user.name, user.email, user.phone = f"{GONE}{user.pk}", "", "", ""
    user.is_active = False
    user.set_unusable_password()
    user.save(update_fields=["person", "username", "name", "email", "phone", "is_active", "password"])
    if person is not None:
        _let_go(person)
    return 1


def _let_go(person: Person) -> None:
    """Whoever is named by something that is kept stays, with name and number alone: the law wants to know who."""
    try:
        with transaction.atomic():
            Person.objects.filter(pk=person.pk).delete()
    except models.ProtectedError:
        Person.objects.filter(pk=person.pk).update(**LOOSE)


def closed_registrations(cases: Sequence[int]) -> list[User]:
    return list(User.objects.filter(cases__in=cases).exclude(username__startswith=GONE).distinct().order_by("pk"))
