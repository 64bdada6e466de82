from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.forms.utils import ErrorDict
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.enums import SignInOutcome, SignInWay, UserKind
from accounts.forms.fields import word_required
from accounts.models import User
from accounts.services.admission import why_shut
from accounts.services.entering import INACTIVE, note_sign_in
from workflow.picture_code import PictureCodeField

ENTRIES = {
    UserKind.PERSON: _("This is an individual's account. Use the entry “Sign in as an individual”."),
    UserKind.UNIT: _("This is an employer's account. Use the entry “Sign in as an employer”."),
    UserKind.OFFICER: _("This is an officer's account. Use the entry “Sign in as an officer”."),
}


def wrong_entry(kind: UserKind, entry: UserKind) -> forms.ValidationError:
    """Which entry this account has; at that of employers, as manual 004 has it, that it is for legal persons."""
    words = [_("Sign in with the account of a legal person.")] if entry == UserKind.UNIT else []
    return forms.ValidationError("".join(map(str, [*words, ENTRIES[kind]])), "wrong_entry")


class SignInForm(forms.Form):
    """User name, password and picture code at one of the three entries."""

    username = forms.CharField(
        label=_("User name"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        label=_("Password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    captcha = PictureCodeField()

    def __init__(self, *args: Any, request: HttpRequest, entry: UserKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word_required(self)
        self.request, self.entry = request, entry
        self.user: User | None = None

    def ask_for_picture(self) -> None:
        """Nothing was wrong yet: this one answer, which nothing caches, gives back what was typed."""
        self._errors, self.cleaned_data = ErrorDict(), {}
        self.fields["password"].widget.render_value = True

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors:
            self.user = self._authenticate(cleaned["username"], cleaned["password"])
        return cleaned

    def _authenticate(self, username: str, password: str) -> User:
        """The adapter counts the failures; after five the sixth try is refused, right or wrong."""
        adapter = get_adapter(self.request)
        try:
            user = adapter.authenticate(self.request, username=username.lower(), password=password)
        except forms.ValidationError:
            self._note(User.objects.filter(username=username.lower()).first(), SignInOutcome.LOCKED)
            raise
        if user is None:
            self._note(User.objects.filter(username=username.lower()).first(), SignInOutcome.WRONG)
            raise adapter.validation_error("username_password_mismatch")
        if not user.is_active:
            self._note(user, SignInOutcome.INACTIVE)
            raise forms.ValidationError(INACTIVE, "inactive")
        if user.kind != self.entry:
            self._note(user, SignInOutcome.WRONG_ENTRY)
            raise wrong_entry(user.kind, self.entry)
        if shut := why_shut(user, way=SignInWay.PASSWORD):
            self._note(user, SignInOutcome.INACTIVE)
            raise forms.ValidationError(shut, "shut")
        return user  # type: ignore[no-any-return]

    def _note(self, user: User | None, outcome: SignInOutcome) -> None:
        note_sign_in(self.request, user, way=SignInWay.PASSWORD, outcome=outcome, entry=self.entry)
