"""The keys of the cards' codes: one signs, retired ones still verify, revoked ones are believed no more."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.db import IntegrityError, transaction

from talent.card_codes import CardCode, UnreadableCodeError, read_code, write_code
from talent.enums import KeyState
from talent.models import Card, SigningKey
from workflow import clock


class ForgedCodeError(Exception):
    """No key that is trusted has signed this."""


class RevokedKeyError(ForgedCodeError):
    """Signed by a key that was revoked: whoever stole it can have signed this."""


@dataclass(frozen=True, slots=True)
class Signer:
    """The key that signs, read once for any number of cards."""

    key_id: int
    private: Ed25519PrivateKey

    def code_of(self, card: Card) -> str:
        """The text of the QR code of the card's present edition; the same text as long as the same key signs."""
        code = CardCode(self.key_id, card.edition, card.number)
        return write_code(code, self.private.sign(code.signed_bytes))


def signer() -> Signer:
    key = signing_key()
    return Signer(key.pk, Ed25519PrivateKey.from_private_bytes(base64.b64decode(key.private)))


def card_code(card: Card) -> str:
    return signer().code_of(card)


def check_code(text: str) -> CardCode:
    """What the code says, by whom we believe it. Raises ForgedCodeError, or RevokedKeyError."""
    try:
        code, signature = read_code(text)
    except UnreadableCodeError as error:
        raise ForgedCodeError from error
    key = SigningKey.objects.filter(pk=code.key).first()
    if key is None:
        raise ForgedCodeError
    try:
        Ed25519PublicKey.from_public_bytes(base64.b64decode(key.public)).verify(signature, code.signed_bytes)
    except InvalidSignature as error:
        raise ForgedCodeError from error
    if key.state == KeyState.REVOKED:
        raise RevokedKeyError
    return code


def signing_key() -> SigningKey:
    """The key that signs; the first one is made when the first card is drawn."""
    found = SigningKey.objects.signing().first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return _make_key()
    except IntegrityError:
        # Somebody was faster by a moment.
        return SigningKey.objects.signing().get()


@transaction.atomic
def rotate_key() -> SigningKey:
    """A new key signs from now on; codes of the one before stay good."""
    retiring = SigningKey.objects.signing().select_for_update()
    retiring.update(state=KeyState.RETIRED, ended_at=clock.machine_now())
    return _make_key()


@transaction.atomic
def revoke_key(key: SigningKey) -> SigningKey:
    """Believe this key no more, and forget its private half; answers the key that signs now.

    Every card whose printed code it has signed must be printed again; its state is not touched.
    """
    key = SigningKey.objects.select_for_update().get(pk=key.pk)
    if key.state == KeyState.SIGNS:
        rotate_key()
        key.refresh_from_db()
    key.state, key.private = KeyState.REVOKED, ""
    key.save(update_fields=["state", "private"])
    return signing_key()


def _make_key() -> SigningKey:
    private = Ed25519PrivateKey.generate()
    return SigningKey.objects.create(
        public=base64.b64encode(private.public_key().public_bytes_raw()).decode(),
        private=base64.b64encode(private.private_bytes_raw()).decode(),
        created_at=clock.machine_now(),
    )
