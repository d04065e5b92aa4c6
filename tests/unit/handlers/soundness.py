"""What Slack takes, and what pings nobody: for everything that we build."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from bot.localslack.block_kit import MESSAGE, check_blocks, check_view, total_text_length
from bot.nudges.delivery import Message
from bot.texts.catalogue import Catalogues

TEXTS = Catalogues.load()
LONGEST_TOGETHER = 12_000
"""Slack refuses a message's blocks from about 13,200 characters on."""
PING = re.compile(r"<(!(channel|here|everyone)|https?://evil)")

speakers = st.sampled_from([TEXTS.speaker("ko"), TEXTS.speaker("en")])
some_settings = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])


def marked_up(part: Any) -> Iterator[str]:
    """Every text that Slack reads as mrkdwn; in plain text nothing can ping."""
    if isinstance(part, Mapping):
        if part.get("type") == "mrkdwn":
            yield part["text"]
        for value in part.values():
            yield from marked_up(value)
    elif isinstance(part, (list, tuple)):
        for value in part:
            yield from marked_up(value)


def assert_sound_message(message: Message) -> None:
    problems = check_blocks(list(message.blocks), MESSAGE)
    assert [(one.pointer, one.message) for one in problems.found] == []
    assert total_text_length(list(message.blocks)) < LONGEST_TOGETHER
    assert 0 < len(message.text) <= 3000
    assert not PING.search(message.text + " ".join(marked_up(message.blocks)))


def assert_sound_view(view: Mapping[str, Any]) -> None:
    problems = check_view(dict(view))
    assert [(one.pointer, one.message) for one in problems.found] == []
    assert len(view.get("private_metadata", "")) <= 3000
    assert not PING.search(" ".join(marked_up(view["blocks"])))
