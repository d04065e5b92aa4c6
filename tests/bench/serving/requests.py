"""Slack's requests, signed as Slack signs them."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from tests import signing
from tests.bench.serving.loopback import BOT, TEAM, USER

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"

Request = tuple[str, dict[str, str]]
"""body and headers"""


def command(text: str, channel: str) -> Request:
    return signed(
        urlencode(
            {
                "team_id": TEAM,
                "channel_id": channel,
                "user_id": USER,
                "command": "/contract",
                "text": text,
                "api_app_id": "A0BENCH",
                "trigger_id": "1.2.3",
                "response_url": "http://127.0.0.1:1/nobody",
            }
        ),
        "application/x-www-form-urlencoded",
    )


def mention(text: str, channel: str, ts: str) -> Request:
    event = {"type": "app_mention", "user": USER, "text": f"<@{BOT}> {text}", "ts": ts, "channel": channel}
    body = {
        "type": "event_callback",
        "team_id": TEAM,
        "event_id": f"Ev{ts}",
        "event_time": int(float(ts)),
        "authorizations": [{"team_id": TEAM, "user_id": BOT, "is_bot": True}],
        "event": event,
    }
    return signed(json.dumps(body), "application/json")


def signed(body: str, content_type: str) -> Request:
    return body, signing.signed(body.encode(), content_type, secret=SECRET)
