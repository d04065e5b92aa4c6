"""The buttons under an offer: do what was offered, or leave it."""

from __future__ import annotations

from bot.nudges.delivery import Message
from handlers.blocks.answers import done_offer
from handlers.blocks.parts import section
from handlers.deps import Deps
from handlers.ids import ActionId
from handlers.listening import Press, on_press
from handlers.performing import perform
from handlers.routes import Routes
from handlers.showing import show_moved


def register(routes: Routes, deps: Deps) -> None:
    on_press(routes, ActionId.CONFIRM_OFFER, confirm_offer, deps)
    on_press(routes, ActionId.DISMISS, dismiss, deps)


async def confirm_offer(press: Press) -> None:
    done = await perform(press.visit, press.pointer)
    # An ephemeral answer cannot be read back, so what else it offered goes with it.
    blocks = (press.body.get("message") or {}).get("blocks") or []
    await press.replace(done_offer(blocks, press.action["action_id"], done.text))
    if done.state is not None:
        await show_moved(press.visit, done.state, done.announcement)


async def dismiss(press: Press) -> None:
    text = press.visit.say("report.dismissed")
    await press.replace(Message(text=text, blocks=[section(text)]))
