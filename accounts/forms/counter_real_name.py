"""窗口核验: what the officer enters who has the papers before them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import RealNameLevel, UserKind
from accounts.forms.fields import word_required
from accounts.models import StatedPerson, StatedUnit, User
from accounts.real_name_papers import missing_papers, papers_of
from accounts.services.limits import give_back, take
from workflow.identifiers import normalise_code

# Wrong numbers of one request: whoever has the document before them needs no more.
SHOWN, SHOWN_TRIES, SHOWN_SECONDS = "real_name_shown", 10, 86400


class RequestSearchForm(forms.Form):
    number = forms.CharField(
        label=_("Request number"),
        max_length=20,
        help_text=_("10 digits, on the citizen's page. Without it nobody is found."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word_required(self)


class ConfirmForm(forms.Form):
    """Confirm a level. ``seen``: the digest of what this page showed."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    papers = forms.MultipleChoiceField(
        label=_("Papers seen"), choices=[], widget=forms.CheckboxSelectMultiple, required=False
    )
    shown_number = forms.CharField(
        label=_("Document number, as on the document"),
        max_length=30,
        help_text=_("Type it from the document: the page shows it masked, and compares."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    level = forms.TypedChoiceField(
        label=_("Real-name level"),
        choices=[(level.value, level.label) for level in (RealNameLevel.MIDDLE, RealNameLevel.HIGH)],
        coerce=lambda value: RealNameLevel(int(value)),
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, user: User, stated: StatedPerson | StatedUnit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.stated = user, stated
        self.fields["papers"].choices = list(papers_of(user).items())  # type: ignore[attr-defined]
        if user.kind == UserKind.UNIT:
            self.fields["shown_number"].label = _("Document number of the legal representative, as on the document")
        if user.real_name_level >= RealNameLevel.MIDDLE:
            self.fields["level"].choices = [(3, RealNameLevel.HIGH.label)]  # type: ignore[attr-defined]
            self.fields["level"].initial = 3
        word_required(self)

    def clean_shown_number(self) -> str:
        shown, key = normalise_code(str(self.cleaned_data["shown_number"])), str(self.user.pk)
        known = self.stated.number if isinstance(self.stated, StatedPerson) else self.stated.principal_number
        if not take(SHOWN, key, tries=SHOWN_TRIES, seconds=SHOWN_SECONDS):
            raise forms.ValidationError(_("Wrong numbers too often. Refuse the request, or go on tomorrow."), "locked")
        if shown != normalise_code(known):
            raise forms.ValidationError(
                _("The number is not the one that the account states. Refuse, or let the citizen correct it first."),
                "differs",
            )
        give_back(SHOWN, key)
        return shown

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "level" in cleaned and "papers" in cleaned:
            for label in missing_papers(self.user, cleaned["papers"], cleaned["level"]):
                self.add_error("papers", _("Not ticked: %(paper)s") % {"paper": label})
        return cleaned


class RefuseForm(forms.Form):
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    reason = forms.CharField(
        label=_("Reason"),
        min_length=2,
        max_length=200,
        help_text=_("The citizen reads it. Write no numbers into it."),
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # It stands below the other form.
        super().__init__(*args, **(kwargs | {"auto_id": "refuse_%s"}))
        word_required(self)
