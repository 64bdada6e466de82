from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crispy_forms.layout import Fieldset
from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.enums import Affiliation, CodePurpose, TermsKind
from accounts.forms.codes import CodeBlock, CodeForm
from accounts.forms.consents import ConsentsForm
from accounts.forms.fields import (
    CredentialsForm,
    CreditCodeField,
    DateField,
    MailField,
    MobileField,
    PersonNameField,
    PhoneField,
    today_or_earlier,
    word_required,
)
from accounts.models import UnitProfile, UnitRegistration, User
from accounts.services import AccountFacts, UnitFacts
from accounts.unit_variants import FULL, Variant
from workflow import clock
from workflow.codelists import INDUSTRY, UNIT_KIND
from workflow.enums import OrganisationKind
from workflow.formlook import FormLook
from workflow.identifiers import normalise_code, parse_resident_id, resident_id_warning, uscc_warning
from workflow.models import Organisation, Region

EMPTY = ("", _("Please choose"))
ENTRY_FIELDS = ("token", "username", "password", "password_again")
IDENTITY_FIELDS = ("unit_name", "region", "supervisor", "uscc")
DETAIL_FIELDS = ("principal", "principal_phone", "unit_kind", "industry", "address", "founded_on", "affiliation")


def counties() -> list[tuple[str, Any]]:
    """The counties and districts with an HR bureau, which alone can review a registration."""
    found = Region.objects.filter(organisations__kind=OrganisationKind.COUNTY_HR, organisations__active=True).distinct()
    return [EMPTY, *((region.code, f"{region.name}（{region.code}）") for region in found)]


def bureaus(region_code: str = "") -> list[tuple[Any, Any]]:
    """The bureaus of one county; without a county all of them, grouped, for those who have no JavaScript."""
    if region_code:
        return [EMPTY, *((o.pk, o.name) for o in Organisation.objects.supervising(region_code))]
    found = Organisation.objects.active().filter(kind=OrganisationKind.COUNTY_HR).select_related("region")
    groups: dict[str, list[tuple[int, str]]] = {}
    for organisation in found:
        groups.setdefault(organisation.region.name, []).append((organisation.pk, organisation.name))
    return [EMPTY, *groups.items()]


