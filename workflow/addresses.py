"""Addresses that every page prints again: composed once per process."""

from __future__ import annotations

from functools import lru_cache

from django.urls import get_script_prefix, get_urlconf, reverse


def address_of(name: str, *args: str) -> str:
    """As ``reverse``, for the few addresses of menus and queues: each combination is kept."""
    return _address(get_script_prefix(), get_urlconf(), name, args)


@lru_cache(maxsize=1024)
def _address(_prefix: str, urlconf: str | None, name: str, args: tuple[str, ...]) -> str:
    return reverse(name, urlconf, args=args)
