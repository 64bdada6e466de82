from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from accounts.enums import CodePurpose, UserKind
from accounts.forms.codes import CodeBlock
from accounts.forms.fields import MobileField, word_required
from accounts.forms.sign_in import wrong_entry
from accounts.forms.without_picture import WithoutPictureForm
from accounts.models import User
from accounts.services.phones import holder_of
from workflow.formlook import FormLook


class SmsSignInForm(WithoutPictureForm):
    """短信登录: the number left at registration and the code sent to it. ``user``: whose code it was."""

    purpose = CodePurpose.SIGN_IN
    phone = MobileField()
    field_order = ("phone", "captcha", "without_picture", "code")

    def __init__(self, *args: Any, entry: UserKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word_required(self)
        self.entry = entry
        self.user: User | None = None
        self.helper = FormLook(CodeBlock("code", "phone"))

    def sent_text(self, name: str) -> str:
        return _("If an account has this mobile number, the code is on its way. It is good for 5 minutes.")

    def find_recipient(self) -> tuple[User | None, bool]:
        user = holder_of(str(self.cleaned_data["phone"]))
        return user, user is not None

    def is_proved(self) -> bool:
        """The entry is judged after the code: before, nobody learns whose number it is."""
        is_right = super().is_proved()
        self.user = holder_of(str(self.cleaned_data["phone"]))
        if not is_right:
            return False
        if self.user is None:
            self.add_error("code", _("The code is wrong. Type the code of the latest text message."))
            return False
        if self.user.kind != self.entry:
            self.add_error(None, wrong_entry(UserKind(self.user.kind), self.entry))
            return False
        return True
