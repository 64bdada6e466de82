"""保存期限 of what accounts keep: logs, messages, and registrations that came to nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib.admin.models import LogEntry
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import AccountDeed, SendState, VerificationOutcome
from accounts.models import (
    AccountEvent,
    Consent,
    DataRequest,
    MailMessage,
    Notification,
    SensitiveView,
    SignIn,
    TextMessage,
    User,
    Verification,
)
from accounts.models.registration import CASE_TYPES
from accounts.services.erasing import GONE, Kept, closed_registrations, erase_accounts, register_holder
from workflow.enums import State
from workflow.models import Case
from workflow.retention import (
    ARCHIVES,
    HALF_A_YEAR,
    HANDLING_RECORDS,
    NECESSARY,
    NETWORK_LOGS,
    THREE_YEARS,
    YEAR,
    RetentionClass,
    register_retention,
)


def _sent(model: type[TextMessage] | type[MailMessage]) -> QuerySet[Any]:
    return model._base_manager.exclude(state=SendState.QUEUED)


def _account_events() -> QuerySet[Any]:
    """Who has closed an account may open it again: as long as it is closed, that is looked up here."""
    switches = [AccountDeed.CLOSED, AccountDeed.REOPENED, AccountDeed.STOPPED, AccountDeed.STARTED]
    is_closed = Q(user__is_active=False, deed__in=switches) & ~Q(user__username__startswith=GONE)
    return AccountEvent.objects.exclude(is_closed)


def _ended_checks() -> QuerySet[Any]:
    """Those by which an account has its level stay as long as it does."""
    came_to_nothing = Q(outcome__in=[VerificationOutcome.FAILED, VerificationOutcome.UNAVAILABLE])
    return Verification.objects.filter(came_to_nothing | Q(user__username__startswith=GONE))


def _ended_registrations() -> QuerySet[Case]:
    """Nobody was ever let in by them, and what the account said of itself is still there."""
    ended = Case.objects.filter(case_type__in=CASE_TYPES, state__in=[State.WITHDRAWN, State.REJECTED])
    never_in = ended.filter(applicant__is_active=False, applicant__is_approved=False, applicant__person=None)
    return never_in.exclude(applicant__username__startswith=GONE)


def _erase_registrants(keys: Sequence[Any]) -> None:
    erase_accounts(closed_registrations(keys))


LOGS = (
    RetentionClass(
        "sign_ins", gettext_lazy("Sign-in log"), NETWORK_LOGS, SignIn.objects.all, "at", HALF_A_YEAR, THREE_YEARS
    ),
    RetentionClass(
        "administration_log",
        gettext_lazy("Log of the administration"),
        NETWORK_LOGS,
        LogEntry.objects.all,
        "action_time",
        HALF_A_YEAR,
        THREE_YEARS,
    ),
    RetentionClass(
        "sensitive_views",
        gettext_lazy("Who looked at full numbers"),
        HANDLING_RECORDS,
        SensitiveView.objects.all,
        "at",
        THREE_YEARS,
        THREE_YEARS,
    ),
    RetentionClass(
        "account_events",
        gettext_lazy("What others did to accounts"),
        HANDLING_RECORDS,
        _account_events,
        "at",
        THREE_YEARS,
        THREE_YEARS,
    ),
    RetentionClass(
        "verifications",
        gettext_lazy("Checks of real names that came to nothing, or of erased accounts"),
        HANDLING_RECORDS,
        _ended_checks,
        "at",
        THREE_YEARS,
        THREE_YEARS,
    ),
    RetentionClass(
        "consents", gettext_lazy("Consents and their withdrawals"), HANDLING_RECORDS, Consent.objects.all, "given_at"
    ),
    RetentionClass(
        "data_requests",
        gettext_lazy("Requests about own data"),
        HANDLING_RECORDS,
        DataRequest.objects.all,
        "asked_at",
    ),
)
MESSAGES = (
    RetentionClass(
        "texts",
        gettext_lazy("Text messages sent"),
        NETWORK_LOGS,
        lambda: _sent(TextMessage),
        "created_at",
        HALF_A_YEAR,
        YEAR,
    ),
    RetentionClass(
        "mails", gettext_lazy("E-mails sent"), NETWORK_LOGS, lambda: _sent(MailMessage), "created_at", HALF_A_YEAR, YEAR
    ),
    RetentionClass(
        "messages",
        gettext_lazy("Messages on the site"),
        NECESSARY,
        Notification.objects.all,
        "created_at",
        preset_days=2 * YEAR,
    ),
    RetentionClass(
        "registrations",
        gettext_lazy("What ended registrations said of people"),
        NECESSARY,
        _ended_registrations,
        "closed_at",
        preset_days=HALF_A_YEAR,
        remove=_erase_registrants,
    ),
)
for _kind in (*LOGS, *MESSAGES):
    register_retention(_kind)


@register_holder
def records_of_handling(user: User) -> Iterator[Kept]:
    """Of every account: that it consented, signed in, was written to and looked at, and what others did to it."""
    yield Kept(_("Sign-in log"), str(NETWORK_LOGS), _("for the time set for this class"))
    if any(model._base_manager.filter(user=user).exists() for model in (TextMessage, MailMessage)):
        yield Kept(_("Text messages and e-mails sent"), str(NETWORK_LOGS), _("for the time set for this class"))
    if any(model._base_manager.filter(user=user).exists() for model in (AccountEvent, Verification)):
        yield Kept(_("What others did to the account, and checks"), str(HANDLING_RECORDS), _("at least three years"))
    if Consent.objects.filter(user=user).exists():
        yield Kept(_("Consents, who looked, and this request"), str(HANDLING_RECORDS), _("at least three years"))
    if Case.objects.filter(applicant=user).exclude(number="").exists():
        yield Kept(_("Cases with their events and filed forms"), str(ARCHIVES), _("for good"))
