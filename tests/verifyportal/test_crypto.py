from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifyportal import crypto

KEY = crypto.new_key()


@given(st.binary(max_size=300))
def test_what_was_sealed_opens_with_the_same_key_and_context(plain: bytes) -> None:
    assert crypto.unseal(KEY, crypto.seal(KEY, plain, context="picture:1"), context="picture:1") == plain


def test_blob_altered_in_any_byte_does_not_open() -> None:
    """Nonce, ciphertext and tag alike."""
    blob = crypto.seal(KEY, b"a face", context="picture:1")
    for position in range(len(blob)):
        altered = bytearray(blob)
        altered[position] ^= 1
        with pytest.raises(crypto.DoesNotOpen):
            crypto.unseal(KEY, bytes(altered), context="picture:1")


@pytest.mark.parametrize("length", [0, 1, 7, 8, 11, 12, 27])
def test_blob_cut_short_does_not_open(length: int) -> None:
    with pytest.raises(crypto.DoesNotOpen):
        crypto.unseal(KEY, crypto.seal(KEY, b"", context="")[:length], context="")


def test_blob_moved_to_another_context_does_not_open() -> None:
    with pytest.raises(crypto.DoesNotOpen):
        crypto.unseal(KEY, crypto.seal(KEY, b"a face", context="picture:1"), context="picture:2")


def test_blob_does_not_open_with_another_key() -> None:
    with pytest.raises(crypto.DoesNotOpen):
        crypto.unseal(crypto.new_key(), crypto.seal(KEY, b"a face", context="picture:1"), context="picture:1")


def test_error_tells_the_context_and_nothing_of_the_content() -> None:
    with pytest.raises(crypto.DoesNotOpen) as refusal:
        crypto.unseal(KEY, b"a face of somebody", context="picture:1")
    assert str(refusal.value) == "picture:1"


def test_same_content_sealed_twice_looks_different() -> None:
    """A nonce must never repeat under one key."""
    assert len({crypto.seal(KEY, b"a face", context="picture:1") for _ in range(100)}) == 100


def test_keys_are_256_bits_and_drawn_anew() -> None:
    assert len({crypto.new_key() for _ in range(100)}) == 100
    assert len(crypto.new_key()) == 32


def test_first_master_key_wraps_and_every_one_unwraps(settings: Any) -> None:
    old, new = crypto.new_key(), crypto.new_key()
    settings.MASTER_KEYS = {"2025": old}
    wrapped_before = crypto.wrap_with_master(KEY, context="company:1")
    settings.MASTER_KEYS = {"2026": new, "2025": old}
    wrapped_after = crypto.wrap_with_master(KEY, context="company:1")
    assert [wrapped_before[0], wrapped_after[0]] == ["2025", "2026"]
    for master_id, wrapped in (wrapped_before, wrapped_after):
        assert crypto.unwrap_with_master(master_id, wrapped, context="company:1") == KEY


def test_master_key_that_was_removed_is_named_in_the_error(settings: Any) -> None:
    settings.MASTER_KEYS = {"2025": crypto.new_key()}
    master_id, wrapped = crypto.wrap_with_master(KEY, context="company:1")
    settings.MASTER_KEYS = {"2026": crypto.new_key()}
    with pytest.raises(crypto.MasterKeyMissing, match="2025"):
        crypto.unwrap_with_master(master_id, wrapped, context="company:1")


def test_wrapped_key_of_one_company_does_not_open_as_anothers() -> None:
    """R81: companies are sealed from each other."""
    master_id, wrapped = crypto.wrap_with_master(KEY, context="company:1")
    with pytest.raises(crypto.DoesNotOpen):
        crypto.unwrap_with_master(master_id, wrapped, context="company:2")
