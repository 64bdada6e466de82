"""A code to the account's own phone, where there is no password to ask for."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from accounts.enums import CodePurpose
from accounts.forms.codes import CodeBlock, CodeForm
from accounts.forms.fields import word_required
from accounts.models import User
from workflow.formlook import FormLook
from workflow.masking import mask_phone


class OwnerProofForm(CodeForm):
    purpose = CodePurpose.OWNER
    sends_with = ()
    is_for_strangers = False

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["captcha"]
        self.user = user
        self.fields["code"].help_text = _("It is sent to %s.") % mask_phone(user.phone)
        word_required(self)
        self.helper = FormLook(CodeBlock("code"))

    def destination(self, name: str) -> tuple[CodePurpose, str]:
        return self.purpose, self.user.phone

    def find_recipient(self) -> tuple[User | None, bool]:
        return self.user, True
