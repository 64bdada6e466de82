"""The administration of accounts, one noun per module."""

from . import data_requests, entry, logs, messages, people, users
from .bases import ReadOnly

__all__ = ["ReadOnly", "data_requests", "entry", "logs", "messages", "people", "users"]
