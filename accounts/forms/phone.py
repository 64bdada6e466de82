from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import CodePurpose
from accounts.forms.codes import CodeBlock, CodeField, CodeForm
from accounts.forms.fields import MobileField, word_required
from accounts.models import SmsCode, User
from accounts.services.codes import count_answer
from accounts.services.phones import holds_number
from workflow.formlook import FormLook


class PhoneForm(CodeForm):
    """更换手机号码: a code to the new phone, and what the subclass asks for as proof of whose account it is."""

    purpose = CodePurpose.NEW_PHONE
    is_for_strangers = False
    phone = MobileField(label=gettext_lazy("New mobile number"))
    field_order = ("old_code", "password", "number", "phone", "code")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["captcha"]
        self.fields["code"].label = _("Code sent to the new phone")
        word_required(self)
        self.user = user
        self.old_proof: SmsCode | None = None

    def sent_text(self, name: str) -> str:
        return _("The code was sent to the new phone. It is good for 5 minutes.")

    def find_recipient(self) -> tuple[User | None, bool]:
        return self.user, True


class PhoneByOldForm(PhoneForm):
    """The old phone is at hand: it is proved by a code too."""

    old_code = CodeField(label=gettext_lazy("Code sent to the old phone"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormLook(CodeBlock("old_code"), CodeBlock("code", "phone"))

    def sent_text(self, name: str) -> str:
        if name == "code":
            return super().sent_text(name)
        return _("The code was sent to the old phone. It is good for 5 minutes.")

    def destination(self, name: str) -> tuple[CodePurpose, str]:
        return super().destination(name) if name == "code" else (CodePurpose.OLD_PHONE, self.user.phone)

    def is_proved(self) -> bool:
        self.old_proof = self.check("old_code")
        return super().is_proved() and self.old_proof is not None


class PhoneByIdentityForm(PhoneForm):
    """The old phone is lost, or there is none yet; each wrong try uses up the code to the new one."""

    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    number = forms.CharField(
        label=gettext_lazy("Document number"),
        max_length=30,
        help_text=gettext_lazy("The number with which the account was registered."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.user.phone:
            # Nothing is taken away from anybody: the password is enough.
            del self.fields["number"]
        proofs = [name for name in ("password", "number") if name in self.fields]
        self.helper = FormLook(*proofs, CodeBlock("code", "phone"))

    def is_proved(self) -> bool:
        if not super().is_proved() or self.proof is None:
            return False
        data = self.cleaned_data
        is_own = "number" not in self.fields or holds_number(self.user, data["number"])
        if self.user.check_password(data["password"]) and is_own:
            return True
        count_answer(self.proof)
        self.add_error(None, _("The password or the document number is wrong."))
        return False
