"""The shortcut that starts a contract from anywhere: its window asks for the channel."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp

from handlers.deps import Deps
from handlers.ids import ShortcutId
from handlers.listening import Shortcut, on_shortcut
from handlers.opening import open_start


def register(app: AsyncApp, deps: Deps) -> None:
    on_shortcut(app, ShortcutId.START_CONTRACT, start, deps)


async def start(shortcut: Shortcut) -> None:
    await open_start(shortcut.visit, shortcut.trigger_id)
