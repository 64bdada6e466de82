from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crispy_forms.layout import Fieldset
from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.enums import CodePurpose, TermsKind
from accounts.forms.codes import CodeBlock, CodeForm
from accounts.forms.consents import ConsentsForm
from accounts.forms.fields import (
    CredentialsForm,
    DateField,
    ForeignNameField,
    MailField,
    MobileField,
    PersonNameField,
    check_document,
    check_foreign_name,
    today_or_earlier,
    word_required,
)
from accounts.forms.unit import EMPTY
from accounts.models import PersonRegistration
from accounts.services import IdentityFacts, StudyFacts
from workflow import clock
from workflow.codelists import DEGREE, DOCUMENT_KINDS, EDUCATION, ETHNIC, POLITICAL, SEX
from workflow.formlook import FormLook
from workflow.identifiers import document_warning, normalise_code, tells_birth
from workflow.models import Organisation, Region

IDENTITY_FIELDS = (
    "name", "foreign_name", "document_kind", "number", "sex", "birth_date", "ethnic", "political", "household", "phone",
    "email",
)  # fmt: skip
STUDY_FIELDS = ("education", "degree", "school", "major", "graduated_on", "full_time", "certificate_number")
WORK_FIELDS = ("unit", "hired_on")
PERSON_FIELDS = (*IDENTITY_FIELDS, *STUDY_FIELDS, *WORK_FIELDS)
SHOWN_AT_ONCE = 10


def find_units(text: str) -> list[Organisation]:
    """Approved employers by credit code or part of the name; the exact name or code alone where there is one."""
    units = Organisation.objects.units().active()
    code, name = normalise_code(text), "".join(text.split())
    exact = list(units.filter(code=code) | units.filter(name=name))
    if exact or len(name) < 2:
        return exact
    return list(units.filter(name__icontains=name).select_related("region").order_by("name")[:SHOWN_AT_ONCE])


