"""A tick for each text: never set beforehand, and good only for the version that was shown beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import TermsKind
from accounts.models import Terms, User
from accounts.services.consents import texts_due, version_before
from accounts.text_changes import Change, find_changes

LABELS: dict[str, Promise] = {
    TermsKind.SENSITIVE: gettext_lazy("I agree separately: “%(title)s”"),
}
LABEL = gettext_lazy("I have read and agree to “%(title)s”")


# What the law wants told beside this tick (Personal Information Protection Law, article 30).
NECESSITY = gettext_lazy(
    "Sensitive are above all the number of your document and, when you apply for something, bank account, photo and "
    "address. Without them nobody can make sure that you are you, decide on an application or pay. Whoever got hold of "
    "them could pretend to be you: they are encrypted, shown in part, and every look at one in full is recorded."
)


class ConsentBox(forms.CheckboxInput):
    """Sends the key of the text; a tick for another version shows as not set."""

    def __init__(self, key: str) -> None:
        super().__init__(check_test=lambda value: value == key)
        self.key = key

    def format_value(self, value: Any) -> str:
        return self.key

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return data.get(name, "")


class ConsentField(forms.Field):
    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        label = LABELS.get(terms.kind, LABEL) % {"title": terms.name}
        hint = NECESSITY if terms.kind == TermsKind.SENSITIVE else ""
        super().__init__(label=label, help_text=hint, widget=ConsentBox(str(terms.pk)))

    def clean(self, value: Any) -> Terms:
        if not value:
            raise forms.ValidationError(_("Tick the box if you agree; without it we cannot go on."), "required")
        if value != str(self.terms.pk):
            raise forms.ValidationError(
                _("The text was changed while you filled in the form. Read the new version and tick the box again."),
                "changed",
            )
        return self.terms


@dataclass(frozen=True, slots=True)
class Asked:
    """One text with its tick; ``changes``: what differs from the version agreed to before."""

    field: BoundField
    terms: Terms
    changes: list[Change]


class ConsentsForm(forms.Form):
    """Mixed into a form; the page includes ``accounts/_consents.html`` before its button."""

    kinds: ClassVar[Sequence[str]]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.texts = self.find_texts()
        for terms in self.texts:
            self.fields[terms.kind] = ConsentField(terms)

    def find_texts(self) -> Sequence[Terms]:
        return Terms.objects.of_kinds(self.kinds)

    @property
    def consents(self) -> list[Asked]:
        return [Asked(self[terms.kind], terms, self.changes_of(terms)) for terms in self.texts]

    def changes_of(self, terms: Terms) -> list[Change]:
        return []

    @property
    def agreed(self) -> list[Terms]:
        return [self.cleaned_data[terms.kind] for terms in self.texts]


class AgreementForm(ConsentsForm):
    """What somebody who is signed in has still to agree to."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def find_texts(self) -> Sequence[Terms]:
        return texts_due(self.user)

    def changes_of(self, terms: Terms) -> list[Change]:
        before = version_before(self.user, terms)
        return find_changes(before.paragraphs, terms.paragraphs) if before is not None else []
