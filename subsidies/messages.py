"""The words of the messages that only the rent subsidy sends."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.delivery import Text, renders
from workflow.models import OutboxMessage
from workflow.templatetags.tongban import money


def _number(message: OutboxMessage) -> str:
    return message.case.number if message.case is not None else ""


@renders("subsidies.city_confirmed")
def city_confirmed(message: OutboxMessage) -> Text:
    """市组织部确认通过后通知市财政局."""
    facts = {"count": message.context["count"], "total": money(message.context["total"])}
    return Text(
        _("Rent subsidies to pay"),
        _("The city organisation department has confirmed %(count)s cases, %(total)s yuan in all.") % facts,
        by_sms=False,
    )


@renders("subsidies.bounced")
def bounced(message: OutboxMessage) -> Text:
    facts = {"number": _number(message), "reason": message.context["reason"]}
    return Text(
        _("Rent subsidy: the payment came back"),
        _(
            "The bank has returned the payment for your case %(number)s (%(reason)s). Sign in and correct the account "
            "under “My payments”; then it is paid again."
        )
        % facts,
    )


@renders("subsidies.account_corrected")
def account_corrected(message: OutboxMessage) -> Text:
    return Text(
        _("Rent subsidy: an account was corrected"),
        _("The applicant of case %(number)s has corrected the account. It can be paid again.")
        % {"number": _number(message)},
        by_sms=False,
    )


@renders("subsidies.paid_again")
def paid_again(message: OutboxMessage) -> Text:
    facts = {"number": _number(message), "last4": message.context["last4"]}
    return Text(
        _("Rent subsidy: paid again"),
        _("The subsidy of your case %(number)s was paid again to the account ending in %(last4)s.") % facts,
    )
