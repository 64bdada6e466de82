"""The administration of accounts, one noun per module."""

from . import entry, logs, people, users
from .bases import ReadOnly

__all__ = ["ReadOnly", "entry", "logs", "people", "users"]
