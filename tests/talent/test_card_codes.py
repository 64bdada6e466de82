"""The code of a card: what was signed is believed, and nothing else, down to the last bit."""

import base64
import io

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from talent.card_codes import CardCode, UnreadableCodeError, read_code, write_code
from talent.enums import KeyState
from talent.models import Card, SigningKey
from talent.services.signing import (
    ForgedCodeError,
    RevokedKeyError,
    card_code,
    check_code,
    revoke_key,
    rotate_key,
    signing_key,
)

CODES = st.builds(
    CardCode,
    key=st.integers(0, 65_535),
    edition=st.integers(0, 65_535),
    number=st.from_regex(r"[A-Z]{2,8}[ABC][0-9]{9}", fullmatch=True),
)
SIGNATURES = st.binary(min_size=64, max_size=64)


def a_card(edition: int = 1) -> Card:
    return Card(number="BHYCB202600001", edition=edition)


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


@given(CODES, SIGNATURES)
def test_code_is_read_as_it_was_written(code: CardCode, signature: bytes) -> None:
    assert read_code(write_code(code, signature)) == (code, signature)


@given(CODES, SIGNATURES)
def test_one_text_alone_stands_for_a_code(code: CardCode, signature: bytes) -> None:
    """Bits that base64 has to spare at its end would else make further texts of the same bytes."""
    text = write_code(code, signature)

    for character in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_":
        other = text[:-1] + character
        if other != text and decoded(other) == decoded(text):
            with pytest.raises(UnreadableCodeError):
                read_code(other)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    with pytest.raises(UnreadableCodeError):
        read_code(text)


@pytest.mark.parametrize("length", range(75, 165))
def test_code_that_was_cut_off_is_refused(length: int) -> None:
    """Between a signature alone and the shortest code there are bytes that say nothing."""
    with pytest.raises(UnreadableCodeError):
        read_code("A" * length)


@pytest.mark.django_db
def test_code_of_a_card_says_what_it_is() -> None:
    assert check_code(card_code(a_card(3))) == CardCode(signing_key().pk, 3, "BHYCB202600001")


@pytest.mark.django_db
def test_one_bit_changed_anywhere_is_refused() -> None:
    content = decoded(card_code(a_card()))
    believed = []

    for bit in range(len(content) * 8):
        changed = bytearray(content)
        changed[bit // 8] ^= 1 << bit % 8
        try:
            believed.append(check_code(encoded(bytes(changed))))
        except ForgedCodeError:
            continue

    assert believed == []
    assert check_code(encoded(content)).number == "BHYCB202600001"


@pytest.mark.django_db
def test_one_bit_of_the_text_changed_anywhere_is_refused() -> None:
    text = card_code(a_card()).encode()

    for bit in range(len(text) * 8):
        changed = bytearray(text)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(ForgedCodeError):
            check_code(changed.decode("latin-1"))


@pytest.mark.django_db
def test_signature_for_something_else_is_none_for_a_card() -> None:
    """The key signs a domain with it: the bare bytes of the code, signed elsewhere, prove nothing here."""
    from_elsewhere = CardCode(signing_key().pk, 1, "BHYCA202600001")
    key = signing_key()
    private = _private_of(key)

    with pytest.raises(ForgedCodeError):
        check_code(write_code(from_elsewhere, private.sign(from_elsewhere.body)))


@pytest.mark.django_db
def test_code_signed_by_somebody_elses_key_is_refused() -> None:

    code = CardCode(signing_key().pk, 1, "BHYCA202600001")

    with pytest.raises(ForgedCodeError):
        check_code(write_code(code, Ed25519PrivateKey.generate().sign(code.signed_bytes)))


@pytest.mark.django_db
def test_retired_key_still_verifies_what_it_signed() -> None:
    old = card_code(a_card())

    new_key = rotate_key()

    assert check_code(old).key != new_key.pk
    assert check_code(card_code(a_card())).key == new_key.pk
    assert list(SigningKey.objects.values_list("state", flat=True)) == [KeyState.SIGNS, KeyState.RETIRED]


@pytest.mark.django_db
def test_revoked_key_is_believed_no_more_and_its_private_half_is_gone() -> None:
    code = card_code(a_card())
    key = signing_key()

    now = revoke_key(key)

    key.refresh_from_db()
    with pytest.raises(RevokedKeyError):
        check_code(code)
    assert (key.state, key.private, key.ended_at is not None) == (KeyState.REVOKED, "", True)
    assert check_code(card_code(a_card())).key == now.pk != key.pk


@pytest.mark.django_db
def test_retired_key_is_revoked_beside_the_one_that_signs() -> None:
    old, retired = card_code(a_card()), signing_key()
    now = rotate_key()

    assert revoke_key(retired) == now
    with pytest.raises(RevokedKeyError):
        check_code(old)


@pytest.mark.django_db
def test_private_half_is_encrypted_at_rest() -> None:
    key = signing_key()

    assert "private" not in SigningKey.objects.filter(pk=key.pk).values("public")[0]
    stored = SigningKey.objects.raw("SELECT id, private AS raw FROM talent_signingkey")[0].raw
    assert key.private.encode() not in bytes(stored)


@pytest.mark.django_db
def test_two_keys_never_sign_at_once() -> None:
    signing_key()

    with pytest.raises(IntegrityError), transaction.atomic():
        SigningKey.objects.create(public="x", created_at=signing_key().created_at)


@pytest.mark.django_db
def test_command_rotates_lists_and_revokes() -> None:
    first, out = signing_key(), io.StringIO()

    call_command("rotate_card_keys", stdout=out)
    call_command("rotate_card_keys", revoke=first.pk, stdout=out)
    call_command("rotate_card_keys", list=True, stdout=out)

    first.refresh_from_db()
    assert first.state == KeyState.REVOKED
    assert f"{first.pk}: revoked" in out.getvalue()
    assert f"{signing_key().pk}: signs" in out.getvalue()
    with pytest.raises(CommandError):
        call_command("rotate_card_keys", revoke=first.pk + 999)


def _private_of(key: SigningKey) -> Ed25519PrivateKey:

    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(key.private))
