import base64
import string

from sessions_app import tokens


def test_token_carries_256_random_bits_in_characters_that_a_link_can_hold() -> None:
    """R1: a unique, secure URL."""
    drawn = {tokens.new_token() for _ in range(500)}
    assert len(drawn) == 500
    for token in drawn:
        assert set(token) <= set(string.ascii_letters + string.digits + "-_")
        assert len(base64.urlsafe_b64decode(token + "=")) == 32


def test_hash_is_the_sha_256_of_the_token() -> None:
    """What is stored must be found again by every release."""
    assert tokens.hash_token("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_handles_are_drawn_anew_and_fit_their_column() -> None:
    assert len({tokens.new_handle() for _ in range(500)}) == 500
    assert len(tokens.new_handle()) == 16
