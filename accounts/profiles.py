"""What 账户资料 and the result of 【重新认证】 show, put into words once; numbers are masked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import LegalPersonKind, RealNameLevel, UserKind, VerificationOutcome
from accounts.models import Person, RealNameRequest, StatedPerson, StatedUnit, User, Verification
from accounts.real_name_papers import papers_of
from accounts.services.real_name import CHANGE, COUNTER, REVIEW
from accounts.services.real_name_requests import COUNTERS
from accounts.services.statements import own_unit, stated_of
from accounts.verifiers import verifier
from workflow import clock
from workflow.codelists import DOCUMENT_KINDS, SEX
from workflow.identifiers import tells_birth
from workflow.masking import mask_address, mask_mail, mask_number, mask_phone
from workflow.models import Organisation

Rows = list[tuple[str, str]]
CHECKS_SHOWN = 5
CHECKED_BY = {
    "phone": gettext_lazy("Code by text message"),
    REVIEW: gettext_lazy("Review of the registration"),
    COUNTER: gettext_lazy("Counter"),
    CHANGE: gettext_lazy("Change of the data"),
    "demo": gettext_lazy("Demo check"),
    "two_element": gettext_lazy("Two-element check"),
    "identity_service": gettext_lazy("Identity service of the government"),
}


@dataclass(frozen=True, slots=True)
class CheckLine:
    when: str
    by: str
    outcome: str
    reason: str
    # A shape of ``_status.html``.
    kind: str


@dataclass(frozen=True, slots=True)
class ProfilePage:
    rows: Rows
    level: str
    kind: str
    may_rise: bool
    checks: list[CheckLine]


@dataclass(frozen=True, slots=True)
class ResultPage:
    """``outcome``: of the latest check, where it is newer than the ``number`` to show at one of ``counters``."""

    title: str
    level: str
    kind: str
    outcome: str
    reason: str
    notice: str
    number: str
    until: str
    papers: list[str]
    counters: list[tuple[str, str]]
    is_unit: bool


def profile_of(user: User) -> ProfilePage:
    rows = _unit_rows(user) if user.kind == UserKind.UNIT else _person_rows(user)
    checks = Verification.objects.filter(user=user)[:CHECKS_SHOWN]
    is_known = user.real_name_level >= RealNameLevel.MIDDLE
    return ProfilePage(
        rows=[(_("User name"), user.username), *rows],
        level=str(RealNameLevel(user.real_name_level).label),
        kind="done" if is_known else "wait",
        may_rise=user.real_name_level < RealNameLevel.HIGH,
        checks=[_check_line(check) for check in checks],
    )


def _check_line(check: Verification) -> CheckLine:
    shapes = {VerificationOutcome.PASSED: "done", VerificationOutcome.FAILED: "bad"}
    outcome = VerificationOutcome(check.outcome)
    return CheckLine(
        when=timezone.localtime(check.at).strftime("%Y-%m-%d %H:%M"),
        by=str(CHECKED_BY.get(check.verifier, check.verifier)),
        outcome=str(outcome.label),
        reason=check.reason if outcome in (VerificationOutcome.FAILED, VerificationOutcome.DROPPED) else "",
        kind=shapes.get(outcome, "plain"),
    )


def _person_rows(user: User) -> Rows:
    stated = StatedPerson.objects.select_related("region").filter(user=user).first()
    known = user.person or stated
    return [
        (_("Full name"), known.name if known is not None else user.name),
        *(_document_rows(known) if known is not None else []),
        *(_validity_rows(stated) if stated is not None else []),
        *_contact_rows(user),
    ]


def _document_rows(known: Person | StatedPerson) -> Rows:
    return [
        (_("Kind of document"), DOCUMENT_KINDS.label(known.document_kind)),
        (_("Document number"), mask_number(known.number)),
    ]


def _validity_rows(stated: StatedPerson) -> Rows:
    rows = []
    if stated.valid_from or stated.valid_until:
        rows.append((_("Document valid"), f"{_day(stated.valid_from)} – {_day(stated.valid_until)}"))
    if stated.region is not None:
        rows.append((_("Place of residence"), stated.region.name))
    return rows


def _day(day: date | None) -> str:
    return day.isoformat() if day is not None else _("without end")


def _unit_rows(user: User) -> Rows:
    stated, unit = stated_of(user), own_unit(user)
    rows = _organisation_rows(unit) if unit is not None else []
    if isinstance(stated, StatedUnit):
        rows = [*(rows or _stated_unit_rows(stated)), *_legal_person_rows(stated)]
    return [*rows, (_("Person in charge"), user.name), *_contact_rows(user)]


def _stated_unit_rows(stated: StatedUnit) -> Rows:
    return [
        (_("Name of the employer"), stated.name),
        (_("Unified social credit code"), stated.uscc),
        (_("Administrative division"), stated.region.name if stated.region is not None else ""),
    ]


def _legal_person_rows(stated: StatedUnit) -> Rows:
    return [
        (_("Kind of legal person"), str(LegalPersonKind(stated.kind).label)),
        (_("Legal representative"), stated.principal),
        (_("Document number of the legal representative"), mask_number(stated.principal_number)),
        (_("Registered address"), mask_address(stated.address)),
    ]


def stated_rows(stated: StatedPerson | StatedUnit) -> Rows:
    """What an officer compares with the papers."""
    if isinstance(stated, StatedUnit):
        return [*_stated_unit_rows(stated), *_legal_person_rows(stated)]
    return [(_("Full name"), stated.name), *_document_rows(stated), *_untold_rows(stated), *_validity_rows(stated)]


def _untold_rows(stated: StatedPerson) -> Rows:
    """What the number of an ID card tells, and that of another document does not."""
    if tells_birth(stated.document_kind, stated.number):
        return []
    born = stated.birth_date.isoformat() if stated.birth_date is not None else ""
    return [(_("Sex"), SEX.label(stated.sex)), (_("Date of birth"), born)]


def _organisation_rows(unit: Organisation) -> Rows:
    return [
        (_("Name of the employer"), unit.name),
        (_("Unified social credit code"), unit.code),
        (_("Administrative division"), unit.region.name),
        (_("Supervising department"), unit.parent.name if unit.parent is not None else ""),
    ]


def _contact_rows(user: User) -> Rows:
    return [
        (_("Mobile number"), mask_phone(user.phone) if user.phone else ""),
        (_("E-mail"), mask_mail(user.email) if user.email else ""),
    ]


def result_of(user: User) -> ResultPage:
    request = RealNameRequest.objects.waiting(clock.now()).filter(user=user).first()
    outcome, reason = _outcome(user, request)
    found = verifier()
    is_known = user.real_name_level >= RealNameLevel.MIDDLE
    return ResultPage(
        title=_title(outcome),
        level=str(RealNameLevel(user.real_name_level).label),
        kind="done" if is_known else "wait",
        outcome=outcome,
        reason=reason,
        notice=str(found.notice) if found is not None else "",
        number=_grouped(request.number) if request is not None else "",
        until=timezone.localtime(request.expires_at).strftime("%Y-%m-%d") if request is not None else "",
        papers=[str(paper) for paper in papers_of(user).values()],
        counters=_counters(user) if request is not None else [],
        is_unit=user.kind == UserKind.UNIT,
    )


def _outcome(user: User, request: RealNameRequest | None) -> tuple[str, str]:
    """(outcome, what to say of it); nothing where a check at a counter was asked for since, or nothing was asked."""
    last = Verification.objects.filter(user=user).first()
    if request is not None and (last is None or last.at < request.asked_at):
        return "", ""
    if user.real_name_level >= RealNameLevel.MIDDLE:
        return str(VerificationOutcome.PASSED), ""
    if last is not None and last.outcome == VerificationOutcome.FAILED:
        return str(last.outcome), last.reason
    if last is not None and last.outcome == VerificationOutcome.UNAVAILABLE:
        later = _("The register cannot be reached at present. Nothing was changed: try again later.")
        return str(last.outcome), later
    return "", ""


def _title(outcome: str) -> str:
    if outcome == VerificationOutcome.PASSED:
        return _("Real name verified")
    if outcome == VerificationOutcome.FAILED:
        return _("The real name was not verified")
    if outcome == VerificationOutcome.UNAVAILABLE:
        return _("The real name could not be checked")
    return _("Check of the real name")


def _grouped(number: str) -> str:
    """1234 567 890: easier to read out."""
    return f"{number[:4]} {number[4:7]} {number[7:]}"


def _counters(user: User) -> list[tuple[str, str]]:
    """Where to go: (name, telephone); employers to those of their county."""
    found = Organisation.objects.active().filter(kind__in=COUNTERS).order_by("kind", "code")
    stated = stated_of(user)
    if stated is not None and stated.region is not None:
        near = found.filter(region_id__in=stated.region.ancestors)
        found = near if isinstance(stated, StatedUnit) or near.exists() else found
    return [(office.name, office.phone) for office in found[:20]]
