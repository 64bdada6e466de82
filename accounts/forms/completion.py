from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crispy_forms.layout import Fieldset
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import (
    DateField,
    MailField,
    MobileField,
    PersonNameField,
    PhoneField,
    today_or_earlier,
    word_required,
)
from accounts.forms.real_name import KnownNumberField
from accounts.forms.unit import EMPTY
from accounts.models import LabourProfile, StatedUnit, UnitProfile, User
from workflow import clock
from workflow.codelists import DIVISIONS_OF, DOCUMENT_KINDS, ECONOMIC, INDUSTRY, INDUSTRY_DIVISION, UNIT_KIND
from workflow.formlook import FormLook
from workflow.identifiers import normalise_code, validate_document_number
from workflow.models import Region

YES_NO = [("yes", _("Yes")), ("no", _("No"))]
UNIT_FIELDS = ("unit_kind", "economic", "division", "founded_on", "headcount", "payday", "social_number")
PLACE_FIELDS = ("registered_in", "registered_address", "business_in", "business_address")
PRINCIPAL_FIELDS = ("principal", "principal_document_kind", "principal_number", "principal_phone")
CONTACT_FIELDS = ("staff_officer", "staff_phone", "contact", "contact_phone", "contact_email")
KIND_FIELDS = ("sends_workers", "builds", "has_branches")
BANK_FIELDS = ("bank", "bank_account")


def divisions() -> list[tuple[Any, Any]]:
    """大类 under their 门类."""
    names = dict(INDUSTRY.choices)
    groups = []
    for section, (first, last) in DIVISIONS_OF.items():
        codes = [f"{n:02d}" for n in range(first, last + 1)]
        groups.append((names[section], INDUSTRY_DIVISION.only(*codes).choices))
    return [EMPTY, *groups]


def section_of(division: str) -> str:
    """The 门类 of a 大类."""
    return next(key for key, (first, last) in DIVISIONS_OF.items() if first <= int(division) <= last)


def counties() -> list[tuple[Any, Any]]:
    """Grouped by their city; a city without counties stands alone."""
    return _grouped(Region.objects.filter(level__in=(2, 3)))


def towns() -> list[tuple[Any, Any]]:
    """Streets and townships, grouped by what they belong to."""
    return _grouped(Region.objects.filter(level=4))


