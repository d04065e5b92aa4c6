"""The buttons of a nudge. Whoever presses first settles it: the message then says what came of it."""

from __future__ import annotations

from collections.abc import Callable

from bot.contracts import moves
from bot.contracts.refusals import AlreadyDone, NothingToChange
from bot.nudges.answering import answer_not_yet, answer_understood, snooze_until_tomorrow
from bot.nudges.parcels import PostedParcel
from handlers import opening
from handlers.blocks.nudges import nudge_message
from handlers.deps import Deps
from handlers.ids import ActionId
from handlers.listening import Press, on_press
from handlers.routes import Routes
from handlers.showing import settle_nudges, show_change
from handlers.values import StaleButton


def register(routes: Routes, deps: Deps) -> None:
    on_press(routes, ActionId.FINISH_NOW, finish_now, deps)
    on_press(routes, ActionId.NOT_YET, not_yet, deps)
    on_press(routes, ActionId.TOMORROW, tomorrow, deps)
    on_press(routes, ActionId.UNDERSTOOD, understood, deps)


async def finish_now(press: Press) -> None:
    """Records the step as done today; an earlier day can be given by taking it back and finishing it again."""
    visit, pointer = press.visit, press.pointer
    if pointer.step is None:
        raise StaleButton
    try:
        change = await visit.deps.database.write(
            moves.finish_step,
            pointer.step,
            contract_id=pointer.contract_id,
            office=visit.deps.office,
            actor=await visit.actor(),
        )
    except AlreadyDone:
        await settle_nudges(visit, await opening.contract(visit, pointer.contract_id))
        raise
    await show_change(visit, change)


async def not_yet(press: Press) -> None:
    await _answer(press, answer_not_yet)


async def tomorrow(press: Press) -> None:
    await _answer(press, snooze_until_tomorrow)


async def understood(press: Press) -> None:
    await _answer(press, answer_understood)


async def _answer(press: Press, use_case: Callable[..., PostedParcel]) -> None:
    visit, pointer = press.visit, press.pointer
    if pointer.nudge is None:
        raise StaleButton
    try:
        answered = await visit.deps.database.write(
            use_case,
            pointer.nudge,
            contract_id=pointer.contract_id,
            office=visit.deps.office,
            actor=await visit.actor(),
        )
    except NothingToChange:
        await settle_nudges(visit, await opening.contract(visit, pointer.contract_id))
        raise
    await press.replace(nudge_message(answered.parcel, visit.deps.texts))
