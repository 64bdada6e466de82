"""A device with passkeys, as software: what Chromium's virtual authenticator does, without a browser."""

import json
from hashlib import sha256
from secrets import token_bytes
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

ORIGIN = "http://testserver"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


class Device:
    """One key for one site. ``counts``: whether it counts its signatures."""

    def __init__(self, *, counts: bool = True) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = token_bytes(16)
        self.signatures = 0
        self.counts = counts

    def make(self, page: Any, *, origin: str = ORIGIN, site: str = "testserver") -> str:
        """The answer to the page on which a passkey is added."""
        public = ES256.from_cryptography_key(self.key.public_key())
        known = AttestedCredentialData.create(bytes(16), self.id, public)
        facts = AuthenticatorData.create(_site(site), PRESENT | VERIFIED | ATTESTED, self.signatures, known)
        attested = AttestationObject.create("none", facts, {})
        return self._answer(clientDataJSON=_client("webauthn.create", page, origin), attestationObject=bytes(attested))

    def sign(self, page: Any, *, origin: str = ORIGIN, site: str = "testserver") -> str:
        """The answer to the page between the two factors."""
        self.signatures += self.counts
        client = _client("webauthn.get", page, origin)
        facts = bytes(AuthenticatorData.create(_site(site), PRESENT | VERIFIED, self.signatures))
        signature = self.key.sign(facts + sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=facts, signature=signature)

    def _answer(self, **parts: bytes) -> str:
        response = {name: websafe_encode(part) for name, part in parts.items()}
        return json.dumps({"id": websafe_encode(self.id), "type": "public-key", "response": response})


def _site(site: str) -> bytes:
    return sha256(site.encode()).digest()


def _client(kind: str, page: Any, origin: str) -> bytes:
    challenge = json.loads(page.context["passkey"])["publicKey"]["challenge"]
    return json.dumps({"type": kind, "challenge": challenge, "origin": origin}).encode()
