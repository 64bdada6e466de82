"""The first password of an account that the identity service opened: there is no current one to ask for."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from accounts.enums import CodePurpose
from accounts.forms.codes import CodeBlock, CodeForm
from accounts.forms.fields import check_new_password, word_required
from accounts.forms.link import SetPasswordForm
from accounts.models import User
from accounts.passwords import policy_text
from workflow.formlook import FormLook
from workflow.masking import mask_phone


class FirstPasswordByCodeForm(CodeForm):
    """Whoever finds an open session gets no password of their own into it: the phone proves whose account it is."""

    purpose = CodePurpose.RESET
    sends_with = ()
    is_for_strangers = False

    password = SetPasswordForm.base_fields["password"]
    password_again = SetPasswordForm.base_fields["password_again"]
    field_order = ("code", "password", "password_again")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["captcha"]
        self.user = user
        self.fields["code"].help_text = _("It is sent to %s.") % mask_phone(user.phone)
        self.fields["password"].help_text = policy_text()
        word_required(self)
        self.helper = FormLook(CodeBlock("code"), "password", "password_again")

    def destination(self, name: str) -> tuple[CodePurpose, str]:
        return self.purpose, self.user.phone

    def find_recipient(self) -> tuple[User | None, bool]:
        return self.user, True

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        check_new_password(self, self.user, "password", "password_again")
        return cleaned
