"""What an officer at a counter fills in: 开户受理, 密码重置受理, and what is granted anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from crispy_forms.layout import HTML, Fieldset
from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.counter_papers import missing_papers, papers_of
from accounts.enums import CodePurpose, CounterSubject
from accounts.forms.codes import CodeBlock, CodeForm
from accounts.forms.fields import (
    CreditCodeField,
    DateField,
    MobileField,
    PersonNameField,
    UsernameField,
    word_required,
)
from accounts.forms.unit import EMPTY
from accounts.grants import grantable
from accounts.services.counter_openings import OpeningFacts
from accounts.services.counter_scans import KINDS
from accounts.sms import gateway
from workflow import clock
from workflow.codelists import DOCUMENT_KINDS
from workflow.formlook import FormLook
from workflow.identifiers import document_warning, normalise_code, uscc_warning, validate_document_number
from workflow.models import Organisation
from workflow.office_forms import UploadField

AGENT = ("agent", "document_kind", "number")


PRINT = '{% include "accounts/_counter_print.html" %}'


def _names(parts: Iterable[Any]) -> Iterator[str]:
    """Of the fields, as they stand on the page."""
    for part in parts:
        yield from [part] if isinstance(part, str) else _names(getattr(part, "fields", ()))


class OptionalUsernameField(UsernameField):
    """Left empty, the system chooses a name."""

    def clean(self, value: Any) -> str:
        return super().clean(value) if str(value or "").strip() else ""


class PapersForm(forms.Form):
    """The check-list of a kind of account holder, and the document of who came."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    papers = forms.MultipleChoiceField(
        label=gettext_lazy("Papers seen"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Tick what lies before you; of papers that stand for each other one is enough."),
    )
    agent = PersonNameField(label=gettext_lazy("Name of the agent"))
    document_kind = forms.ChoiceField(
        label=gettext_lazy("Kind of document"), choices=DOCUMENT_KINDS.choices, initial="01"
    )
    number = forms.CharField(label=gettext_lazy("Document number"), max_length=30)

    def __init__(self, *args: Any, subject: CounterSubject, **kwargs: Any) -> None:
        self.subject = subject
        super().__init__(*args, **kwargs)
        self.fields["papers"].choices = [(p.key, p.label) for p in papers_of(subject)]  # type: ignore[attr-defined]
        if self.is_person:
            self.fields["agent"].label = gettext_lazy("Name")

    @property
    def is_person(self) -> bool:
        return self.subject == CounterSubject.PERSON

    def clean_papers(self) -> list[str]:
        papers: list[str] = self.cleaned_data["papers"]
        if lacking := missing_papers(self.subject, papers):
            raise ValidationError([_("Still to be seen: %(paper)s") % {"paper": paper} for paper in lacking])
        return papers

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "number" in cleaned and "document_kind" in cleaned:
            cleaned["number"] = normalise_code(cleaned["number"])
            try:
                validate_document_number(cleaned["document_kind"], cleaned["number"])
            except ValidationError as error:
                self.add_error("number", error)
        return cleaned

    @property
    def doubts(self) -> dict[str, Promise | None]:
        kind, number = (str(self[name].value() or "") for name in ("document_kind", "number"))
        return {"number": document_warning(kind, number) if number else None}