def _grouped(regions: Any) -> list[tuple[Any, Any]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    places = regions.order_by("code").values_list("code", "name", "parent__name", "parent__parent__name")
    for code, name, above, beyond in places:
        groups.setdefault(" ".join(filter(None, (beyond, above))) or name, []).append((code, name))
    return [EMPTY, *groups.items()]


def _yes(value: str) -> bool | None:
    return {"yes": True, "no": False}.get(value)


class CompletionForm(forms.Form):
    """信息完善; what is known already stands there."""

    unit_kind = forms.ChoiceField(label=_("Type of employer"), choices=[EMPTY, *UNIT_KIND.choices])
    economic = forms.ChoiceField(label=_("Type of economy"), choices=[EMPTY, *ECONOMIC.choices])
    division = forms.ChoiceField(label=_("Industry"), choices=divisions)
    founded_on = DateField(label=_("Founded on"))
    headcount = forms.IntegerField(label=_("Number of employees"), min_value=1, max_value=1_000_000)
    payday = forms.IntegerField(
        label=_("Day of payment"), min_value=1, max_value=31, required=False, help_text=_("Day of the month, 1 to 31.")
    )
    social_number = forms.CharField(label=_("Social insurance number"), max_length=30, required=False)
    registered_in = forms.ModelChoiceField(
        label=_("Place of registration"), queryset=Region.objects.filter(level__in=(2, 3)), widget=forms.Select
    )
    registered_address = forms.CharField(label=_("Registered address"), max_length=200)
    business_in = forms.ModelChoiceField(
        label=_("Place of business"),
        queryset=Region.objects.filter(level=4),
        help_text=_("Down to the street or township: it decides which inspection squad you deal with."),
    )
    business_address = forms.CharField(label=_("Business address"), max_length=200)
    principal = PersonNameField(label=_("Legal representative"))
    principal_document_kind = forms.ChoiceField(label=_("Kind of document"), choices=DOCUMENT_KINDS.choices)
    principal_number = KnownNumberField(label=_("Document number"), max_length=30)
    principal_phone = PhoneField(label=_("Telephone of the legal representative"))
    staff_officer = PersonNameField(label=_("Head of personnel"))
    staff_phone = PhoneField(label=_("Telephone of the head of personnel"))
    contact = PersonNameField(label=_("Contact person"))
    contact_phone = MobileField(label=_("Mobile number of the contact"))
    contact_email = MailField(label=_("E-mail of the contact"), required=False)
    sends_workers = forms.TypedChoiceField(
        label=_("Labour dispatch company"), choices=[EMPTY, *YES_NO], coerce=_yes, empty_value=None
    )
    builds = forms.TypedChoiceField(
        label=_("Building company"), choices=[EMPTY, *YES_NO], coerce=_yes, empty_value=None
    )
    has_branches = forms.TypedChoiceField(
        label=_("Has branches"), choices=[EMPTY, *YES_NO], coerce=_yes, empty_value=None, required=False
    )
    bank = forms.CharField(label=_("Bank"), max_length=100, required=False)
    bank_account = forms.CharField(
        label=_("Bank account number"),
        max_length=40,
        required=False,
        validators=[RegexValidator(r"^[\d\s-]{8,40}$", _("8 to 32 digits, as on the account opening permit."))],
    )
    licence = forms.FileField(label=_("Business licence"), help_text=_("PDF, JPG or PNG, at most 10 MB."))

    def __init__(self, *args: Any, has_licence: bool, known_number: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["licence"].required = not has_licence
        if known_number:
            self.fields["principal_number"].know(known_number)  # type: ignore[attr-defined]
        self.fields["registered_in"].choices = counties()  # type: ignore[attr-defined]
        self.fields["business_in"].choices = towns()  # type: ignore[attr-defined]
        word_required(self)
        # Required until one is there.
        select = _("Select “%(material)s”") % {"material": _("Business licence")}
        self.fields["licence"].error_messages["required"] = select
        self.fields["licence"].widget.attrs["accept"] = ".pdf,.jpg,.jpeg,.png"
        self.helper = FormLook(*self.sections())

    def sections(self) -> Sequence[Fieldset]:
        return (
            Fieldset(_("Papers of the employer"), "licence"),
            Fieldset(_("About the employer"), *UNIT_FIELDS),
            Fieldset(_("Places"), *PLACE_FIELDS),
            Fieldset(_("Legal representative"), *PRINCIPAL_FIELDS),
            Fieldset(_("Contacts"), *CONTACT_FIELDS),
            Fieldset(_("What kind of business"), *KIND_FIELDS),
            Fieldset(_("Account at a bank"), *BANK_FIELDS),
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        today_or_earlier(self, "founded_on", clock.today(), _("The date lies in the future. Copy it from the licence."))
        kind, number = cleaned.get("principal_document_kind"), cleaned.get("principal_number")
        if kind and number:
            cleaned["principal_number"] = number = normalise_code(number)
            try:
                validate_document_number(kind, number)
            except ValidationError as error:
                self.add_error("principal_number", error)
        if "principal" in self.changed_data and not self.data.get("principal_number"):
            # A number that is kept belongs to the name that stood here.
            self.add_error("principal_number", _("Fill in: %(field)s") % {"field": _("Document number")})
        return cleaned

    @property
    def facts(self) -> dict[str, Any]:
        facts = {name: value for name, value in self.cleaned_data.items() if name != "licence"}
        return facts | {"section": section_of(facts["division"])}

    @staticmethod
    def initial_of(profile: UnitProfile, labour: LabourProfile | None, user: User) -> dict[str, Any]:
        """The contact is whoever signs in, until somebody else is named."""
        if labour is None:
            stated = StatedUnit.objects.filter(user=user).first()
            kind = {"principal_document_kind": stated.principal_document_kind} if stated is not None else {}
            return kind | {
                "contact": user.name,
                "contact_phone": user.phone,
                "contact_email": user.email,
                "unit_kind": profile.unit_kind,
                "founded_on": profile.founded_on,
                "registered_in": profile.organisation.region_id,
                "registered_address": profile.address,
                "principal": profile.principal,
                "principal_phone": profile.principal_phone,
            }
        columns = [field for field in labour._meta.concrete_fields if field.name != "principal_number"]
        known = {field.name: getattr(labour, field.attname) for field in columns}
        words = {True: "yes", False: "no", None: ""}
        answers = {name: words[known[name]] for name in KIND_FIELDS}
        shared = {name: getattr(profile, name) for name in ("unit_kind", "principal", "principal_phone")}
        return known | answers | shared
