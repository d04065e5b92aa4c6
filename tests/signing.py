"""How Slack signs a request: https://docs.slack.dev/authentication/verifying-requests-from-slack."""

from __future__ import annotations

import hashlib
import hmac
import time


def signed(body: bytes, content_type: str, *, secret: str, age: int = 0) -> dict[str, str]:
    """The headers of a request that Slack sent `age` seconds ago."""
    stamp = str(int(time.time()) - age)
    signature = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {
        "content-type": content_type,
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": f"v0={signature}",
    }
