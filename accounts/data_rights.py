"""我的信息, 保存期限 and key rotation of this floor: importing this registers what they consist of."""

from __future__ import annotations

from accounts.services import secrets_at_rest

__all__ = ["secrets_at_rest"]
