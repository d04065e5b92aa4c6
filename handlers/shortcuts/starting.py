"""The shortcut that starts a contract from anywhere: its window asks for the channel."""

from __future__ import annotations

from handlers.deps import Deps
from handlers.ids import ShortcutId
from handlers.listening import Shortcut, on_shortcut
from handlers.opening import open_start
from handlers.routes import Routes


def register(routes: Routes, deps: Deps) -> None:
    on_shortcut(routes, ShortcutId.START_CONTRACT, start, deps)


async def start(shortcut: Shortcut) -> None:
    await open_start(shortcut.visit, shortcut.trigger_id)
