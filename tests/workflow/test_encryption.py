import base64

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from workflow.encryption import DecryptionError, KeyRing, build_cipher, default_cipher, keyed_hash

OLD = (1, b"o" * 32)
NEW = (2, b"n" * 32)
CONTEXT = "accounts.person.number"


def entry(key_id: object, key: bytes) -> str:
    return f"{key_id}:{base64.b64encode(key).decode()}"


@given(st.binary(max_size=200), st.text(max_size=40))
def test_cipher_returns_what_it_was_given(plain, context):
    cipher = KeyRing([NEW, OLD])

    assert cipher.decrypt(cipher.encrypt(plain, context), context) == plain


def test_cipher_stores_18_digits_in_47_bytes_and_never_the_same_bytes_twice():
    cipher = KeyRing([NEW])

    first = cipher.encrypt(b"130902199003070015", CONTEXT)
    second = cipher.encrypt(b"130902199003070015", CONTEXT)

    assert len(first) == 47
    assert first != second
    assert b"130902199003070015" not in first


def test_rotation_encrypts_with_the_first_key_and_still_opens_old_values():
    stored = KeyRing([OLD]).encrypt(b"secret", CONTEXT)
    rotated = KeyRing([NEW, OLD])

    assert rotated.decrypt(stored, CONTEXT) == b"secret"
    assert not rotated.is_current(stored)
    assert rotated.encrypt(b"secret", CONTEXT)[0] == 2
    assert rotated.is_current(rotated.encrypt(b"secret", CONTEXT))


def test_a_value_of_a_removed_key_says_which_key_is_missing():
    stored = KeyRing([OLD]).encrypt(b"secret", CONTEXT)

    with pytest.raises(DecryptionError, match="no key with id 1"):
        KeyRing([NEW]).decrypt(stored, CONTEXT)


def test_a_key_id_reused_for_another_key_does_not_open():
    stored = KeyRing([(1, b"x" * 32)]).encrypt(b"secret", CONTEXT)

    with pytest.raises(DecryptionError):
        KeyRing([OLD]).decrypt(stored, CONTEXT)


@given(st.data())
def test_every_flipped_bit_is_noticed(data):
    cipher = KeyRing([NEW, OLD])
    stored = bytearray(cipher.encrypt(b"6217000010001234569", CONTEXT))
    position = data.draw(st.integers(0, len(stored) - 1))
    stored[position] ^= 1 << data.draw(st.integers(0, 7))

    with pytest.raises(DecryptionError):
        cipher.decrypt(bytes(stored), CONTEXT)


def test_a_value_moved_to_another_column_does_not_open():
    cipher = KeyRing([NEW])

    with pytest.raises(DecryptionError, match=r"accounts\.person\.phone"):
        cipher.decrypt(cipher.encrypt(b"secret", CONTEXT), "accounts.person.phone")


@pytest.mark.parametrize("stored", [b"", b"\x02", b"\x02" + b"0" * 27])
def test_cut_values_are_refused(stored):
    with pytest.raises(DecryptionError, match="too few"):
        KeyRing([NEW]).decrypt(stored, CONTEXT)


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ((), "empty"),
        ((entry(1, b"short"),), "5 bytes"),
        ((entry(0, b"k" * 32),), "id from 1 to 255"),
        ((entry(256, b"k" * 32),), "id from 1 to 255"),
        ((entry("a", b"k" * 32),), "id from 1 to 255"),
        (("1:not base64!",), "base64"),
        (("nonsense",), "base64"),
        ((entry(1, b"k" * 32), entry(1, b"j" * 32)), "same id"),
    ],
)
def test_bad_keys_are_refused_with_the_reason(entries, message):
    with pytest.raises(ImproperlyConfigured, match=message):
        build_cipher(entries)


def test_default_cipher_follows_the_settings(settings):
    settings.ENCRYPTION_KEYS = [entry(7, b"k" * 32)]

    assert default_cipher().encrypt(b"x", CONTEXT)[0] == 7


def test_keyed_hash_is_stable_and_separates_kinds_and_keys(settings):
    settings.INDEX_KEY = "first"
    number = keyed_hash("id_number", "130902199003070015")

    assert len(number) == 64
    assert keyed_hash("id_number", "130902199003070015") == number
    assert keyed_hash("phone", "130902199003070015") != number
    settings.INDEX_KEY = "second"
    assert keyed_hash("id_number", "130902199003070015") != number


def test_keyed_hash_without_a_key_is_refused(settings):
    settings.INDEX_KEY = ""

    with pytest.raises(ImproperlyConfigured):
        keyed_hash("phone", "13800001234")
