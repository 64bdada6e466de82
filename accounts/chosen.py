"""The item that somebody chose before signing in, known again by the address that the sign-in will lead to."""

from __future__ import annotations

from django.urls import reverse

from workflow.items import Item, all_items


def chosen_item(target: str) -> Item | None:
    path = target.partition("?")[0]
    return next((item for item in all_items() if path in (reverse("accounts:item", args=[item.key]), item.url)), None)
