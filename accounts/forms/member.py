from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import MailField, PersonNameField, word_required
from accounts.forms.person import places
from accounts.forms.unit import EMPTY
from accounts.models import Person
from accounts.services.members import MemberFacts
from workflow.codelists import ETHNIC, POLITICAL


class MemberForm(forms.Form):
    """【修改】 of a person by the unit. Number and phone are the person's own to change, with proof."""

    name = PersonNameField(
        help_text=_("As on the document. Another name must be checked again before the person can apply for anything.")
    )
    email = MailField(label=_("E-mail"), required=False)
    ethnic = forms.ChoiceField(label=_("Ethnic group"), choices=[EMPTY, *ETHNIC.choices], required=False)
    political = forms.ChoiceField(label=_("Political status"), choices=[EMPTY, *POLITICAL.choices], required=False)
    household = forms.ChoiceField(label=_("Place of household registration"), choices=places, required=False)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        names = ("name", "email", "ethnic", "political")
        initial = {name: getattr(person, name) for name in names} | {"household": person.household_id or ""}
        super().__init__(*args, **(kwargs | {"initial": initial}))
        word_required(self)

    @property
    def facts(self) -> MemberFacts:
        data = self.cleaned_data
        return MemberFacts(data["name"], data["email"], data["ethnic"], data["political"], data["household"] or None)
