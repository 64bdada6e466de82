from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.totp.internal.auth import generate_totp_secret
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.enums import SignInOutcome
from accounts.forms.fields import word_required
from accounts.models import User
from accounts.passkeys import MOST_OF_ONE, PasskeyRefused, accept, passkeys_of, use
from accounts.second_factor import SecondFactorAdapter, check_code, counter_of, has_app, needs_second_factor
from accounts.services.entering import PENDING, note_sign_in
from accounts.services.limits import give_back, take
from accounts.services.security_notices import SECOND_FACTOR_GUESSED, tell_of_change

CODE, CODE_OF_DAY, PASSWORD = "second_factor", "second_factor_of_day", "confirm_password"
TRIES, SECONDS = 5, 15 * 60
# Whoever guesses five each quarter of an hour is stopped for the day; the owner hears of the fifth wrong code.
TRIES_OF_DAY, DAY = 20, 86400
WRONG, TOLD = "second_factor_wrong", "second_factor_told"
SECRET = "second_factor_secret"  # noqa: S105  a key of the session


def _code_field(label: Any, hint: Any) -> forms.CharField:
    attrs = {"autocomplete": "one-time-code", "inputmode": "numeric"}
    return forms.CharField(label=label, max_length=20, help_text=hint, widget=forms.TextInput(attrs=attrs))


class AnswerInput(forms.HiddenInput):
    """An answer is good once: a page that comes back with an error waits for a new one."""

    def format_value(self, value: Any) -> None:
        return None


def passkey_field() -> forms.CharField:
    return forms.CharField(required=False, max_length=20_000, widget=AnswerInput())


class SecondFactorForm(forms.Form):
    """The second step of signing in: a code, or what a passkey answered, which a script puts into ``credential``."""

    credential = passkey_field()
    code = _code_field(
        _("Security code"), _("The 6 digits that the app on your phone shows now, or one of your recovery codes.")
    )

    def __init__(self, *args: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.user = request, user
        self.is_passkey = bool(self.data.get("credential"))
        self.fields["code"].required = not self.is_passkey
        if not has_app(user):
            self.fields["code"].help_text = _("One of your recovery codes.")
        word_required(self)

    def clean_credential(self) -> str:
        answer = str(self.cleaned_data["credential"])
        if self.is_passkey:
            self._judge(lambda: self._is_passkey_of_user(answer), _("The passkey was not accepted. Try again."))
        return answer

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if not self.is_passkey:
            wrong = _("The code is wrong, too old or was used before. Wait for the next one.")
            self._judge(lambda: check_code(self.user, code), wrong)
        return code

    def _is_passkey_of_user(self, answer: str) -> bool:
        try:
            use(self.request, self.user, answer)
        except PasskeyRefused:
            return False
        return True

    def _judge(self, is_right: Callable[[], bool], wrong: Any) -> None:
        account = str(self.user.pk)
        if not take(CODE, account, tries=TRIES, seconds=SECONDS):
            self._note(SignInOutcome.LOCKED)
            raise forms.ValidationError(_("Wrong codes too often. Try again in 15 minutes."), "locked")
        if not take(CODE_OF_DAY, account, tries=TRIES_OF_DAY, seconds=DAY):
            self._note(SignInOutcome.LOCKED)
            raise forms.ValidationError(_("Wrong codes too often today. Try again tomorrow."), "locked")
        if not is_right():
            self._note(SignInOutcome.WRONG_SECOND)
            self._warn()
            raise forms.ValidationError(wrong, "code_wrong")
        give_back(CODE, account)
        give_back(CODE_OF_DAY, account)

    def _warn(self) -> None:
        """Once a day: whoever stands here has passed the first step."""
        account = str(self.user.pk)
        if not take(WRONG, account, tries=TRIES - 1, seconds=DAY) and take(TOLD, account, tries=1, seconds=DAY):
            tell_of_change(self.user, SECOND_FACTOR_GUESSED, phone=self.user.phone)

    def _note(self, outcome: SignInOutcome) -> None:
        way = self.request.session[PENDING]["way"]
        note_sign_in(self.request, self.user, way=way, outcome=outcome)


class CurrentPasswordForm(forms.Form):
    """Whoever finds an open session at a counter cannot change how its owner signs in, nor guess the password."""

    current = forms.CharField(
        label=_("Current password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        word_required(self)

    def clean_current(self) -> str:
        current = str(self.cleaned_data["current"])
        if not take(PASSWORD, str(self.user.pk), tries=TRIES, seconds=SECONDS):
            raise forms.ValidationError(_("Wrong passwords too often. Try again in 15 minutes."), "locked")
        if not self.user.check_password(current):
            raise forms.ValidationError(_("The current password is wrong."), "password_wrong")
        give_back(PASSWORD, str(self.user.pk))
        return current


class ConfirmForm(CurrentPasswordForm):
    """An account without a password has been proved before its form is shown (``views.owner_proof``)."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        if not user.has_usable_password():
            del self.fields["current"]


class SetUpBase(ConfirmForm):
    def clean(self) -> dict[str, Any]:
        """A code by text message alone must not become both factors of an officer."""
        if needs_second_factor(self.user) and not self.user.has_usable_password():
            raise forms.ValidationError(
                _("Setting up a second factor needs a password. Ask the security administrator for an initial one."),
                "no_password",
            )
        return super().clean() or {}


class PasskeyForm(SetUpBase):
    """``accepted``: the new passkey, once everything else was right."""

    name = forms.CharField(
        label=_("Name of the passkey"), max_length=30, help_text=_("By which you know the device: office computer.")
    )
    credential = passkey_field()

    def __init__(self, *args: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.request = request
        self.accepted: dict[str, Any] = {}
        self.order_fields(["name", "current"])
        word_required(self)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if len(passkeys_of(self.user)) >= MOST_OF_ONE:
            raise forms.ValidationError(_("This account has ten passkeys: remove one first."), "too_many")
        if not self.errors:
            try:
                self.accepted = accept(self.request, self.user, cleaned["credential"])
            except PasskeyRefused as refused:
                text = _("The device made no passkey for this site. Press the button once more.")
                raise forms.ValidationError(text, "passkey_refused") from refused
        return cleaned


class SetUpForm(SetUpBase):
    """The secret stays the same until the code was right, and is encrypted in the session too."""

    code = _code_field(_("Code shown by the app"), _("6 digits; they change every half minute."))

    def __init__(self, *args: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        adapter = SecondFactorAdapter()
        if SECRET not in request.session:
            request.session[SECRET] = adapter.encrypt(generate_totp_secret())
        self.secret = adapter.decrypt(request.session[SECRET])
        self.counter = -1
        self.order_fields(["code", "current"])

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).strip().replace(" ", "")
        counter = counter_of(self.secret, code)
        if counter is None:
            raise forms.ValidationError(
                _("The code does not belong to this secret. Look at the app again; the phone's clock must be right."),
                "code_wrong",
            )
        self.counter = counter
        return code
