"""自然人注册 and 法人注册: the two tabs of the registration of the portal itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from crispy_forms.layout import Fieldset
from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.ages import TOO_YOUNG, is_too_young
from accounts.enums import CodePurpose, LegalPersonKind, TermsKind, UserKind
from accounts.forms.codes import CodeBlock, CodeForm
from accounts.forms.consents import ConsentsForm
from accounts.forms.fields import (
    CredentialsForm,
    CreditCodeField,
    DateField,
    MailField,
    MobileField,
    PersonNameField,
    UsernameField,
    check_document,
    today_or_earlier,
    word_required,
)
from accounts.forms.person import places
from accounts.forms.unit import EMPTY, counties
from accounts.legal_persons import kind_warning
from accounts.services import AccountFacts, IdentityFacts
from accounts.services.sign_up import PersonStatement, UnitStatement
from workflow import clock
from workflow.codelists import DOCUMENT_KINDS
from workflow.formlook import FormLook
from workflow.identifiers import (
    document_warning,
    normalise_code,
    parse_resident_id,
    resident_id_warning,
    uscc_warning,
)

ACCOUNT_FIELDS = ("token", "username", "password", "password_again")
DOCUMENT_FIELDS = ("name", "document_kind", "number", "valid_from", "valid_until", "long_term")
UNIT_FIELDS = ("kind", "unit_name", "uscc")
PRINCIPAL_FIELDS = ("principal", "principal_document_kind", "principal_number")
AGENT_FIELDS = ("agent", "agent_number")


def unit_places() -> list[tuple[Any, Any]]:
    """Where an employer can be verified comes first; the rest is known, and not served yet."""
    served = counties()[1:]
    codes = {code for code, _name in served}
    rest = [(city, [place for place in group if place[0] not in codes]) for city, group in places()[1:]]
    first = [(_("Served by this portal"), served)] if served else []
    return [EMPTY, *first, *((_("Not served yet: %(city)s") % {"city": city}, group) for city, group in rest if group)]


class PlainUsernameField(UsernameField):
    """The user name of spec 2.1: letters first, no Chinese characters."""

    pattern = re.compile(r"[a-z][a-z0-9_]{3,19}", re.ASCII)
    rule = _("Use 4 to 20 letters, digits or the sign _ and begin with a letter.")

    def __init__(self, **kwargs: Any) -> None:
        hint = _(
            "4 to 20 letters, digits or _, beginning with a letter. You will sign in with it; it cannot be changed."
        )
        super().__init__(**({"help_text": hint} | kwargs))


class SignUpForm(ConsentsForm, CodeForm, CredentialsForm):
    """What both tabs share: account, phone with its code, agreement, consent to sensitive data."""

    purpose = CodePurpose.REGISTER
    kinds = (TermsKind.AGREEMENT, TermsKind.SENSITIVE)

    token = forms.UUIDField(widget=forms.HiddenInput)
    username = PlainUsernameField()
    phone = MobileField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word_required(self)

    def show(self, *sections: Fieldset) -> None:
        """The account first, and then what the tab asks besides."""
        self.helper = FormLook(Fieldset(_("Account information"), *ACCOUNT_FIELDS), *sections)

    def typed(self, name: str) -> str:
        return str(self[name].value() or "")


class PersonSignUpForm(SignUpForm):
    """自然人注册."""

    name = PersonNameField(label=_("Real name"), help_text=_("As on the document."))
    document_kind = forms.ChoiceField(label=_("Kind of document"), choices=DOCUMENT_KINDS.choices, initial="01")
    number = forms.CharField(label=_("Document number"), max_length=30)
    valid_from = DateField(label=_("Document valid from"), required=False)
    valid_until = DateField(label=_("Document valid until"), required=False)
    long_term = forms.BooleanField(label=_("Valid without end"), required=False)
    email = MailField(label=_("E-mail"), max_length=100, required=False)
    region = forms.ChoiceField(label=_("Place of residence"), choices=places, required=False)

    field_order: Sequence[str] = (*ACCOUNT_FIELDS, *DOCUMENT_FIELDS, "phone", "captcha", "code", "email", "region")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.show(
            Fieldset(_("Identity"), *DOCUMENT_FIELDS),
            Fieldset(_("Contact"), CodeBlock("code", "phone"), "email", "region"),
        )

    def clean_number(self) -> str:
        return normalise_code(self.cleaned_data["number"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        card = check_document(self, "document_kind", "number")
        cleaned |= {"birth_date": card.birth_date, "sex": card.sex} if card else {"birth_date": None, "sex": "0"}
        if card is not None and is_too_young(card.birth_date, clock.today()):
            self.add_error("number", str(TOO_YOUNG))
        self._clean_validity(cleaned)
        return cleaned

    def _clean_validity(self, cleaned: dict[str, Any]) -> None:
        today_or_earlier(self, "valid_from", clock.today(), _("The date lies in the future. Check the year."))
        begins, ends = cleaned.get("valid_from"), cleaned.get("valid_until")
        if ends and cleaned.get("long_term"):
            self.add_error("valid_until", _("Either a last day or “valid without end”: remove one of them."))
        elif begins and ends and ends < begins:
            self.add_error("valid_until", _("The last day lies before the first one. Compare both with the document."))

    @property
    def doubts(self) -> dict[str, Promise | None]:
        number, ends = self.typed("number"), self.typed("valid_until")
        return {
            "number": document_warning(self.typed("document_kind"), number) if number else None,
            # ISO dates compare as texts do.
            "valid_until": _("The document has expired. Renew it before you raise the real-name level.")
            if ends and ends < clock.today().isoformat()
            else None,
        }

    @property
    def account(self) -> AccountFacts:
        data = self.cleaned_data
        return AccountFacts(data["username"], data["name"], data["phone"], data["email"], data["number"])

    @property
    def statement(self) -> PersonStatement:
        data = self.cleaned_data
        given = {
            name: data[name] for name in ("document_kind", "number", "name", "phone", "email", "birth_date", "sex")
        }
        identity = IdentityFacts(**given, ethnic="", political="", household_id=None)
        return PersonStatement(identity, data["valid_from"], data["valid_until"], data["region"] or None)


class UnitSignUpForm(SignUpForm):
    """法人注册."""

    kind = forms.ChoiceField(label=_("Kind of legal person"), choices=[EMPTY, *LegalPersonKind.choices])
    unit_name = forms.CharField(label=_("Name of the employer"), max_length=100, help_text=_("As on the licence."))
    uscc = CreditCodeField()
    principal = PersonNameField(label=_("Name of the legal representative (head)"))
    principal_document_kind = forms.ChoiceField(
        label=_("Kind of document of the legal representative"), choices=DOCUMENT_KINDS.choices, initial="01"
    )
    principal_number = forms.CharField(label=_("Document number of the legal representative"), max_length=30)
    agent = PersonNameField(label=_("Name of the person in charge"))
    agent_number = forms.CharField(
        label=_("ID number of the person in charge"),
        max_length=30,
        help_text=_("18 characters. Not the number of somebody who will apply for a subsidy."),
    )
    phone = MobileField(
        label=_("Mobile number of the person in charge"),
        help_text=_("Not the number of somebody who will apply for a subsidy: it can be registered only once."),
    )
    region = forms.ChoiceField(
        label=_("Administrative division"),
        choices=unit_places,
        required=False,
        help_text=_("The real name of an employer is checked in the counties and districts that this portal serves."),
    )
    address = forms.CharField(label=_("Registered address"), max_length=200, required=False)

    field_order: Sequence[str] = (
        *ACCOUNT_FIELDS, *UNIT_FIELDS, "region", "address", *PRINCIPAL_FIELDS, *AGENT_FIELDS, "phone", "captcha",
        "code",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.show(
            Fieldset(_("Basic information of the employer"), *UNIT_FIELDS, "region", "address"),
            Fieldset(_("Legal representative (head)"), *PRINCIPAL_FIELDS),
            Fieldset(_("Person in charge"), *AGENT_FIELDS, CodeBlock("code", "phone")),
        )

    def clean_unit_name(self) -> str:
        return "".join(str(self.cleaned_data["unit_name"]).split())

    def clean_agent_number(self) -> str:
        number = normalise_code(self.cleaned_data["agent_number"])
        parse_resident_id(number)
        return number

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        check_document(self, "principal_document_kind", "principal_number")
        return cleaned

    @property
    def doubts(self) -> dict[str, Promise | None]:
        code, agent, principal = self.typed("uscc"), self.typed("agent_number"), self.typed("principal_number")
        of_kind = document_warning(self.typed("principal_document_kind"), principal) if principal else None
        return {
            "kind": kind_warning(self.typed("kind"), code),
            "uscc": uscc_warning(code) if code else None,
            "principal_number": of_kind,
            "agent_number": resident_id_warning(agent) if agent else None,
        }

    @property
    def account(self) -> AccountFacts:
        data = self.cleaned_data
        return AccountFacts(data["username"], data["agent"], data["phone"], "", data["agent_number"])

    @property
    def statement(self) -> UnitStatement:
        data = self.cleaned_data
        names = ("kind", "uscc", *PRINCIPAL_FIELDS, *AGENT_FIELDS, "address")
        return UnitStatement(
            name=data["unit_name"], region_id=data["region"] or None, **{name: data[name] for name in names}
        )


Tab = PersonSignUpForm | UnitSignUpForm
TABS: dict[UserKind, type[Tab]] = {UserKind.PERSON: PersonSignUpForm, UserKind.UNIT: UnitSignUpForm}
