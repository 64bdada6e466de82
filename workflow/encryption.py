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
from cryptography.hazmat.primitives.ciphers import Cipher as BlockCipher
from cryptography.hazmat.primitives.ciphers import algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

# What an entry of ENCRYPTION_KEYS may name, and how long its keys are; AES where it names nothing.
KEY_BYTES = {"": 32, "sm4": 16}
NONCE_BYTES = 12
TAG_BYTES = 16


class DecryptionError(Exception):
    """The stored bytes were changed, moved to another column, or belong to a key that is gone."""


class Cipher(Protocol):
    """What a column needs. Stored form: key id (1 byte), then whatever the algorithm of that key wants."""

    @property
    def current_id(self) -> int:
        """The key under which new values are stored."""
        ...

    def encrypt(self, plain: bytes, context: str) -> bytes: ...

    def decrypt(self, stored: bytes, context: str) -> bytes:
        """Raise DecryptionError unless ``stored`` was made by ``encrypt`` for the same context."""
        ...

    def is_current(self, stored: bytes) -> bool: ...


class Aead(Protocol):
    """One key of one algorithm, as ``cryptography`` shapes it."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes: ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes: ...


class Sm4Gcm:
    """SM4-GCM (GB/T 32907, GB/T 36624) for portals that are assessed under GB/T 39786; the module is not certified."""

    def __init__(self, key: bytes) -> None:
        self._algorithm = algorithms.SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
        encryptor = BlockCipher(self._algorithm, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(associated_data)
        return encryptor.update(data) + encryptor.finalize() + encryptor.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
        sealed, tag = data[:-TAG_BYTES], data[-TAG_BYTES:]
        decryptor = BlockCipher(self._algorithm, modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(associated_data)
        return decryptor.update(sealed) + decryptor.finalize()


def _algorithm_of(key: bytes) -> Aead:
    """By the length of the key: AES comes with 256 bits alone, SM4 has 128."""
    return Sm4Gcm(key) if len(key) == KEY_BYTES["sm4"] else AESGCM(key)


class KeyRing:
    """AES-256-GCM or SM4-GCM, key by key. Stored form: key id (1 byte), nonce (12), ciphertext with tag (n + 16)."""

    def __init__(self, keys: Sequence[tuple[int, bytes]]) -> None:
        self._ciphers = {key_id: _algorithm_of(key) for key_id, key in keys}
        self._current = keys[0][0]

    @property
    def current_id(self) -> int:
        return self._current

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
    """Read one entry of ENCRYPTION_KEYS: ``id:base64`` (AES, 32 bytes) or ``id:sm4:base64`` (16), id 1 to 255."""
    key_id, _, encoded = text.strip().partition(":")
    algorithm, _, encoded = encoded.rpartition(":")
    if algorithm not in KEY_BYTES:
        raise ImproperlyConfigured(
            f"ENCRYPTION_KEYS: {algorithm!r} is no algorithm; leave it out for AES, or write sm4."
        )
    try:
        key = base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise ImproperlyConfigured("ENCRYPTION_KEYS: a key is not valid base64.") from error
    if not (key_id.isascii() and key_id.isdigit() and 1 <= int(key_id) <= 255):
        raise ImproperlyConfigured("ENCRYPTION_KEYS: every entry is id:base64 with an id from 1 to 255.")
    if len(key) != KEY_BYTES[algorithm]:
        wanted = KEY_BYTES[algorithm]
        raise ImproperlyConfigured(f"ENCRYPTION_KEYS: key {key_id} has {len(key)} bytes instead of {wanted}.")
    return int(key_id), key


@lru_cache(maxsize=8)
def build_cipher(entries: tuple[str, ...]) -> KeyRing:
    keys = [parse_key(entry) for entry in entries]
    if not keys:
        raise ImproperlyConfigured("ENCRYPTION_KEYS is empty.")
    if len({key_id for key_id, _ in keys}) != len(keys):
        raise ImproperlyConfigured("ENCRYPTION_KEYS: two keys have the same id.")
    return KeyRing(keys)


def default_cipher() -> Cipher:
    """The cipher of settings.ENCRYPTION_KEYS: the first key encrypts, all decrypt."""
    return build_cipher(tuple(settings.ENCRYPTION_KEYS))


def keyed_hash(kind: str, value: str) -> str:
    """HMAC-SHA256 in hex (64 characters) of a *normalised* value; the same value of two kinds differs."""
    if not settings.INDEX_KEY:
        raise ImproperlyConfigured("INDEX_KEY is empty.")
    message = f"{kind}\0{value}".encode()
    return hmac.new(settings.INDEX_KEY.encode(), message, hashlib.sha256).hexdigest()
