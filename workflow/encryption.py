"""Encryption of stored personal data behind one interface, and keyed hashes to look it up by."""

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16


class DecryptionError(Exception):
    """The stored bytes were changed, moved to another column, or belong to a key that is gone."""


class Cipher(Protocol):
    """What a column needs; SM4-GCM (GB/T 39786) can take the place of AES-256-GCM here."""

    def encrypt(self, plain: bytes, context: str) -> bytes: ...

    def decrypt(self, stored: bytes, context: str) -> bytes:
        """Raise DecryptionError unless ``stored`` was made by ``encrypt`` for the same context."""
        ...


class AesGcmCipher:
    """AES-256-GCM. Stored form: key id (1 byte), nonce (12), ciphertext with tag (n + 16)."""

    def __init__(self, keys: Sequence[tuple[int, bytes]]) -> None:
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys}
        self._current = keys[0][0]

    def encrypt(self, plain: bytes, context: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._ciphers[self._current].encrypt(nonce, plain, context.encode())
        return bytes([self._current]) + nonce + sealed

    def decrypt(self, stored: bytes, context: str) -> bytes:
        if len(stored) < 1 + NONCE_BYTES + TAG_BYTES:
            raise DecryptionError(f"{context}: {len(stored)} bytes are too few for an encrypted value.")
        cipher = self._ciphers.get(stored[0])
        if cipher is None:
            raise DecryptionError(f"{context}: ENCRYPTION_KEYS has no key with id {stored[0]}.")
        nonce, sealed = stored[1 : 1 + NONCE_BYTES], stored[1 + NONCE_BYTES :]
        try:
            return cipher.decrypt(nonce, sealed, context.encode())
        except InvalidTag as error:
            raise DecryptionError(f"{context}: the stored value does not match its key and column.") from error

    def is_current(self, stored: bytes) -> bool:
        """Whether the value needs no re-encryption after a rotation."""
        return stored[:1] == bytes([self._current])


def parse_key(text: str) -> tuple[int, bytes]:
    """Read one ``id:base64`` entry of ENCRYPTION_KEYS; the id is 1 to 255, the key 32 bytes."""
    key_id, _, encoded = text.strip().partition(":")
    try:
        key = base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise ImproperlyConfigured("ENCRYPTION_KEYS: a key is not valid base64.") from error
    if not (key_id.isascii() and key_id.isdigit() and 1 <= int(key_id) <= 255):
        raise ImproperlyConfigured("ENCRYPTION_KEYS: every entry is id:base64 with an id from 1 to 255.")
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured(f"ENCRYPTION_KEYS: key {key_id} has {len(key)} bytes instead of {KEY_BYTES}.")
    return int(key_id), key


@lru_cache(maxsize=8)
def build_cipher(entries: tuple[str, ...]) -> AesGcmCipher:
    keys = [parse_key(entry) for entry in entries]
    if not keys:
        raise ImproperlyConfigured("ENCRYPTION_KEYS is empty.")
    if len({key_id for key_id, _ in keys}) != len(keys):
        raise ImproperlyConfigured("ENCRYPTION_KEYS: two keys have the same id.")
    return AesGcmCipher(keys)


def default_cipher() -> AesGcmCipher:
    """The cipher of settings.ENCRYPTION_KEYS: the first key encrypts, all decrypt."""
    return build_cipher(tuple(settings.ENCRYPTION_KEYS))


def keyed_hash(kind: str, value: str) -> str:
    """HMAC-SHA256 in hex (64 characters) of a *normalised* value; the same value of two kinds differs."""
    if not settings.INDEX_KEY:
        raise ImproperlyConfigured("INDEX_KEY is empty.")
    message = f"{kind}\0{value}".encode()
    return hmac.new(settings.INDEX_KEY.encode(), message, hashlib.sha256).hexdigest()