class GrantForm(forms.Form):
    """授权事项 and 有效期."""

    items = forms.MultipleChoiceField(
        label=gettext_lazy("Granted items"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("The account can do these items and no others."),
    )
    valid_until = DateField(
        label=gettext_lazy("Valid until"),
        required=False,
        help_text=gettext_lazy("The last day on which the account may be used. Empty: without end."),
    )

    def __init__(self, *args: Any, subject: CounterSubject, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["items"].choices = grantable(subject)  # type: ignore[attr-defined]
        word_required(self)

    def clean_valid_until(self) -> Any:
        day = self.cleaned_data["valid_until"]
        if day is not None and day < clock.today():
            raise ValidationError(_("The day lies in the past: nobody could use the account."), "past")
        return day


class OpeningForm(CodeForm, PapersForm):
    """开户受理 of one kind of account holder."""

    purpose = CodePurpose.COUNTER
    is_for_strangers = False

    phone = MobileField(help_text=gettext_lazy("The code goes there; the holder reads it out to you."))
    username = OptionalUsernameField(
        required=False,
        help_text=gettext_lazy("4 to 20 letters, digits or . _ - Left empty, the system chooses one."),
    )
    items = forms.MultipleChoiceField(
        label=gettext_lazy("Granted items"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("The account can do these items and no others."),
    )
    valid_until = DateField(
        label=gettext_lazy("Valid until"),
        required=False,
        help_text=gettext_lazy("The last day on which the account may be used. Empty: without end."),
    )
    scan = UploadField(label=gettext_lazy("Scan of the signed paper"), kinds=KINDS)

    def __init__(self, *args: Any, counter: Organisation, **kwargs: Any) -> None:
        self.counter = counter
        super().__init__(*args, **kwargs)
        self.fields["items"].choices = grantable(self.subject)  # type: ignore[attr-defined]
        self.fields["scan"].help_text = _(
            "PDF, JPG or PNG. Choose it last: the browser forgets it when an error shows."
        )
        if not self.is_proving:
            del self.fields["code"], self.fields["captcha"]
            self.fields["phone"].help_text = _(
                "This portal sends no text messages: the number is kept as a contact and signs nobody in."
            )
        word_required(self)
        self.fields["scan"].error_messages["required"] = _("Upload: %(field)s") % {"field": self.fields["scan"].label}
        self.helper = FormLook(*self.sections())
        # The summary of errors follows the page.
        self.order_fields(list(_names(self.sections())))

    @property
    def is_proving(self) -> bool:
        """Sign-in by text message trusts the phone, so it is proved here; without a provider nobody signs in by it."""
        return gateway() is not None

    def sections(self) -> list[Any]:
        phone = CodeBlock("code", "phone") if self.is_proving else "phone"
        return [
            "token",
            Fieldset(_("Papers"), "papers"),
            *self.holder(phone),
            Fieldset(_("What is granted"), "items", "valid_until", "username"),
            Fieldset(_("Signed paper"), HTML(PRINT), "scan"),
        ]

    def holder(self, phone: Any) -> list[Fieldset]:
        return [Fieldset(_("Individual"), *AGENT, phone)]

    clean_valid_until = GrantForm.clean_valid_until

    @property
    def facts(self) -> OpeningFacts:
        data = self.cleaned_data
        return OpeningFacts(
            subject=self.subject,
            username=data["username"],
            name=data.get("unit_name") or data["agent"],
            agent=data["agent"],
            document_kind=data["document_kind"],
            number=data["number"],
            phone=data["phone"],
            phone_proved=self.proof is not None,
            items=tuple(data["items"]),
            papers=tuple(data["papers"]),
            valid_until=data["valid_until"],
            uscc=data.get("uscc", ""),
            social_number=data.get("social_number", ""),
            bureau=data.get("bureau"),
            scan=data["scan"],
        )


class UnitOpeningForm(OpeningForm):
    unit_name = forms.CharField(label=gettext_lazy("Name of the employer"), max_length=100)
    uscc = CreditCodeField()
    social_number = forms.CharField(label=gettext_lazy("Social insurance no."), max_length=30, required=False)
    bureau = forms.ModelChoiceField(
        label=gettext_lazy("Supervising department"), queryset=Organisation.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, bureaus: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["bureau"]
        field.queryset = bureaus  # type: ignore[attr-defined]
        if bureaus.count() != 1:
            field.empty_label = EMPTY[1]  # type: ignore[attr-defined]

    def holder(self, phone: Any) -> list[Fieldset]:
        return [
            Fieldset(_("Unit"), "unit_name", "uscc", "social_number", "bureau"),
            Fieldset(_("Agent"), *AGENT, phone),
        ]

    def clean_unit_name(self) -> str:
        return "".join(str(self.cleaned_data["unit_name"]).split())

    @property
    def doubts(self) -> dict[str, Promise | None]:
        code = str(self["uscc"].value() or "")
        return super().doubts | {"uscc": uscc_warning(code) if code else None}


class PersonOpeningForm(OpeningForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scan"].required = False
        self.fields["scan"].help_text = _("Where the person has signed an application: PDF, JPG or PNG.")
