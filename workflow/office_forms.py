"""What an office enters while it acts, where the form belongs to no service."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workflow import clock
from workflow.actors import Actor
from workflow.registry import stage_form


@stage_form("workflow.notice")
class NoticeForm(forms.Form):
    """Heading, length and address of a public notice; ``cleaned_data`` is plain JSON."""

    title = forms.CharField(label=_("Title of the notice"), max_length=120)
    working_days = forms.IntegerField(
        label=_("Length (working days)"),
        min_value=5,
        max_value=7,
        initial=5,
        help_text=_("5 to 7 working days, counted from the day after publication."),
    )
    phone = forms.CharField(label=_("Supervision telephone"), max_length=40)
    email = forms.EmailField(label=_("Supervision e-mail"), max_length=254, required=False)
    note = forms.CharField(
        label=_("How to object"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    @staticmethod
    def initial_for(actor: Actor, label: str) -> dict[str, Any]:
        """What the page may fill in beforehand; ``label`` is the name of the service."""
        office = actor.organisation
        return {
            "title": _("%(service)s public notice (%(month)s)")
            % {"service": label, "month": clock.today().strftime("%Y-%m")},
            "phone": office.phone if office is not None else "",
        }
