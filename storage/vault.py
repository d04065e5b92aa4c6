"""Encrypts what nobody must read in the database or in a copy of it: the workspaces' tokens.

Fernet (AES-128-CBC with HMAC-SHA256), as the package `cryptography` has it.
"""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

_KEY_LENGTH = 44


class CannotUnseal(Exception):
    """None of our keys opens it: the key is gone from TOKEN_KEYS, or somebody has changed the value."""


class Vault:
    """The first key encrypts, all decrypt, so that a key can be replaced while everything goes on."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Raises ValueError for something that is no Fernet key."""
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def seal(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode()

    def unseal(self, sealed: str) -> str:
        """Raises CannotUnseal."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise CannotUnseal from None

    def reseal(self, sealed: str) -> str:
        """The same text under the first key. Raises CannotUnseal."""
        try:
            return self._fernet.rotate(sealed.encode()).decode()
        except InvalidToken:
            raise CannotUnseal from None


def is_key(text: str) -> bool:
    """Whether this is a Fernet key: 32 bytes in URL-safe base64."""
    try:
        Fernet(text)
    except ValueError:
        return False
    return len(text) == _KEY_LENGTH  # the decoder stops at the padding and would overlook what comes after it
