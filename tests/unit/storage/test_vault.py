"""Tokens are unreadable at rest, and a key can be replaced while everything goes on."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from storage.vault import CannotUnseal, Vault, is_key

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@given(st.text())
def test_what_is_sealed_comes_back_and_cannot_be_read(text: str) -> None:
    vault = Vault([OLD])

    sealed = vault.seal(text)

    assert vault.unseal(sealed) == text
    assert sealed != vault.seal(text), "equal tokens must not look equal"


def test_the_first_key_seals_and_every_key_opens() -> None:
    sealed = Vault([OLD]).seal("xoxb-1")

    assert Vault([NEW, OLD]).unseal(sealed) == "xoxb-1"
    assert Vault([NEW]).unseal(Vault([NEW, OLD]).seal("xoxb-1")) == "xoxb-1"
    assert Vault([NEW]).unseal(Vault([NEW, OLD]).reseal(sealed)) == "xoxb-1"


@pytest.mark.parametrize(
    "sealed", [Vault([OLD]).seal("xoxb-1"), "xoxb-1", "", "가"], ids=["sealed", "bare", "empty", "Korean"]
)
def test_without_the_key_or_after_a_change_nothing_opens(sealed: str) -> None:
    for work in (Vault([NEW]).unseal, Vault([NEW]).reseal):
        with pytest.raises(CannotUnseal):
            work(sealed)


@pytest.mark.parametrize(
    "text", ["", "short", "x" * 44, "가" * 44, f"{OLD} {NEW}"], ids=["empty", "short", "x", "Korean", "two"]
)
def test_what_is_no_key_is_told_before_the_start(text: str) -> None:
    assert not is_key(text)
    assert is_key(OLD)
