from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import CodePurpose, UserKind
from accounts.forms.codes import CodeBlock
from accounts.forms.fields import MobileField, check_new_password, word_required
from accounts.forms.without_picture import WithoutPictureForm
from accounts.models import User
from accounts.passwords import policy_text
from accounts.services.recovery import find_account
from workflow.formlook import FormLook

WHO = ("kind", "account", "name", "phone")


class ResetForm(WithoutPictureForm):
    """【忘记密码】, "填写对应信息进行密码找回": whether they fit an account is told to nobody without the code."""

    purpose = CodePurpose.RESET
    sends_with = WHO

    kind = forms.ChoiceField(label=gettext_lazy("Kind of account"), choices=UserKind.choices)
    account = forms.CharField(
        label=gettext_lazy("User name or document number"),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    name = forms.CharField(label=gettext_lazy("Your name or the name of the employer"), max_length=100)
    phone = MobileField(help_text=gettext_lazy("The number left with the account."))
    password = forms.CharField(
        label=gettext_lazy("New password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password_again = forms.CharField(
        label=gettext_lazy("Confirm the new password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    field_order = (*WHO, "captcha", "without_picture", "code", "password", "password_again")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word_required(self)
        self.fields["password"].help_text = policy_text()
        self.user: User | None = None
        self.helper = FormLook("kind", "account", "name", CodeBlock("code", "phone"), "password", "password_again")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        # Of the typed name alone: the account's own data would tell by their refusal that it exists.
        check_new_password(self, User(username=cleaned.get("account", "")), "password", "password_again")
        return cleaned

    def sent_text(self, name: str) -> str:
        return _("If these statements fit an account, the code is on its way to its phone. It is good for 5 minutes.")

    def find_recipient(self) -> tuple[User | None, bool]:
        user = find_account(**{name: str(self.cleaned_data[name]) for name in WHO})
        return user, user is not None

    def is_proved(self) -> bool:
        is_right = super().is_proved()
        self.user, _known = self.find_recipient()
        if not is_right:
            return False
        if self.user is None:
            self.add_error(None, _("These statements fit no account with this phone. Compare them and try again."))
            self.count()
            return False
        # Now that the phone is proved, the policy may look at the account itself.
        check_new_password(self, self.user, "password", "password_again")
        return not self.errors
