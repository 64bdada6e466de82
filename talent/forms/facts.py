from __future__ import annotations

import re
from datetime import date
from typing import Any

from crispy_forms.layout import Fieldset
from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import word_required
from accounts.models import Person
from talent.enums import FIXED_TERM, FULL_TIME, OPEN_ENDED
from talent.formfields import CodeField, DayField, MonthField, YesNoField, code_choices, county_choices
from talent.models import Education, WorkExperience
from workflow import clock
from workflow.codelists import CONTRACT_KIND, DEGREE, EDUCATION, EMPLOYMENT_FORM, UNIT_KIND
from workflow.formlook import FormLook
from workflow.identifiers import normalise_code, uscc_warning, validate_uscc
from workflow.models import Organisation, Region

CHSI_CODE = re.compile(r"[A-Z0-9]{16,18}", re.ASCII)


class EducationForm(forms.ModelForm):  # type: ignore[type-arg]
    level = forms.ChoiceField(label=_("Level of education"), choices=lambda: code_choices(EDUCATION))
    degree = forms.ChoiceField(label=_("Academic degree"), choices=lambda: code_choices(DEGREE), required=False)
    enrolled_on = MonthField(label=_("Enrolled in"), required=False)
    graduated_on = DayField(label=_("Graduated on"), help_text=_("As on the graduation certificate."))
    full_time = YesNoField(label=_("Full-time study"))
    double_first_class = YesNoField(label=_("Double first-class university or subject"), required=False)
    certificate_number = CodeField(label=_("Number of the graduation certificate"), max_length=40, required=False)
    degree_number = CodeField(label=_("Number of the degree certificate"), max_length=40, required=False)
    chsi_code = CodeField(
        label=_("CHSI verification code"),
        max_length=30,
        required=False,
        help_text=_("16 to 18 letters and digits on the registration form of the certificate from CHSI (学信网)."),
    )
    foreign_certificate = forms.CharField(
        label=_("Number of the foreign degree's certification"),
        max_length=40,
        required=False,
        help_text=_(
            "For degrees from abroad: number of the certification by the Ministry of Education's service centre."
        ),
    )

    class Meta:
        model = Education
        fields = (
            "level", "degree", "school", "major", "enrolled_on", "graduated_on", "full_time", "double_first_class",
            "certificate_number", "degree_number", "chsi_code", "foreign_certificate",
        )  # fmt: skip
        labels = {"school": _("School"), "major": _("Field of study")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word_required(self)

    def clean_chsi_code(self) -> str:
        code: str = self.cleaned_data["chsi_code"]
        if code and not CHSI_CODE.fullmatch(code):
            message = _("The CHSI code has 16 to 18 letters and digits, this one has %(count)s. Copy it from the form.")
            raise ValidationError(message, "chsi_code", {"count": len(code)})
        return code

    def clean_graduated_on(self) -> date:
        return not_in_future(self.cleaned_data["graduated_on"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        enrolled, graduated = cleaned.get("enrolled_on"), cleaned.get("graduated_on")
        if enrolled and graduated and enrolled > graduated:
            words = {"graduated": graduated.isoformat()}
            message = _("The study begins after its graduation on %(graduated)s. Change one of the two.")
            self.add_error("enrolled_on", ValidationError(message, "order", words))
        return cleaned

    def clean_double_first_class(self) -> bool:
        return bool(self.cleaned_data["double_first_class"])


def not_in_future(day: date) -> date:
    if day > clock.today():
        raise ValidationError(_("The date lies in the future. Check the year."), "future")
    return day


class WorkExperienceForm(forms.ModelForm):  # type: ignore[type-arg]
    """工作经历: the present employment is the one without a leaving date, and it is at the registered unit."""

    unit_name = forms.CharField(
        label=_("Employer"), max_length=100, help_text=_("Full name as on the labour contract.")
    )
    uscc = CodeField(
        label=_("Unified social credit code"), max_length=30, required=False, help_text=_("18 characters, where known.")
    )
    unit_kind = forms.ChoiceField(label=_("Kind of employer"), choices=lambda: code_choices(UNIT_KIND), required=False)
    region = forms.ChoiceField(label=_("Place of work"), choices=county_choices)
    position = forms.CharField(label=_("Position"), max_length=60)
    employment_form = forms.ChoiceField(
        label=_("Form of employment"), choices=lambda: code_choices(EMPLOYMENT_FORM), initial=FULL_TIME
    )
    contract_kind = forms.ChoiceField(
        label=_("Kind of labour contract"), choices=lambda: code_choices(CONTRACT_KIND), required=False
    )
    contract_start = DayField(label=_("Labour contract from"), required=False)
    contract_end = DayField(
        label=_("Labour contract until"), required=False, help_text=_("Leave it empty for an open-ended contract.")
    )
    joined_on = DayField(label=_("Joined on"))
    left_on = DayField(label=_("Left on"), required=False, help_text=_("Leave it empty if you still work there."))
    insured_in = forms.ChoiceField(label=_("Social insurance paid in"), choices=county_choices, required=False)
    insured_from = MonthField(label=_("Social insurance from"), required=False)
    insured_to = MonthField(
        label=_("Social insurance until"), required=False, help_text=_("Leave it empty if it is still paid.")
    )

    class Meta:
        model = WorkExperience
        fields = (
            "unit_name", "uscc", "unit_kind", "region", "position", "employment_form", "joined_on", "left_on",
            "contract_kind", "contract_start", "contract_end", "insured_in", "insured_from", "insured_to",
        )  # fmt: skip

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.instance.person = person
        self.helper = FormLook(
            Fieldset(_("Employer"), "unit_name", "uscc", "unit_kind", "region", "position", "employment_form"),
            Fieldset(_("Time"), "joined_on", "left_on"),
            Fieldset(_("Labour contract"), "contract_kind", "contract_start", "contract_end"),
            Fieldset(_("Social insurance"), "insured_in", "insured_from", "insured_to"),
        )
        word_required(self)

    @property
    def doubts(self) -> dict[str, Promise | None]:
        code = str(self["uscc"].value() or "")
        return {"uscc": uscc_warning(code) if code else None}

    def clean_uscc(self) -> str:
        code: str = self.cleaned_data["uscc"]
        if code:
            validate_uscc(code)
        return code

    def clean_region(self) -> Region:
        return Region.objects.get(pk=self.cleaned_data["region"])

    def clean_insured_in(self) -> Region | None:
        code = self.cleaned_data["insured_in"]
        return Region.objects.get(pk=code) if code else None

    def clean_joined_on(self) -> date:
        return not_in_future(self.cleaned_data["joined_on"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        self._require_order(cleaned)
        self._require_contract(cleaned)
        self.instance.unit = self._registered_unit(cleaned)
        if cleaned.get("joined_on") and "left_on" in cleaned:
            self._require_one_current(cleaned)
            self._require_no_overlap(cleaned)
        return cleaned

    def _require_order(self, cleaned: dict[str, Any]) -> None:
        message = _("The end lies before the beginning %(start)s. Change one of the two.")
        pairs = (("joined_on", "left_on"), ("contract_start", "contract_end"), ("insured_from", "insured_to"))
        for first, last in pairs:
            start, end = cleaned.get(first), cleaned.get(last)
            if start and end and end < start:
                written = start.strftime("%Y-%m" if first == "insured_from" else "%Y-%m-%d")
                self.add_error(last, ValidationError(message, "order", {"start": written}))

    def _require_contract(self, cleaned: dict[str, Any]) -> None:
        kind = cleaned.get("contract_kind")
        if (
            (kind or cleaned.get("contract_end"))
            and not cleaned.get("contract_start")
            and "contract_start" not in self.errors
        ):
            self.add_error("contract_start", _("Enter the day on which the labour contract begins."))
        if kind == FIXED_TERM and not cleaned.get("contract_end") and "contract_end" not in self.errors:
            self.add_error("contract_end", _("Enter the day on which the fixed-term contract ends."))
        if kind == OPEN_ENDED and cleaned.get("contract_end"):
            self.add_error("contract_end", _("An open-ended contract has no end. Clear this field or change the kind."))

    def _registered_unit(self, cleaned: dict[str, Any]) -> Organisation | None:
        """The unit of the registration, or the one named before, where name or credit code are its own."""
        name, code = normalise_code(cleaned.get("unit_name", "")), cleaned.get("uscc", "")
        named: Organisation | None = self.instance.unit
        if named is not None and (name, code) == (normalise_code(self.instance.unit_name), self.instance.uscc):
            return named
        for unit in (self.person.unit, named):
            if unit is not None and (code == unit.code or (not code and name == normalise_code(unit.name))):
                return unit
        return None

    def _require_one_current(self, cleaned: dict[str, Any]) -> None:
        if cleaned["left_on"] is not None:
            return
        other = WorkExperience.objects.of(self.person).current().besides(self.instance.pk).first()
        if other is not None:
            message = _(
                "“%(unit)s” has no leaving date either: only one employment is the present one. Enter when you left."
            )
            self.add_error("left_on", ValidationError(message, "current", {"unit": other.unit_name}))
        elif not self._is_at_registered_unit() and "unit_name" in cleaned and "uscc" in cleaned:
            message = _(
                "The present employer must be the unit you registered with: %(unit)s. Enter its name, or when you left."
            )
            unit = self.person.unit.name if self.person.unit else _now("none")
            self.add_error("unit_name", ValidationError(message, "unit", {"unit": unit}))

    def _is_at_registered_unit(self) -> bool:
        return self.person.unit is not None and self.instance.unit == self.person.unit

    def _require_no_overlap(self, cleaned: dict[str, Any]) -> None:
        # A leaving date that was refused above is no longer among the answers.
        if cleaned.get("employment_form") != FULL_TIME or "left_on" in self.errors:
            return
        others = WorkExperience.objects.of(self.person).full_time().besides(self.instance.pk)
        other = others.meeting(cleaned["joined_on"], cleaned["left_on"]).first()
        if other is None:
            return
        message = _("In this time you worked full-time at “%(unit)s” (%(from)s to %(to)s). Correct one of the two.")
        until = other.left_on.isoformat() if other.left_on else _now("today")
        words = {"unit": other.unit_name, "from": other.joined_on.isoformat(), "to": until}
        self.add_error("joined_on", ValidationError(message, "overlap", words))
