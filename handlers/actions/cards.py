"""Buttons of the card review: it was requested; a card company has decided."""

from __future__ import annotations

from bot.nudges.answering import note_look
from handlers import opening
from handlers.deps import Deps
from handlers.ids import ActionId
from handlers.listening import Press, on_press
from handlers.routes import Routes


def register(routes: Routes, deps: Deps) -> None:
    on_press(routes, ActionId.CARD_DECISION, card_decision, deps)
    on_press(routes, ActionId.REQUEST_REVIEW, request_review, deps)
    on_press(routes, ActionId.REJECTION, rejection, deps)


async def card_decision(press: Press) -> None:
    await _note_look(press)
    await opening.open_board(press.visit, press.trigger_id, press.pointer.contract_id)


async def request_review(press: Press) -> None:
    await _note_look(press)
    await opening.open_request_review(press.visit, press.trigger_id, press.pointer.contract_id)


async def rejection(press: Press) -> None:
    await opening.open_rejection(press.visit, press.trigger_id, press.pointer.contract_id)


async def _note_look(press: Press) -> None:
    """On a nudge, opening the window is a reaction already. Raises NoContract, NotOpen or IsPaused."""
    visit, pointer = press.visit, press.pointer
    if pointer.nudge is not None:
        await visit.deps.database.write(
            note_look,
            pointer.nudge,
            contract_id=pointer.contract_id,
            office=visit.deps.office,
            actor=await visit.actor(),
        )
