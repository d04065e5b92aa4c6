"""Binds every surface to the app: one look tells what we listen to."""

from __future__ import annotations

from handlers import inbox, lifecycle, settings
from handlers.actions import (
    asking,
    cards,
    checklists,
    closing,
    judging,
    looking,
    lost_nudges,
    muting,
    nudges,
    offers,
    steps,
)
from handlers.commands import contract
from handlers.deps import Deps
from handlers.home import opened, pressed
from handlers.messages import deleted, listeners, sessions
from handlers.routes import Routes
from handlers.shortcuts import answering, starting
from handlers.views import cards as card_views
from handlers.views import submissions


def register_all(routes: Routes, deps: Deps) -> None:
    for surface in (
        lifecycle,
        deleted,
        inbox,
        contract,
        listeners,
        sessions,
        answering,
        starting,
        steps,
        nudges,
        lost_nudges,
        muting,
        cards,
        checklists,
        closing,
        looking,
        judging,
        offers,
        asking,
        submissions,
        card_views,
        settings,
        opened,
        pressed,
    ):
        surface.register(routes, deps)
