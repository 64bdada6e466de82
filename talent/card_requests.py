"""Everything that card holders ask for later, registered by being imported; ``chains`` imports this."""

from __future__ import annotations

from talent import change_cases, change_desk, request_data, service_cases, service_desk

__all__ = ["change_cases", "change_desk", "request_data", "service_cases", "service_desk"]
