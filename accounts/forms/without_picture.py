"""A code by text message for whoever cannot read the picture: few in a day, and to phones of accounts alone."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms.codes import CodeForm
from accounts.services.codes import network_key
from accounts.services.limits import take

DAY_SECONDS = 86400
# Of one address, over all phones; and to one phone from wherever. The limits of each code hold beside them.
OF_ADDRESS, PER_ADDRESS = "no_picture_address", 10
OF_PHONE, PER_PHONE = "no_picture_phone", 3
OF_SITE = "no_picture_site"


class WithoutPictureForm(CodeForm):
    """Known and unknown phones are counted alike; only known ones are sent a message."""

    without_picture = forms.BooleanField(
        label=gettext_lazy("I cannot read the picture: send the code without it"), required=False
    )

    def judge_picture(self) -> None:
        if not self["without_picture"].value():
            super().judge_picture()
        elif not self.errors and not self._take():
            self.add_error(
                "without_picture",
                _(
                    "Today no more codes can be sent without the picture from here. Copy the picture, try again "
                    "tomorrow, or come to the service counter with the document of your identity."
                ),
            )

    def _take(self) -> bool:
        phone, address = str(self.cleaned_data["phone"]), network_key(self.visitor.address)
        site = settings.SMS_CODES_OF_SITE_WITHOUT_PICTURE
        return (
            take(OF_PHONE, phone, tries=PER_PHONE, seconds=DAY_SECONDS)
            and take(OF_ADDRESS, address, tries=PER_ADDRESS, seconds=DAY_SECONDS)
            and take(OF_SITE, "", tries=site, seconds=DAY_SECONDS)
        )
