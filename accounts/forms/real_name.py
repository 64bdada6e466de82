"""补录用户信息, and what an officer at a counter enters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crispy_forms.layout import Fieldset
from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.enums import LegalPersonKind, VerificationOutcome
from accounts.forms.fields import (
    CreditCodeField,
    DateField,
    PersonNameField,
    check_document,
    word_required,
)
from accounts.forms.person import places
from accounts.forms.unit import EMPTY, counties
from accounts.legal_persons import kind_warning
from accounts.models import Person, StatedPerson, StatedUnit, UnitProfile, User, Verification
from accounts.services.phones import has_number
from accounts.services.statements import PersonStatement, UnitStatement, own_unit
from workflow.codelists import DOCUMENT_KINDS, SEX
from workflow.formlook import FormLook
from workflow.identifiers import document_warning, normalise_code, parse_resident_id, tells_birth, uscc_warning
from workflow.masking import mask_number

KEEP = _("Known already: %(number)s. Leave it empty to keep it.")
FAILED = _("The last check was made with %(number)s and did not agree. Left empty, the same number is checked again.")
ELSEWHERE = _(
    "You stated %(region)s, which this portal does not serve yet. The list has the counties and districts that it "
    "serves: choose the one where you do business, or call the hotline."
)


class KnownNumberField(forms.CharField):
    """A document number that is stored already is shown masked, and typed again only where it changes."""

    known = ""

    def know(self, number: str, *, has_failed: bool = False) -> None:
        self.known, self.required = number, False
        self.help_text = (FAILED if has_failed else KEEP) % {"number": mask_number(number)}

    def clean(self, value: Any) -> str:
        return normalise_code(str(super().clean(value))) or self.known


def has_failed(user: User) -> bool:
    """Whether the latest check of this account did not agree."""
    last = Verification.objects.filter(user=user).first()
    return last is not None and last.outcome == VerificationOutcome.FAILED


class SupplementForm(forms.Form):
    """What both kinds of account share."""

    token = forms.UUIDField(widget=forms.HiddenInput)

    def _lock(self, name: str, hint: Any) -> None:
        self.fields[name].disabled = True
        self.fields[name].required = False
        self.fields[name].help_text = hint


class PersonSupplementForm(SupplementForm):
    name = PersonNameField(help_text=_("As on the document."))
    document_kind = forms.ChoiceField(label=_("Kind of document"), choices=DOCUMENT_KINDS.choices, initial="01")
    number = KnownNumberField(label=_("Document number"), max_length=30)
    valid_from = DateField(label=_("Document valid from"), required=False)
    valid_until = DateField(label=_("Document valid until"), required=False, help_text=_("Empty: without end."))
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
    region = forms.ChoiceField(label=_("Place of residence"), choices=places, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        stated = StatedPerson.objects.filter(user=user).first()
        known = user.person or stated
        super().__init__(*args, **(kwargs | {"initial": kwargs.get("initial", {}) | _person_initial(known, stated)}))
        if known is not None and known.number:
            self.fields["number"].know(known.number, has_failed=has_failed(user))  # type: ignore[attr-defined]
        if user.person is not None:
            hint = _("Of the person whom this account belongs to.")
            self._lock("document_kind", hint)
            self._lock("number", f"{mask_number(user.person.number)} · {hint}")
        word_required(self)
        fields = [name for name in self.fields if name != "token"]
        self.helper = FormLook("token", Fieldset(_("Personal information"), *fields))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        start, end = cleaned.get("valid_from"), cleaned.get("valid_until")
        if start and end and end < start:
            self.add_error("valid_until", _("The document ends before it begins. Compare both days with it."))
        if (card := check_document(self, "document_kind", "number")) is not None:
            cleaned["sex"], cleaned["birth_date"] = card.sex, card.birth_date
        if {"number", "document_kind"} & set(self.errors) or tells_birth(cleaned["document_kind"], cleaned["number"]):
            return cleaned
        for name in ("sex", "birth_date"):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("This kind of document does not tell it: fill it in."))
        return cleaned

    @property
    def doubts(self) -> dict[str, Promise | None]:
        kind, number = (str(self[name].value() or "") for name in ("document_kind", "number"))
        return {"number": document_warning(kind, number) if number else None}

    @property
    def statement(self) -> PersonStatement:
        data = {name: value for name, value in self.cleaned_data.items() if name not in ("token", "region")}
        return PersonStatement(**data, region_id=self.cleaned_data["region"] or None)


def _person_initial(known: Person | StatedPerson | None, stated: StatedPerson | None) -> dict[str, Any]:
    if known is None:
        return {}
    names = ("name", "document_kind", "birth_date")
    initial = {name: getattr(known, name) for name in names} | {"sex": known.sex if known.sex != "0" else ""}
    if stated is not None:
        days = {"valid_from": stated.valid_from, "valid_until": stated.valid_until}
        initial |= days | {"region": stated.region_id or ""}
    return initial


class UnitSupplementForm(SupplementForm):
    kind = forms.ChoiceField(label=_("Kind of legal person"), choices=[EMPTY, *LegalPersonKind.choices])
    name = forms.CharField(label=_("Name of the employer"), max_length=100, help_text=_("As on the licence."))
    uscc = CreditCodeField()
    principal = PersonNameField(label=_("Legal representative"))
    principal_document_kind = forms.ChoiceField(
        label=_("Kind of document of the legal representative"), choices=DOCUMENT_KINDS.choices, initial="01"
    )
    principal_number = KnownNumberField(label=_("Document number of the legal representative"), max_length=30)
    agent_number = KnownNumberField(label=_("ID number of the person in charge"), max_length=30)
    region = forms.ChoiceField(
        label=_("Administrative division"),
        choices=counties,
        help_text=_("Its HR bureau becomes your supervising department."),
    )
    address = forms.CharField(label=_("Registered address"), max_length=200)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        stated, unit = StatedUnit.objects.filter(user=user).first(), own_unit(user)
        initial = kwargs.get("initial", {}) | _unit_initial(stated)
        if unit is not None:
            profile = UnitProfile.objects.filter(organisation=unit).first()
            initial |= {"name": unit.name, "uscc": unit.code, "region": unit.region_id}
            initial |= {"address": profile.address, "principal": profile.principal} if profile is not None else {}
        super().__init__(*args, **(kwargs | {"initial": initial}))
        if stated is not None:
            self.fields["principal_number"].know(  # type: ignore[attr-defined]
                stated.principal_number, has_failed=has_failed(user)
            )
        # Asked only where the account has lost it: somebody was verified with it, or nobody verified it in time.
        if stated is None or unit is not None or has_number(user):
            del self.fields["agent_number"]
        elif stated.agent_number:
            self.fields["agent_number"].know(stated.agent_number)  # type: ignore[attr-defined]
        region = stated.region if stated is not None and unit is None else None
        if region is not None and region.pk not in dict(counties()):
            self.fields["region"].help_text = ELSEWHERE % {"region": region.name}
        for name in ("name", "uscc", "region") if unit is not None else ():
            self._lock(name, _("Changed by a review of its own, under “Employer information”."))
        word_required(self)
        fields = [name for name in self.fields if name != "token"]
        self.helper = FormLook("token", Fieldset(_("Information of the legal person"), *fields))

    def clean_name(self) -> str:
        return "".join(str(self.cleaned_data["name"]).split())

    def clean_agent_number(self) -> str:
        number = str(self.cleaned_data["agent_number"])
        parse_resident_id(number)
        return number

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        check_document(self, "principal_document_kind", "principal_number")
        return cleaned

    @property
    def doubts(self) -> dict[str, Promise | None]:
        kind, code = (str(self[name].value() or "") for name in ("kind", "uscc"))
        return {"kind": kind_warning(kind, code), "uscc": uscc_warning(code) if code else None}

    @property
    def statement(self) -> UnitStatement:
        data = {name: value for name, value in self.cleaned_data.items() if name not in ("token", "region")}
        return UnitStatement(**data, region_id=self.cleaned_data["region"])


def _unit_initial(stated: StatedUnit | None) -> Mapping[str, Any]:
    if stated is None:
        return {}
    names = ("kind", "name", "uscc", "principal", "principal_document_kind", "address")
    return {name: getattr(stated, name) for name in names} | {"region": stated.region_id or ""}
