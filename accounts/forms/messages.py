from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.enums import Channel
from accounts.message_choices import Offer


class MessageSettingsForm(forms.Form):
    """消息设置. ``wanted`` holds "kind:channel" of each box; what is not offered is refused."""

    language = forms.ChoiceField(label=_("Language of the messages"), choices=settings.LANGUAGES)
    wanted = forms.MultipleChoiceField(required=False)

    def __init__(self, *args: Any, offers: list[Offer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wanted = self.fields["wanted"]
        assert isinstance(wanted, forms.MultipleChoiceField)
        wanted.choices = [(box.value, box.value) for offer in offers for box in offer.boxes if box]

    @property
    def chosen(self) -> set[tuple[str, Channel]]:
        pairs = (value.rpartition(":") for value in self.cleaned_data["wanted"])
        return {(key, Channel(channel)) for key, _colon, channel in pairs}
