"""What every template may use: amounts, and forms with their errors."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TypeAlias

from django import template
from django.forms import BaseForm, BaseFormSet, BoundField
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()

# What stands beside a field besides its hint and its error: {attribute of the field: end of the id}.
BESIDE = {"remarks": "remark", "doubt": "doubt"}

Source: TypeAlias = "BaseForm | BaseFormSet[Any] | Iterable[Source] | None"


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


@register.simple_tag
def form_token() -> str:
    """A token for a form that creates something: posting it twice finds what the first post made."""
    return uuid.uuid4().hex


@register.simple_tag
def error_lines(source: Source) -> list[ErrorLine]:
    """Every error of a form, a formset or a list of these, in the order of the page."""
    return list(_lines(source))


@register.filter
def has_errors(source: Source) -> bool:
    return next(_lines(source), None) is not None


@register.filter
def has_required(form: BaseForm) -> bool:
    return any(field.required and not field.widget.is_hidden for field in form.fields.values())


@register.simple_tag
def control(field: BoundField, css: str) -> SafeString:
    """The control of a field with Bootstrap's class, described by its hint and its error."""
    own = field.field.widget.attrs.get("class", "")
    attrs: dict[str, str | bool] = {"class": " ".join(filter(None, [css, own, "is-invalid" if field.errors else ""]))}
    beside = [f"{field.auto_id}_{name}" for attribute, name in BESIDE.items() if getattr(field.field, attribute, None)]
    if described_by := " ".join(filter(None, [field.aria_describedby, *beside])):
        attrs["aria-describedby"] = described_by
    return field.as_widget(attrs=attrs)


def _lines(source: Source) -> Iterator[ErrorLine]:
    if isinstance(source, BaseForm):
        yield from _form_lines(source)
    elif isinstance(source, BaseFormSet):
        if source.is_bound:
            yield from (ErrorLine("", "", str(error)) for error in source.non_form_errors())
        for form in source:
            yield from _form_lines(form)
    elif source and not isinstance(source, str):
        for part in source:
            yield from _lines(part)


def _form_lines(form: BaseForm) -> Iterator[ErrorLine]:
    if not form.is_bound:
        return
    yield from (ErrorLine("", "", str(error)) for error in form.non_field_errors())
    for field in form:
        yield from (ErrorLine(_target(field), str(field.label), str(error)) for error in field.errors)


def _target(field: BoundField) -> str:
    if field.is_hidden:
        return ""
    # A group of radio buttons has no id of its own: its first button takes the focus.
    return field.id_for_label or f"{field.auto_id}_0"
