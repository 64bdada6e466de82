"""The administrator's pages, one noun per module."""

from . import calendar, chains, places, records, retention

__all__ = ["calendar", "chains", "places", "records", "retention"]
