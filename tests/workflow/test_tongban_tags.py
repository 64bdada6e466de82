from decimal import Decimal

import pytest
from django import forms
from django.template.loader import render_to_string

from workflow.templatetags.tongban import error_lines, has_errors, has_required, money, thousands


class RentForm(forms.Form):
    rent = forms.DecimalField(label="Monthly rent", help_text="As in the lease.")
    full_time = forms.ChoiceField(label="Full-time", choices=[("1", "Yes"), ("0", "No")], widget=forms.RadioSelect)
    note = forms.CharField(label="Note", required=False)

    def clean(self) -> None:
        raise forms.ValidationError("March is paid already.")


RentFormSet = forms.formset_factory(RentForm, extra=0)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (Decimal("0"), "0.00"),
        (Decimal("1234567.8"), "1,234,567.80"),
        (Decimal("-0.005"), "-0.01"),
        (Decimal("0.125"), "0.13"),
        (1000, "1,000.00"),
    ],
)
def test_money_groups_thousands_and_rounds_half_up(amount: Decimal, text: str) -> None:
    assert money(amount) == text


def test_thousands_groups() -> None:
    assert thousands(1284) == "1,284"


def test_error_lines_name_the_form_first_and_link_each_field() -> None:
    form = RentForm({"rent": "abc"})

    lines = error_lines(form)

    assert [(line.target, line.label) for line in lines] == [
        ("", ""),
        ("id_rent", "Monthly rent"),
        ("id_full_time_0", "Full-time"),
    ]
    assert lines[0].message == "March is paid already."


def test_error_lines_of_a_formset_link_the_prefixed_field() -> None:
    rows = RentFormSet(
        {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-full_time": "1", "form-0-note": "x"}
    )

    targets = [line.target for line in error_lines([rows, RentForm()])]

    assert targets == ["", "id_form-0-rent"]


@pytest.mark.parametrize("source", [None, "", RentForm(), [RentForm()]])
def test_has_errors_is_false_without_posted_data(source: object) -> None:
    assert has_errors(source) is False  # type: ignore[arg-type]


def test_has_required_ignores_hidden_fields() -> None:
    class Token(forms.Form):
        token = forms.CharField(widget=forms.HiddenInput)
        note = forms.CharField(required=False)

    assert has_required(Token()) is False
    assert has_required(RentForm()) is True


def test_form_ties_hint_and_error_to_the_control() -> None:
    page = render_to_string("_form.html", {"form": RentForm({"rent": "abc", "full_time": "1"})})

    assert 'aria-describedby="id_rent_helptext id_rent_error"' in page
    assert page.index('for="id_rent"') < page.index('id="id_rent_helptext"') < page.index('id="id_rent"')
    assert page.index('id="id_rent"') < page.index('id="id_rent_error"')
    assert '<a href="#id_rent">' in page
    assert 'value="abc"' in page


def test_form_describes_a_group_of_radio_buttons_by_its_fieldset() -> None:
    page = render_to_string("_form.html", {"form": RentForm({"rent": "900"})})

    assert '<fieldset aria-describedby="id_full_time_error">' in page


def test_form_marks_optional_fields_only_beside_required_ones() -> None:
    class Filter(forms.Form):
        name = forms.CharField(required=False)

    assert 'class="optional"' in render_to_string("_form.html", {"form": RentForm()})
    assert 'class="optional"' not in render_to_string("_form.html", {"form": Filter()})
