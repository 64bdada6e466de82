"""Identity numbers and names that an address must carry: sealed there, opened where they are compared."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import django_filters
from django import forms
from django.http import HttpRequest

from workflow.encryption import DecryptionError, default_cipher

CONTEXT = "filter.id_number"
FIELD = "id_number"
MARK = "~"


def seal(text: str, context: str = CONTEXT) -> str:
    """Letters that only this portal can read back."""
    return MARK + urlsafe_b64encode(default_cipher().encrypt(text.encode(), context)).decode()


def unseal(text: str, context: str = CONTEXT) -> str:
    """What was sealed; what never was stays as it is, what cannot be opened matches nobody."""
    if not text.startswith(MARK):
        return text
    try:
        return default_cipher().decrypt(urlsafe_b64decode(text[1:].encode()), context).decode()
    except (DecryptionError, binascii.Error, ValueError):
        return MARK


def sealed_address(request: HttpRequest) -> str:
    """Where a posted filter form leads: its own page, with the filter in the address and no number in clear."""
    query = request.POST.copy()
    query.pop("csrfmiddlewaretoken", None)
    if typed := query.get(FIELD):
        query[FIELD] = seal(unseal(str(typed)))
    return f"{request.path}?{query.urlencode()}"


class SealedField(forms.CharField):
    def prepare_value(self, value: Any) -> Any:
        return unseal(value) if isinstance(value, str) else value

    def to_python(self, value: Any) -> Any:
        return super().to_python(unseal(value) if isinstance(value, str) else value)


class SealedFilter(django_filters.CharFilter):  # type: ignore[misc]
    field_class = SealedField
