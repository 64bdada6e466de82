from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.forms.fields import MailField, MobileField, PersonNameField, UsernameField, word_required
from accounts.services.unit_users import UserFacts
from accounts.unit_people import Wanted, roles_offered
from workflow.enums import Role
from workflow.identifiers import normalise_code, parse_resident_id
from workflow.sealing import SealedField

ROLE_HINTS = {
    Role.MANAGER: _("keeps the users of the employer"),
    Role.HANDLER: _("reviews and reports cases"),
}


def role_choices() -> list[tuple[str, Any]]:
    return [(role.value, _with_hint(role)) for role in roles_offered()]


def _with_hint(role: Role) -> str:
    return f"{role.label} ({ROLE_HINTS[role]})" if role in ROLE_HINTS else str(role.label)


def _clean_number(value: str) -> str:
    number = normalise_code(value)
    if number:
        parse_resident_id(number)
    return number


class UnitUserForm(forms.Form):
    """【新增】: no password is chosen here, the colleague gets a link."""

    username = UsernameField(
        help_text=_("4 to 20 letters, digits, Chinese characters or . _ - Your colleague signs in with it.")
    )
    name = PersonNameField()
    number = forms.CharField(label=_("ID number"), max_length=30, help_text=_("18 characters."))
    phone = MobileField(help_text=_("Your colleague's own: the link to the password goes there."))
    email = MailField(label=_("Office e-mail"), required=False)
    roles = forms.MultipleChoiceField(label=_("Roles"), choices=role_choices, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word_required(self)

    def clean_number(self) -> str:
        return _clean_number(self.cleaned_data["number"])

    @property
    def facts(self) -> UserFacts:
        names = ("name", "roles", "phone", "email", "number")
        return UserFacts(**{name: self.cleaned_data[name] for name in names if name in self.cleaned_data})


class UnitUserChangeForm(UnitUserForm):
    """【修改】. What signs in belongs to whoever has used it: then phone and e-mail are no longer here."""

    def __init__(self, *args: Any, used: bool, has_number: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["username"]
        number = self.fields["number"]
        number.required = False
        number.label = _("New ID number")
        number.help_text = _("Only to correct it; empty: it stays as it is.")
        if used:
            del self.fields["phone"], self.fields["email"]
        if used and has_number:
            del self.fields["number"]


class ReasonForm(forms.Form):
    """What is done to somebody else's account has a reason."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        min_length=2,
        help_text=_("The person concerned can read it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word_required(self)


class MemberFilterForm(forms.Form):
    """Posted, so that no number stands in an address in clear."""

    name = forms.CharField(label=_("Name"), max_length=50, required=False)
    id_number = SealedField(
        label=_("Document number"), required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    state = forms.ChoiceField(
        label=_("Status"),
        choices=[("", _("All")), ("active", _("In use")), ("closed", pgettext_lazy("account", "Closed"))],
        required=False,
    )

    @property
    def wanted(self) -> Wanted:
        data = self.cleaned_data if self.is_bound and self.is_valid() else {}
        return Wanted(data.get("name", ""), data.get("id_number", ""), data.get("state", ""))
