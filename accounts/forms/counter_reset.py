"""密码重置受理: the forms by which an account is found, a request accepted, and a request ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crispy_forms.layout import HTML
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.counter_papers import UNITS
from accounts.forms.counter import AGENT, PRINT, PapersForm
from accounts.forms.fields import word_required
from accounts.models import User
from accounts.services.counter_identity import Comparison, compare
from accounts.services.counter_resets import ResetFacts
from accounts.services.counter_scans import KINDS
from workflow.formlook import FormLook
from workflow.office_forms import UploadField


class FindForm(forms.Form):
    """One account by the whole of a name or number: nobody leafs through accounts."""

    account = forms.CharField(
        label=gettext_lazy("User name, document number or credit code"),
        max_length=30,
        help_text=gettext_lazy("The whole of it, as on the paper. Every search is recorded with your name."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word_required(self)


class ResetRequestForm(PapersForm):
    """密码重置受理: who came, with what, and the form as it was signed."""

    ground = forms.CharField(
        label=gettext_lazy("Ground where the agent differs from the record"),
        max_length=200,
        min_length=2,
        required=False,
        help_text=gettext_lazy(
            "Only where the name or document is not that of the record: such as a change of agent with the employer's "
            "sealed statement. The second officer reads it."
        ),
    )
    scan = UploadField(label=gettext_lazy("Scan of the signed form"), kinds=KINDS)
    field_order: Sequence[str] = ("token", "papers", *AGENT, "ground", "scan")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        self.fields["scan"].help_text = _(
            "PDF, JPG or PNG. Choose it last: the browser forgets it when an error shows."
        )
        word_required(self)
        self.helper = FormLook("token", "papers", *AGENT, "ground", HTML(PRINT), "scan")
        self.fields["scan"].error_messages["required"] = _("Upload: %(field)s") % {"field": self.fields["scan"].label}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if {"agent", "number", "ground"} <= cleaned.keys():
            found = compare(self.user, agent=cleaned["agent"], number=cleaned["number"])
            # A person's number that differs is refused, whatever the ground.
            if found.differs and not cleaned["ground"] and not (self.is_person and found.number_agrees is False):
                self.add_error("ground", difference_text(found))
            if not found.differs:
                cleaned["ground"] = ""
        return cleaned

    @property
    def facts(self) -> ResetFacts:
        data = self.cleaned_data
        return ResetFacts(
            subject=self.subject,
            agent=data["agent"],
            document_kind=data["document_kind"],
            number=data["number"],
            papers=tuple(data["papers"]),
            scan=data["scan"],
            ground=data["ground"],
        )


def difference_text(found: Comparison) -> str:
    if found.name_agrees:
        what = _("The document number is not that of the record (%(number)s).")
    elif found.number_agrees is False:
        what = _("Name and document number are not those of the record (%(name)s, %(number)s).")
    else:
        what = _("The name is not that of the record (%(name)s).")
    said = what % {"name": found.name, "number": found.number_masked or "—"}
    return said + _("Check who came; where it is right all the same (such as a change of agent), state the ground.")


class SubjectForm(forms.Form):
    """The kind of employer decides which papers are asked for."""

    subject = forms.ChoiceField(
        label=gettext_lazy("Kind of account holder"), choices=[(one.value, one.label) for one in UNITS]
    )


class EndForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, min_length=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word_required(self)
