"""Deadlines in real seconds. A test shortens them; nobody can move them with the workspace's clock."""

from __future__ import annotations

from msgspec import Struct


class Timing(Struct, frozen=True):
    """`acknowledge` and `trigger` are Slack's own figures; `retries` are its 0, 60 and 300 s on a scale of 1:60."""

    acknowledge: float = 3.0
    trigger: float = 3.0
    retries: tuple[float, ...] = (0.0, 1.0, 5.0)
    stream: float = 300.0
