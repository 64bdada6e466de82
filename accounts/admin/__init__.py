"""The administration of accounts, one noun per module."""

from . import entry, logs, messages, people, users
from .bases import ReadOnly

__all__ = ["ReadOnly", "entry", "logs", "messages", "people", "users"]
