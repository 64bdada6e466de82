"""What those are told whose number or credit code nobody verified in time."""

from __future__ import annotations

from accounts.delivery import Told, renders
from accounts.services.unverified_claims import CLAIM_EXPIRED
from workflow.models import OutboxMessage


@renders(CLAIM_EXPIRED)
def claim_expired(message: OutboxMessage) -> Told:
    return Told("claim_expired", {"name": str(message.recipient)})
