"""Forms that are saved while they are filled in, and the last step of an application."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workflow.findings import Check


class DraftForm(forms.Form):
    """``kept``: what was typed in the draft before and could not be read, {field: text}."""

    def __init__(self, data: Mapping[str, Any] | None, *, initial: Mapping[str, Any], kept: Mapping[str, str]) -> None:
        self.kept = kept
        super().__init__(data, initial={**initial, **kept})

    def draft(self) -> dict[str, dict[str, Any]]:
        """What is kept, right or wrong: {"values": readable ones, "typed": the text of the others}."""
        values: dict[str, Any] = {}
        # What is locked stays as it is kept, readable or not.
        typed = {name: text for name, text in self.kept.items() if self._is_locked(name)}
        for name, field in self.fields.items():
            if field.disabled:
                continue
            raw = self[name].data
            try:
                values[name] = field.clean(raw) if raw not in field.empty_values else _nothing(field)
            except ValidationError:
                values[name], typed[name] = _nothing(field), str(raw)
        return {"values": values, "typed": typed}

    def _is_locked(self, name: str) -> bool:
        return name in self.fields and self.fields[name].disabled

    def require_order(self, cleaned: Mapping[str, Any], first: str, last: str, written: str) -> None:
        start, end = cleaned.get(first), cleaned.get(last)
        if start and end and end < start:
            message = _("The end lies before the beginning %(start)s. Change one of the two.")
            self.add_error(last, ValidationError(message, "order", {"start": start.strftime(written)}))

    @property
    def doubts(self) -> dict[str, Promise | None]:
        """Of what is kept: {field: what may be wrong with it, though it is no error}."""
        return {}

    def blame(self, failed: Iterable[Check]) -> bool:
        """Put every failed rule beside its field; True where one failed."""
        failed = list(failed)
        for check in failed:
            field = check.field if check.field in self.fields else None
            if field is None or field not in self.errors:
                self.add_error(field, ValidationError(check.reason, check.rule))
        return bool(failed)


def _nothing(field: forms.Field) -> Any:
    if isinstance(field, forms.BooleanField):
        return False
    return "" if isinstance(field, forms.CharField) or type(field) is forms.ChoiceField else None


class FileForm(forms.Form):
    """The last step: what guards against a second press and a stale page."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    revision = forms.IntegerField(widget=forms.HiddenInput)


class SubmitForm(FileForm):
    """The last step with a pledge."""

    pledged = forms.BooleanField(
        label=_("I pledge that everything above is true and that I will return what I receive by false statements."),
        error_messages={"required": _("Read the pledge and tick it before you submit.")},
    )
