"""Fields that people fill in when they register: typed text is put into one form before it is judged."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.person import FOREIGN_DOCUMENTS
from accounts.passwords import policy_text
from workflow.identifiers import (
    ResidentId,
    normalise_code,
    normalise_landline,
    normalise_mobile,
    normalise_name,
    read_document,
    validate_mobile,
    validate_person_name,
    validate_phone,
    validate_uscc,
)
from workflow.latin_names import LENGTH, is_latin_name, validate_latin_name
from workflow.picture_code import PictureCodeField

USERNAME = re.compile(r"[a-z0-9_.\-\u4e00-\u9fff]{4,20}")


class MailField(forms.EmailField):
    default_error_messages = {"invalid": _("Enter an e-mail address such as name@example.com")}


class UsernameField(forms.CharField):
    """Stored in small letters, so that nobody can register the same name in capitals."""

    pattern = USERNAME
    rule = _("Use 4 to 20 letters, digits, Chinese characters or the signs . _ -")

    def __init__(self, **kwargs: Any) -> None:
        defaults: dict[str, Any] = {
            "label": _("User name"),
            "max_length": 20,
            "help_text": _(
                "4 to 20 letters, digits, Chinese characters or . _ - You will sign in with it; it cannot be changed."
            ),
            "widget": forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
        }
        super().__init__(**(defaults | kwargs))

    def clean(self, value: Any) -> str:
        name = str(super().clean(value)).lower()
        if not self.pattern.fullmatch(name):
            raise ValidationError(self.rule, "username")
        return name


class MobileField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"})
        defaults: dict[str, Any] = {"label": _("Mobile number"), "max_length": 20, "widget": widget}
        super().__init__(**(defaults | kwargs))

    def clean(self, value: Any) -> str:
        phone = normalise_mobile(str(super().clean(value)))
        if phone:
            validate_mobile(phone)
        return phone


class PhoneField(forms.CharField):
    """A mobile or a landline number."""

    def __init__(self, **kwargs: Any) -> None:
        defaults: dict[str, Any] = {"max_length": 30, "widget": forms.TextInput(attrs={"inputmode": "tel"})}
        super().__init__(**(defaults | kwargs))

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        if text:
            validate_phone(text)
        mobile = normalise_mobile(text)
        return mobile if len(mobile) == 11 and mobile.startswith("1") else normalise_landline(text)


class PersonNameField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        defaults: dict[str, Any] = {"label": _("Name"), "max_length": 50}
        super().__init__(**(defaults | kwargs))

    def clean(self, value: Any) -> str:
        name = normalise_name(str(super().clean(value)))
        if name:
            validate_person_name(name)
        return name


class ForeignNameField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        defaults: dict[str, Any] = {
            "label": _("Name in a foreign language"),
            "max_length": LENGTH,
            "required": False,
            "help_text": _("In Latin letters, as in the passport; of foreigners it stands on cards and certificates."),
            "widget": forms.TextInput(attrs={"lang": "en"}),
        }
        super().__init__(**(defaults | kwargs))

    def clean(self, value: Any) -> str:
        name = normalise_name(str(super().clean(value)))
        if name:
            validate_latin_name(name)
        return name


class CreditCodeField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        defaults: dict[str, Any] = {
            "label": _("Unified social credit code"),
            "max_length": 30,
            "help_text": _("18 characters, as on the business licence."),
        }
        super().__init__(**(defaults | kwargs))

    def clean(self, value: Any) -> str:
        code = normalise_code(str(super().clean(value)))
        validate_uscc(code)
        return code


class DateField(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        defaults: dict[str, Any] = {"widget": widget}
        super().__init__(**(defaults | kwargs))


class CredentialsForm(forms.Form):
    """User name and a password, typed twice."""

    username = UsernameField()
    password = forms.CharField(
        label=_("Password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    password_again = forms.CharField(
        label=_("Confirm the password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = policy_text()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        user = User(username=cleaned.get("username", ""), phone=cleaned.get("phone", ""))
        number = str(cleaned.get("number", ""))
        born = number[6:14] if len(number) == 18 else ""
        with suppress(ValueError):
            user.birthday = cleaned.get("birth_date") or (date.fromisoformat(born) if born else None)
        check_new_password(self, user, "password", "password_again")
        return cleaned


def check_new_password(form: forms.Form, user: User, field: str, again: str) -> None:
    """Adds what the policy finds, and that the two differ."""
    password, repeated = form.cleaned_data.get(field, ""), form.cleaned_data.get(again, "")
    if not password:
        return
    try:
        validate_password(password, user)
    except ValidationError as error:
        form.add_error(field, error)
    if again not in form.errors and password != repeated:
        form.add_error(again, _("The two passwords differ. Type the same password twice."))


def check_document(form: forms.Form, kind_field: str, number_field: str) -> ResidentId | None:
    """Put the number into its form and judge it by its kind; answers what the number tells."""
    data = form.cleaned_data
    if kind_field not in data or number_field not in data:
        return None
    number = data[number_field] = normalise_code(data[number_field])
    try:
        return read_document(data[kind_field], number)
    except ValidationError as error:
        form.add_error(number_field, error)
        return None


def check_foreign_name(form: forms.Form, kind_field: str) -> None:
    """Whose document has a name in Latin letters says it; typed as the name itself it is the same."""
    data = form.cleaned_data
    if data.get(kind_field) not in FOREIGN_DOCUMENTS or data.get("foreign_name") or "foreign_name" in form.errors:
        return
    name = str(data.get("name", ""))
    if is_latin_name(name):
        data["foreign_name"] = name
    elif name:
        form.add_error("foreign_name", _("Documents of foreigners have a name in Latin letters: copy it from there."))


def word_required(form: forms.BaseForm) -> None:
    """What is missing is asked for by its name."""
    for field in form.fields.values():
        if not isinstance(field, PictureCodeField):
            text = _("Choose: %(field)s") if isinstance(field, forms.ChoiceField) else _("Fill in: %(field)s")
            field.error_messages["required"] = text % {"field": field.label}


def today_or_earlier(form: forms.Form, name: str, today: Any, message: Any) -> None:
    value = form.cleaned_data.get(name)
    if value is not None and value > today:
        form.add_error(name, message)