def places() -> list[tuple[Any, Any]]:
    """Cities, each with its counties; a city without counties stands alone."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for region in Region.objects.filter(level__in=(2, 3)).select_related("parent").order_by("code"):
        city = region if region.level == 2 else region.parent
        groups.setdefault(city.name if city else region.name, []).append((region.code, region.name))
    return [EMPTY, *groups.items()]


class UnitField(forms.CharField):
    """An approved employer, named by its name or credit code. Suggestions come through htmx; typing is enough."""

    def clean(self, value: Any) -> Any:
        if isinstance(value, Organisation):
            # The field is locked and keeps the employer that it showed.
            return value
        text = str(super().clean(value)).strip()
        # A suggestion that was taken over ends in the code in brackets.
        code = normalise_code(text.rpartition("（")[2].rstrip("）")) if text.endswith("）") else ""
        found = list(Organisation.objects.units().active().filter(code=code)) if code else []
        found = found or find_units(text)
        if not found:
            raise ValidationError(
                _("No approved employer has this name or credit code. It must register first and be approved."),
                "unit_unknown",
            )
        if len(found) > 1:
            names = "、".join(f"{unit.name}（{unit.code}）" for unit in found)
            message = _("Several employers fit. Enter the full name or the credit code of one: %(names)s")
            raise ValidationError(message, "unit_ambiguous", {"names": names})
        return found[0]

    def prepare_value(self, value: Any) -> Any:
        return f"{value.name}（{value.code}）" if isinstance(value, Organisation) else value


class PersonChangeForm(forms.Form):
    """个人注册, without what signs in."""

    name = PersonNameField(help_text=_("As on the document."))
    foreign_name = ForeignNameField()
    document_kind = forms.ChoiceField(label=_("Kind of document"), choices=DOCUMENT_KINDS.choices, initial="01")
    number = forms.CharField(label=_("Document number"), max_length=30)
    sex = forms.ChoiceField(
        label=_("Sex"),
        choices=[EMPTY, *SEX.only("1", "2").choices],
        required=False,
        help_text=_("Read from the number of an ID card; needed with other documents only."),
    )
    birth_date = DateField(
        label=_("Date of birth"),
        required=False,
        help_text=_("Read from the number of an ID card; needed with other documents only."),
    )
    ethnic = forms.ChoiceField(label=_("Ethnic group"), choices=[EMPTY, *ETHNIC.choices], required=False)
    political = forms.ChoiceField(label=_("Political status"), choices=[EMPTY, *POLITICAL.choices], required=False)
    household = forms.ChoiceField(
        label=_("Place of household registration"),
        choices=places,
        required=False,
        help_text=_("Choose it if the list has it."),
    )
    phone = MobileField()
    email = MailField(label=_("E-mail"), required=False)
    education = forms.ChoiceField(label=_("Education level"), choices=[EMPTY, *EDUCATION.choices])
    degree = forms.ChoiceField(label=_("Academic degree"), choices=[EMPTY, *DEGREE.choices], required=False)
    school = forms.CharField(label=_("School"), max_length=100)
    major = forms.CharField(label=_("Field of study"), max_length=100)
    graduated_on = DateField(label=_("Graduated on"))
    full_time = forms.TypedChoiceField(
        label=_("Full-time study"), choices=[("yes", _("Yes")), ("no", _("No"))], coerce=lambda value: value == "yes"
    )
    certificate_number = forms.CharField(label=_("Number of the graduation certificate"), max_length=40)
    unit = UnitField(
        label=_("Your employer"),
        max_length=150,
        help_text=_("Name or unified social credit code; only employers whose registration is approved."),
        widget=forms.TextInput(attrs={"list": "unit-options", "autocomplete": "off"}),
    )
    hired_on = DateField(label=_("Joined the employer on"))
    field_order: Sequence[str] = PERSON_FIELDS

    def __init__(self, *args: Any, units_url: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word_required(self)
        self.fields["unit"].widget.attrs |= {
            "hx-get": units_url,
            "hx-trigger": "input changed delay:300ms",
            "hx-target": "#unit-options",
        }
        self.helper = FormLook(*self.sections())

    def sections(self) -> list[Fieldset]:
        return [
            Fieldset(_("Identity"), *IDENTITY_FIELDS),
            Fieldset(_("Education and study"), *STUDY_FIELDS),
            Fieldset(_("Your employer"), *WORK_FIELDS),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        self._clean_document(cleaned)
        today, future = clock.today(), _("The date lies in the future. Check the year.")
        for name in ("birth_date", "graduated_on", "hired_on"):
            today_or_earlier(self, name, today, future)
        return cleaned

    def _clean_document(self, cleaned: dict[str, Any]) -> None:
        card = check_document(self, "document_kind", "number")
        if card is not None:
            cleaned["sex"], cleaned["birth_date"] = card.sex, card.birth_date
        check_foreign_name(self, "document_kind")
        kind = cleaned.get("document_kind")
        if kind is None or "number" not in cleaned or tells_birth(kind, cleaned["number"]):
            return
        for name in ("sex", "birth_date"):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("This kind of document does not tell it: fill it in."))

    @property
    def doubts(self) -> dict[str, Promise | None]:
        kind, number = (str(self[name].value() or "") for name in ("document_kind", "number"))
        return {"number": document_warning(kind, number) if number else None}

    @property
    def identity(self) -> IdentityFacts:
        data = self.cleaned_data
        facts = {name: data[name] for name in IDENTITY_FIELDS if name != "household"}
        return IdentityFacts(**facts, household_id=data["household"] or None)

    @property
    def study(self) -> StudyFacts:
        return StudyFacts(**{name: self.cleaned_data[name] for name in (*STUDY_FIELDS, "hired_on")})

    @classmethod
    def initial_of(cls, registration: PersonRegistration) -> dict[str, Any]:
        names = {*IDENTITY_FIELDS, *STUDY_FIELDS, *WORK_FIELDS}
        values = {name: getattr(registration, name) for name in names if name != "household"}
        full_time = "yes" if registration.full_time else "no"
        return values | {"household": registration.household_id or "", "full_time": full_time}


class PersonRegistrationForm(ConsentsForm, CodeForm, CredentialsForm, PersonChangeForm):
    """个人注册 on one page; the 用户须知 was agreed to on the page before."""

    purpose = CodePurpose.REGISTER
    kinds = (TermsKind.SENSITIVE,)
    token = forms.UUIDField(widget=forms.HiddenInput)
    field_order: Sequence[str] = (
        "token", "username", "password", "password_again", *PERSON_FIELDS[: PERSON_FIELDS.index("email")],
        "captcha", "code", *PERSON_FIELDS[PERSON_FIELDS.index("email") :],
    )  # fmt: skip

    def sections(self) -> list[Fieldset]:
        account = Fieldset(_("Account information"), "token", "username", "password", "password_again")
        identity, *others = super().sections()
        identity.fields = [CodeBlock("code", name) if name == "phone" else name for name in identity.fields]
        return [account, identity, *others]
