"""账号告知单: a password that is made while it is printed, printed once, and good for a few days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.counters import city_of
from accounts.enums import CounterDeed, UserKind
from accounts.grants import granted_items
from accounts.models import CounterSheet, User
from accounts.passwords import new_initial_password
from accounts.services.accounts import change_password
from accounts.services.counter_log import CounterRefused, note_deed
from accounts.services.counter_openings import sheet_days
from accounts.services.security_notices import tell_of_change
from accounts.services.sessions import end_other_sessions
from workflow import clock
from workflow.actors import Actor
from workflow.presentation.times import day_text, minute_text
from workflow.printing import html_to_pdf, render_page

RESET_DONE = "counter_reset_done"
# It answers for human resources and social security in the whole country.
HOTLINE = "12333"


class SheetSpent(CounterRefused):
    """The notice was printed before, or nobody printed it in time: only a reset leads to another password."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What stands on the paper; nothing keeps it."""

    city: str
    sheet: CounterSheet
    holder: str
    username: str
    password: str
    items: list[str]
    valid_until: str
    good_until: str
    officer: str
    day: str
    # Where to sign in, and whom to call.
    address: str
    entry: str
    hotline: str


def print_sheet(sheet: CounterSheet, actor: Actor, *, host: str = "") -> bytes:
    """The PDF, this once; ``host`` where the settings name none. Raises SheetSpent, which is written down."""
    try:
        return _print(sheet, actor, host)
    except SheetSpent:
        note_deed(actor, CounterDeed.REFUSED, user=sheet.user, opening=sheet.opening, reset=sheet.reset)
        raise


@transaction.atomic
def _print(sheet: CounterSheet, actor: Actor, host: str) -> bytes:
    """If the paper cannot be made, everything is taken back, and it may be asked for again."""
    CounterSheet.objects.select_for_update(of=("self",)).get(pk=sheet.pk)
    sheet = CounterSheet.objects.of_counter(actor.organisation).get(pk=sheet.pk)
    _check(sheet)
    password = new_initial_password()
    user = change_password(sheet.user, password=password, initial=True)
    end_other_sessions(user, this=None)
    assert user.password_changed_at is not None
    sheet.printed_at, sheet.printed_by_id = user.password_changed_at, actor.user_id
    sheet.good_until = user.password_changed_at + sheet_days()
    sheet.save(update_fields=["printed_at", "printed_by", "good_until"])
    note_deed(actor, CounterDeed.PRINTED, user=user, opening=sheet.opening, reset=sheet.reset)
    if sheet.reset is not None:
        tell_of_change(user, RESET_DONE, phone=user.phone)
    return html_to_pdf(
        render_page("accounts/counter_sheet_print.html", {"notice": _notice(sheet, password, actor, host)})
    )


def _check(sheet: CounterSheet) -> None:
    if sheet.printed_at is not None:
        raise SheetSpent(
            _("This notice was printed on %(time)s. A password is printed once: for another one accept a reset.")
            % {"time": minute_text(sheet.printed_at)}
        )
    if clock.machine_now() >= sheet.print_until:
        raise SheetSpent(
            _("This notice was to be printed by %(time)s. For a password accept a reset.")
            % {"time": minute_text(sheet.print_until)}
        )
    if not sheet.user.is_active:
        raise SheetSpent(_("This account has been closed meanwhile."))
    if sheet.reset is None and _is_used(sheet.user):
        # Else one officer alone would take the account from whoever has it.
        raise SheetSpent(_("This account is used already. For another password accept a reset."))


def _is_used(user: User) -> bool:
    """By a code to the phone, or with a password of a reset."""
    return user.last_login is not None or user.password_changed_at is not None


def _notice(sheet: CounterSheet, password: str, actor: Actor, host: str) -> Notice:
    user = sheet.user
    unit = sheet.opening.name if sheet.opening is not None else holder_of_account(user)
    return Notice(
        city=city_of(sheet.counter),
        sheet=sheet,
        holder=unit,
        username=user.username,
        password=password,
        items=granted_items(user),
        valid_until=day_text(user.valid_until) or "长期",
        good_until=minute_text(sheet.good_until),
        officer=str(actor.user),
        day=day_text(clock.today()),
        address=settings.SITE.get("host") or host,
        entry="个人登录" if user.kind == UserKind.PERSON else "单位登录",
        hotline=settings.SITE.get("hotline") or HOTLINE,
    )


def holder_of_account(user: User) -> str:
    """The employer for which it acts, else its own name."""
    duty = user.duties.select_related("organisation").order_by("pk").first()
    return duty.organisation.name if duty is not None else str(user)


def password_is_dead(user: User) -> datetime | None:
    """Since when the printed password of a notice is no longer good; asked only of those who must change theirs."""
    if not user.must_change_password:
        return None
    sheet = CounterSheet.objects.printed_for(user.pk)
    if sheet is None or sheet.good_until is None or sheet.printed_at != user.password_changed_at:
        return None
    return sheet.good_until if clock.machine_now() >= sheet.good_until else None
