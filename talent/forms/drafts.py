"""Forms that are saved while they are filled in, and the last step of an application."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workflow.findings import Check


class DraftForm(forms.Form):
    """``kept``: what was typed in the draft before and could not be read, {field: text}.

    A page says in ``shown`` what it was opened with. What it leaves as it was is not saved from it: another window may
    have changed it meanwhile.
    """

    # Fields that are saved together or not at all.
    together: ClassVar[Sequence[Collection[str]]] = ()

    def __init__(self, data: Mapping[str, Any] | None, *, initial: Mapping[str, Any], kept: Mapping[str, str]) -> None:
        self.kept = kept
        super().__init__(data, initial={**initial, **kept})

    def draft(self) -> dict[str, dict[str, Any]]:
        """What this page has changed, right or wrong: {"values": readable ones, "typed": the text of the others}."""
        values: dict[str, Any] = {}
        typed: dict[str, str] = {}
        for name in self._touched():
            field = self.fields[name]
            raw = self[name].data
            try:
                values[name] = field.clean(raw) if raw not in field.empty_values else _nothing(field)
            except ValidationError:
                values[name], typed[name] = _nothing(field), str(raw)
        return {"values": values, "typed": typed}

    @property
    def shown(self) -> str:
        """A mark for each answer on this page, "field:mark …"; it comes back with what the page sends."""
        answers = {name: self[name].data if self.is_bound else self[name].initial for name in self._open()}
        return " ".join(f"{name}:{self._mark(name, answer)}" for name, answer in answers.items())

    @property
    def overtaken(self) -> str:
        """Which answers another window has changed since the page was opened, in words; "" where none."""
        touched = self._touched()
        labels = [str(self[name].label) for name in self._open() if name not in touched and self._differs(name)]
        message = _("Changed in another window since this page was opened, and kept as it stands there: %(fields)s.")
        return str(message) % {"fields": str(_(", ")).join(labels)} if labels else ""

    def _open(self) -> list[str]:
        return [name for name, field in self.fields.items() if not field.disabled]

    def _touched(self) -> list[str]:
        """What is saved; of a page that does not say what it was opened with, everything."""
        marks = dict(part.partition(":")[::2] for part in str(self.data.get("shown", "")).split())
        names = {name for name in self._open() if self._is_touched(name, marks.get(name, ""))}
        for group in self.together:
            if not names.isdisjoint(group):
                names.update(group)
        return [name for name in self._open() if name in names]

    def _is_touched(self, name: str, mark: str) -> bool:
        typed = self._mark(name, self[name].data)
        # What could not be read may be readable by now: it depends on other answers.
        return typed != mark or (name in self.kept and typed == self._mark(name, self.kept[name]))

    def _differs(self, name: str) -> bool:
        """Whether what is kept says anything else than the page, in whatever way it is written."""
        answer = self[name].data
        with suppress(ValidationError):
            answer = self.fields[name].clean(answer)
        kept = self[name].initial
        return answer != kept and self._mark(name, answer) != self._mark(name, kept)

    def _mark(self, name: str, answer: Any) -> str:
        """What tells one answer from another; the answers themselves need not stand in the page twice."""
        field = self.fields[name]
        if isinstance(field, forms.BooleanField):
            answer = str(bool(answer))
        text = str(field.widget.format_value(field.prepare_value(answer)) or "").replace("\r\n", "\n")
        return hashlib.blake2s(text.encode(), digest_size=6).hexdigest()

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
