"""Envelope encryption: a key per file, wrapped by the company's key, wrapped by a master key from the environment.

Everything is AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce in front. The context is authenticated with it, so a blob
moved to another session, kind or company does not open.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

KEY_BYTES = 32
NONCE_BYTES = 12


class DoesNotOpen(ValueError):
    """The blob was altered, belongs to another context, or was sealed under another key."""


class MasterKeyMissing(RuntimeError):
    """A company's key is wrapped by a master key that MASTER_KEYS no longer names."""


def new_key() -> bytes:
    return AESGCM.generate_key(bit_length=KEY_BYTES * 8)


def seal(key: bytes, plaintext: bytes, *, context: str) -> bytes:
    """Encrypt `plaintext` and bind it to `context`. Returns nonce, ciphertext and tag in one blob."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plaintext, context.encode())


def unseal(key: bytes, blob: bytes, *, context: str) -> bytes:
    """Decrypt what `seal` made. Raises DoesNotOpen for anything else."""
    return unsealer(key)(blob, context)


def unsealer(key: bytes) -> Callable[[bytes, str], bytes]:
    """Return what decrypts many blobs of one key, given blob and context; it raises DoesNotOpen. The key is prepared once."""
    cipher = AESGCM(key)

    def unseal_one(blob: bytes, context: str) -> bytes:
        try:
            return cipher.decrypt(blob[:NONCE_BYTES], blob[NONCE_BYTES:], context.encode())
        except (InvalidTag, ValueError) as error:
            raise DoesNotOpen(context) from error

    return unseal_one


def wrap_with_master(key: bytes, *, context: str) -> tuple[str, bytes]:
    """Wrap a company's key under the first master key. Returns that master key's id and the wrapped key."""
    master_id, master = next(iter(settings.MASTER_KEYS.items()))
    return master_id, seal(master, key, context=context)


def unwrap_with_master(master_id: str, wrapped: bytes, *, context: str) -> bytes:
    """Unwrap a company's key. Raises MasterKeyMissing or DoesNotOpen."""
    if master_id not in settings.MASTER_KEYS:
        raise MasterKeyMissing(f"MASTER_KEYS holds no key named {master_id!r}")
    return unseal(settings.MASTER_KEYS[master_id], wrapped, context=context)
