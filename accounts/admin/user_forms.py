"""What the administration asks for when an account is set up or changed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AdminPasswordChangeForm
from django.utils.translation import gettext_lazy as _

from accounts.administrators import holds_two
from accounts.enums import UserKind
from accounts.forms.fields import MobileField, PersonNameField, UsernameField
from accounts.models import User
from accounts.services.accounts import find_taken
from accounts.services.administration import set_password
from accounts.services.officers import find_officer, said_taken
from workflow.identifiers import normalise_code, validate_resident_id


class DocumentNumberField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "off", "class": "vTextField"})
        defaults: dict[str, Any] = {"max_length": 30, "widget": widget}
        super().__init__(**(defaults | kwargs))

    def clean(self, value: Any) -> str:
        number = normalise_code(str(super().clean(value)))
        if number:
            validate_resident_id(number)
        return number


class _Numbers(forms.ModelForm):  # type: ignore[type-arg]
    """A phone and a document number that nobody else has; both are typed anew and never shown."""

    def clean_new_phone(self) -> str:
        phone = str(self.cleaned_data["new_phone"])
        if phone and (taken := find_taken(phone=phone, user=self.instance if self.instance.pk else None)):
            raise forms.ValidationError(taken["phone"], "taken")
        return phone

    def clean_new_document_number(self) -> str:
        number = str(self.cleaned_data["new_document_number"])
        if number and self.instance.kind != UserKind.OFFICER:
            raise forms.ValidationError(_("Only officers have their document number here."), "no_officer")
        if number and find_officer(number, other_than=self.instance if self.instance.pk else None):
            raise forms.ValidationError(said_taken(), "taken")
        return number


class NewUserForm(_Numbers):
    """The administrator sets up officers; persons and employers register themselves. Nobody types a password here."""

    username = UsernameField()
    name = PersonNameField(label=_("full name"))
    new_phone = MobileField(
        required=False, help_text=_("The link by which the officer chooses a password goes there, or to the e-mail.")
    )
    new_document_number = DocumentNumberField(
        label=_("document number"),
        help_text=_("The officer's own ID card: nobody decides what they applied for under another account."),
    )

    class Meta:
        model = User
        fields = ("username", "name", "email")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.kind, self.instance.is_approved = UserKind.OFFICER, True

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not (cleaned["new_phone"] or cleaned["email"]):
            self.add_error("new_phone", _("The link needs a mobile number or an e-mail address."))
        return cleaned

    def save(self, commit: bool = True) -> User:
        self.instance.set_unusable_password()
        user: User = super().save(commit)
        return user


class UserForm(_Numbers):
    """An empty field keeps the number."""

    new_phone = MobileField(label=_("New mobile number"), required=False)
    new_document_number = DocumentNumberField(label=_("New document number"), required=False)

    class Meta:
        model = User
        fields = ("name", "email", "is_active", "is_staff", "is_superuser", "groups")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        groups = [group.name for group in cleaned.get("groups") or ()]
        if holds_two(groups, is_superuser=bool(cleaned.get("is_superuser"))):
            raise forms.ValidationError(
                _("System, security and audit administrator are three people: one of these at most."), "three_people"
            )
        if cleaned.get("is_active") and not self.initial["is_active"] and self._has_another():
            self.add_error("is_active", _("This person has another account by now."))
        return cleaned

    def _has_another(self) -> bool:
        """One person has one open account; this one was closed when the other was opened."""
        user, key = self.instance, self.instance.identity_key
        others = User.objects.filter(is_active=True).exclude(pk=user.pk)
        if key and others.filter(identity_key=key).exists():
            return True
        return user.person_id is not None and others.filter(person=user.person_id).exists()


class InitialPasswordForm(AdminPasswordChangeForm):  # type: ignore[type-arg]
    """A password that an administrator types is an initial one; "disabled" leaves the account without any."""

    def save(self, commit: bool = True) -> Any:
        typed = self.cleaned_data["password1"] if self.cleaned_data["set_usable_password"] else None
        return set_password(self.user, typed)
