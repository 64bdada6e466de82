"""What the county bureau says when it returns a 汇总表."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ReturnForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason for the return"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}), strip=True
    )
