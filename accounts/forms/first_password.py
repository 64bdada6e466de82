"""The first password of an account that the identity service opened: there is no current one to ask for."""

from __future__ import annotations

from typing import Any

from accounts.enums import CodePurpose
from accounts.forms.codes import CodeBlock
from accounts.forms.fields import check_new_password
from accounts.forms.link import SetPasswordForm
from accounts.forms.owner_proof import OwnerProofForm
from accounts.passwords import policy_text
from workflow.formlook import FormLook


class FirstPasswordByCodeForm(OwnerProofForm):
    """Whoever finds an open session gets no password of their own into it: the phone proves whose account it is."""

    purpose = CodePurpose.RESET

    password = SetPasswordForm.base_fields["password"]
    password_again = SetPasswordForm.base_fields["password_again"]
    field_order = ("code", "password", "password_again")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = policy_text()
        self.helper = FormLook(CodeBlock("code"), "password", "password_again")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        check_new_password(self, self.user, "password", "password_again")
        return cleaned
