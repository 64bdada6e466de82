"""What every template of the house may use: amounts, and forms with their errors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.forms import BaseForm, BaseFormSet, BoundField
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()

type_forms = BaseForm | BaseFormSet  # type: ignore[type-arg]


@dataclass(frozen=True, slots=True)
class ErrorLine:
    """One line of the error summary; without a target it concerns the form as a whole."""

    target: str
    label: str
    message: str


@register.filter
def money(amount: Decimal | int) -> str:
    """1234.5 -> 1,234.50"""
    return f"{Decimal(amount).quantize(Decimal('0.01'), ROUND_HALF_UP):,}"


@register.filter
def yuan(amount: Decimal | int) -> str:
    return _("%(amount)s yuan") % {"amount": money(amount)}


@register.filter
def thousands(number: int) -> str:
    return f"{number:,}"
