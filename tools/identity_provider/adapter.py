from __future__ import annotations

from typing import Any

from allauth.idp.oidc.adapter import DefaultOIDCAdapter

from tools.identity_provider.citizens import citizens


class Adapter(DefaultOIDCAdapter):  # type: ignore[misc]
    """The ID token says who it is; what is known of them is told over the second channel only."""

    def get_claims(self, purpose: str, user: Any, client: Any, scopes: Any, **kwargs: Any) -> dict[str, Any]:
        claims = {"sub": self.get_user_sub(client, user)}
        return claims | citizens[user.username].claims if purpose == "userinfo" else claims
