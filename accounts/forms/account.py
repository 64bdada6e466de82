from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import UserKind
from accounts.forms.fields import MailField, PersonNameField, check_new_password, word_required
from accounts.forms.security import CurrentPasswordForm
from accounts.models import User
from accounts.passwords import policy_text

FIXED_NAMES = {
    UserKind.PERSON: _("The name stands on the ID card; it is not changed here."),
    UserKind.OFFICER: _("What you decide is recorded under this name; the administrator changes it."),
}


class AccountForm(forms.Form):
    """【账号管理】. What a person registered with, and what an officer decides under, does not change here."""

    name = PersonNameField(label=_("Name of the user"))
    email = MailField(label=_("Office e-mail"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        initial = {"name": user.name, "email": user.email}
        super().__init__(*args, **(kwargs | {"initial": initial}))
        if user.kind in FIXED_NAMES:
            hint = FIXED_NAMES[UserKind(user.kind)]
            self.fields["name"] = forms.CharField(label=_("Name"), disabled=True, required=False, help_text=hint)
        if user.kind == UserKind.PERSON:
            self.fields["email"].label = _("E-mail")
        word_required(self)


class PasswordForm(CurrentPasswordForm):
    password = forms.CharField(
        label=_("New password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    password_again = forms.CharField(
        label=_("Confirm the new password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.fields["password"].help_text = policy_text()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        check_new_password(self, self.user, "password", "password_again")
        return cleaned


class RevealForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        min_length=2,
        help_text=_("It is recorded with your name, your office and the time."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
