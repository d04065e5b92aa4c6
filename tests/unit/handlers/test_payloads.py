"""What is read at the HTTP door."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from handlers.payloads import JSON_TYPE, NoPayload, read_payload

FORM_TYPE = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_numbers_that_json_does_not_know_are_refused(number: str) -> None:
    """Python would read them, and PostgreSQL would then refuse to keep the event."""
    body = f'{{"type": "url_verification", "n": {number}}}'

    with pytest.raises(NoPayload):
        read_payload(body.encode(), JSON_TYPE)
    with pytest.raises(NoPayload):
        read_payload(f"payload={quote(body)}".encode(), FORM_TYPE)


def test_other_numbers_are_read() -> None:
    body = b'{"type": "url_verification", "n": [1, -2.5, 1e3]}'

    assert read_payload(body, JSON_TYPE)["n"] == [1, -2.5, 1000.0]
