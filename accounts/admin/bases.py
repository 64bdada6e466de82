from __future__ import annotations

from django.db.models import Model
from django.http import HttpRequest


class ReadOnly:
    """What people or the system wrote: to be read here, and changed nowhere."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
