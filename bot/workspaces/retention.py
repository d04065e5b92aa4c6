"""How long things are kept."""

from __future__ import annotations

from datetime import timedelta

from msgspec import Struct


class Retention(Struct, frozen=True):
    questions: timedelta = timedelta(days=90)
    after_uninstall: timedelta = timedelta(days=30)
    """everything of a workspace that has taken the app out"""
    events: timedelta = timedelta(days=7)
    """handled ones: longer than Slack may deliver one again"""