class UnitDetailsForm(forms.Form):
    """What the employer may change at any time."""

    principal = PersonNameField(label=_("Head of the employer"))
    principal_phone = PhoneField(label=_("Telephone of the head"))
    unit_kind = forms.ChoiceField(label=_("Type of employer"), choices=[EMPTY, *UNIT_KIND.choices])
    industry = forms.ChoiceField(label=_("Industry"), choices=[EMPTY, *INDUSTRY.choices])
    address = forms.CharField(label=_("Registered or business address"), max_length=200)
    founded_on = DateField(label=_("Founded on"), required=False)
    affiliation = forms.ChoiceField(label=_("Subordinate to"), choices=Affiliation.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word_required(self)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        today_or_earlier(self, "founded_on", clock.today(), _("The date lies in the future. Copy it from the licence."))
        return cleaned

    @property
    def details(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in DETAIL_FIELDS}


class UnitInfoForm(UnitDetailsForm):
    """单位信息管理."""

    @classmethod
    def initial_of(cls, profile: UnitProfile) -> dict[str, Any]:
        return {name: getattr(profile, name) for name in DETAIL_FIELDS}


class UnitChangeForm(UnitDetailsForm):
    """账号信息 and 单位基本信息, without what signs in."""

    name = PersonNameField(label=_("Name of the user"))
    phone = MobileField(
        help_text=_("Not the number of somebody who will apply for a subsidy: it can be registered only once.")
    )
    email = MailField(label=_("E-mail"))
    contact_number = forms.CharField(
        label=_("ID number of the contact"),
        max_length=30,
        required=False,
        help_text=_("18 characters. Not the number of somebody who will apply for a subsidy."),
    )
    unit_name = forms.CharField(label=_("Name of the employer"), max_length=100, help_text=_("As on the licence."))
    region = forms.ChoiceField(label=_("Administrative division"), choices=counties)
    supervisor = forms.TypedChoiceField(label=_("Supervising department"), coerce=int, choices=[])
    uscc = CreditCodeField()

    def __init__(self, *args: Any, supervisors_url: str = "", variant: Variant = FULL, **kwargs: Any) -> None:
        self.variant = variant
        super().__init__(*args, **kwargs)
        self._fit_variant()
        supervisor = self.fields["supervisor"]
        supervisor.choices = bureaus()  # type: ignore[attr-defined]
        supervisor.help_text = _("The HR bureau of the county: it reviews the registration.")
        if "region" in self.fields:
            self.fields["region"].widget.attrs |= {
                "hx-get": supervisors_url,
                "hx-target": "#div_id_supervisor",
                "hx-swap": "outerHTML",
                "hx-include": "#id_supervisor",
            }
        self.helper = FormLook(*self.sections())

    def _fit_variant(self) -> None:
        for name in set(FULL.fields) - set(self.variant.fields):
            del self.fields[name]
        for name, label in self.variant.labels.items():
            self.fields[name].label = label  # type: ignore[assignment]
        for name in self.variant.required:
            self.fields[name].required = True
        word_required(self)

    def sections(self) -> list[Fieldset]:
        account = Fieldset(_("Account information"), *self.account_fields())
        unit = Fieldset(_("Basic information of the employer"), *self.variant.unit)
        return [unit, account] if self.variant.unit_first else [account, unit]

    def account_fields(self) -> list[Any]:
        return list(self.variant.account)

    def clean_contact_number(self) -> str:
        number = normalise_code(self.cleaned_data["contact_number"])
        if number:
            parse_resident_id(number)
        return number

    def clean_unit_name(self) -> str:
        return "".join(str(self.cleaned_data["unit_name"]).split())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        offices = Organisation.objects.active().filter(kind=OrganisationKind.COUNTY_HR)
        if "region" in self.fields:
            offices = Organisation.objects.supervising(cleaned.get("region", ""))
        bureau = offices.filter(pk=cleaned.get("supervisor") or 0).first()
        if "region" in cleaned and "supervisor" in cleaned and bureau is None:
            self.add_error(
                "supervisor", _("This department does not belong to the chosen division. Choose its HR bureau.")
            )
        cleaned["bureau"] = bureau
        return cleaned

    @property
    def doubts(self) -> dict[str, Promise | None]:
        code, number = (str(self[name].value() or "") for name in ("uscc", "contact_number"))
        return {
            "uscc": uscc_warning(code) if code else None,
            "contact_number": resident_id_warning(number) if number else None,
        }

    @property
    def unit(self) -> UnitFacts:
        data = self.cleaned_data
        return UnitFacts(
            name=data["unit_name"],
            uscc=data["uscc"],
            region_id=data.get("region") or data["bureau"].region_id,
            supervisor=data["bureau"],
            **(self.details if self.variant.has_details else {"is_short": True}),
        )

    @property
    def account(self) -> AccountFacts:
        data = self.cleaned_data
        return AccountFacts(
            username=data.get("username", ""),
            name=data["name"],
            phone=data["phone"],
            # Where it is not asked for, what the owner of the account wrote meanwhile stays.
            email=data.get("email", self.initial.get("email", "")),
            number=data["contact_number"],
        )

    @classmethod
    def initial_of(cls, registration: UnitRegistration, user: User) -> dict[str, Any]:
        organisation = registration.organisation
        return UnitInfoForm.initial_of(organisation.profile) | {
            "name": user.name,
            "phone": user.phone,
            "email": user.email,
            "contact_number": registration.contact_number,
            "unit_name": organisation.name,
            "region": organisation.region_id,
            "supervisor": organisation.parent_id,
            "uscc": organisation.code,
        }


class UnitRegistrationForm(ConsentsForm, CodeForm, CredentialsForm, UnitChangeForm):
    """单位注册 on one page; the 用户须知 was agreed to on the page before."""

    purpose = CodePurpose.REGISTER
    kinds = (TermsKind.SENSITIVE,)
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        account = [*ENTRY_FIELDS, *self.variant.account[: self.variant.account.index("phone") + 1], "captcha", "code"]
        self.order_fields([*self.variant.unit, *account] if self.variant.unit_first else account)

    def account_fields(self) -> list[Any]:
        own = [CodeBlock("code", name) if name == "phone" else name for name in super().account_fields()]
        return [*ENTRY_FIELDS, *own]


class SupervisorForm(UnitChangeForm):
    """The one select that follows the chosen county, for htmx."""

    def __init__(self, data: Mapping[str, str], supervisors_url: str) -> None:
        initial = {"supervisor": data.get("supervisor", "")}
        super().__init__(initial=initial, supervisors_url=supervisors_url)
        choices = bureaus(data.get("region", ""))
        self.fields["supervisor"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 2:
            self.initial["supervisor"] = choices[1][0]
