"""A mobile number and the code that proves it: 【发送验证码】 sends the same form, and nothing typed is lost."""

from __future__ import annotations

import unicodedata
from typing import Any, ClassVar

from crispy_forms.layout import Div
from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import CodePurpose
from accounts.models import SmsCode, User
from accounts.services.codes import (
    DIGITS,
    PAUSE,
    CodeExpired,
    CodeRefused,
    CodeWrong,
    Visitor,
    check_code,
    count_answer,
    needs_picture,
    network_key,
    send_code,
)
from accounts.services.limits import give_back, take
from workflow.picture_code import PictureCodeField

BUTTON = "send_code"
# Of one address, whatever codes it types: an office has one address.
ADDRESS, ADDRESS_TRIES, ADDRESS_SECONDS = "code_address", 30, 600


class CodeInput(forms.TextInput):
    """``said``: what the last press of the button led to; ``wait``: seconds until the next one makes sense."""

    template_name = "accounts/_code_input.html"
    said, wait = "", 0

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        attrs = attrs or {}
        if self.said:
            attrs["aria-describedby"] = " ".join(filter(None, [attrs.get("aria-describedby", ""), f"said-{name}"]))
        context: dict[str, Any] = super().get_context(name, value, attrs)
        return context | {"said": self.said, "wait": self.wait, "button": BUTTON}


class CodeField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        widget = CodeInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"})
        defaults: dict[str, Any] = {"label": gettext_lazy("Code by text message"), "max_length": 20, "widget": widget}
        super().__init__(**(defaults | kwargs))

    def clean(self, value: Any) -> str:
        code = "".join(unicodedata.normalize("NFKC", str(super().clean(value))).split())
        if code and not (len(code) == DIGITS and code.isascii() and code.isdigit()):
            raise forms.ValidationError(_("Type the 6 digits of the text message."), "code_digits")
        return code


class SendingPicture(PictureCodeField):
    """Stands before the sending, and only where an address has asked for many codes; it is not asked twice."""

    def clean(self, value: Any) -> Any:
        return None

    def judge(self, value: Any) -> None:
        super().clean(value)


# Shown only where a picture is due.
OF_PICTURE = ("captcha", "without_picture")


class CodeBlock(Div):  # type: ignore[misc]
    """What a press of the button renews: number, picture code where one is due, and code."""

    fields: list[str]

    def __init__(self, code: str, *before: str) -> None:
        super().__init__(*before, *OF_PICTURE, code, css_id=f"sms-{code}")

    def render(self, form: Any, *args: Any, **kwargs: Any) -> str:
        shown = self.fields
        picture = [name for name in OF_PICTURE if name in form.fields and form.is_picture_due]
        self.fields = [name for name in shown if name not in OF_PICTURE or name in picture]
        try:
            return str(super().render(form, *args, **kwargs))
        finally:
            self.fields = shown


class CodeForm(forms.Form):
    """Mixed into a form with the field ``phone``. ``proof``: the row that the typed code belongs to, once checked.

    ``was_sent``: the typed code was compared with one that this browser had been sent.
    """

    purpose: ClassVar[CodePurpose]
    # What must be right before a code is sent.
    sends_with: ClassVar[tuple[str, ...]] = ("phone",)
    # Whoever is signed in needs no picture code.
    is_for_strangers: ClassVar[bool] = True

    code = CodeField()
    captcha = SendingPicture()

    def __init__(self, *args: Any, visitor: Visitor, **kwargs: Any) -> None:
        self.visitor = visitor
        self.proof: SmsCode | None = None
        self.was_sent = False
        super().__init__(*args, **kwargs)

    @property
    def is_picture_due(self) -> bool:
        return self.is_for_strangers and needs_picture(self.visitor.address)

    def sent_text(self, name: str) -> str:
        """What is said after the sending, whether or not the number is known."""
        return _("The code was sent. It is good for 5 minutes.")

    def destination(self, name: str) -> tuple[CodePurpose, str]:
        """What the code of this field is for, and the phone that it goes to."""
        return self.purpose, str(self.cleaned_data["phone"])

    def find_recipient(self) -> tuple[User | None, bool]:
        """Whose code it is, and whether it is really sent."""
        return None, True

    def send(self, button: str) -> None:
        """【发送验证码】 of a field: judge only what the sending needs, and keep everything else as it was typed."""
        name = button if isinstance(self.fields.get(button), CodeField) else "code"
        self._errors, self.cleaned_data = ErrorDict(), {}
        for needed in self.sends_with if name == "code" else ():
            self._judge(needed)
        if self.is_picture_due:
            self.judge_picture()
        if not self._errors:
            self._send(name)
        for field in self.fields.values():
            if isinstance(field.widget, forms.PasswordInput):
                # This one answer, which nothing caches, gives back what was typed.
                field.widget.render_value = True

    def judge_picture(self) -> None:
        self._judge("captcha")

    def _judge(self, name: str) -> None:
        field, bound = self.fields[name], self[name]
        try:
            if isinstance(field, SendingPicture):
                field.judge(bound.data)
            else:
                self.cleaned_data[name] = field.clean(bound.data)
        except forms.ValidationError as error:
            self.add_error(name, error)

    def _send(self, name: str) -> bool:
        purpose, phone = self.destination(name)
        user, known = self.find_recipient()
        try:
            send_code(phone, purpose, visitor=self.visitor, user=user, known=known)
        except CodeRefused as refusal:
            self.add_error(name, str(refusal))
            return False
        widget = self.fields[name].widget
        assert isinstance(widget, CodeInput)
        widget.said, widget.wait = self.sent_text(name), int(PAUSE.total_seconds())
        return True

    def prove(self) -> bool:
        """Check the code of a form that is right otherwise, as often as an address may type one."""
        address = network_key(self.visitor.address)
        if not take(ADDRESS, address, tries=ADDRESS_TRIES, seconds=ADDRESS_SECONDS):
            self.add_error("code", _("Wrong codes came from your network too often. Try again in 10 minutes."))
            return False
        if not self.is_proved():
            return False
        give_back(ADDRESS, address)
        return True

    def is_proved(self) -> bool:
        """Nothing is looked up before the code was checked; one that came too late is sent anew."""
        self.proof = self.check("code")
        return self.proof is not None

    def check(self, name: str) -> SmsCode | None:
        purpose, phone = self.destination(name)
        code = str(self.cleaned_data[name])
        try:
            proof = check_code(phone, purpose, code, visitor=self.visitor)
            self.was_sent = True
            return proof
        except CodeExpired as late:
            self.was_sent = True
            is_sent = self._send(name)
            self.add_error(name, _("The code has expired. A new one has been sent.") if is_sent else str(late))
        except CodeRefused as refusal:
            self.was_sent = self.was_sent or isinstance(refusal, CodeWrong)
            self.add_error(name, str(refusal))
        return None

    def refuse(self, refusal: CodeRefused) -> None:
        self.add_error("code", str(refusal))

    def count(self) -> None:
        """A conflict was told to whoever holds the phone."""
        if self.proof is not None:
            count_answer(self.proof)
