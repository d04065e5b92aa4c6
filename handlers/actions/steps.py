"""Buttons that move a contract through its steps."""

from __future__ import annotations

from bot.contracts import moves
from handlers import opening
from handlers.deps import Deps
from handlers.ids import ActionId, MoreOption, ViewId
from handlers.listening import Press, on_press
from handlers.routes import Routes
from handlers.showing import show_change
from handlers.values import StaleButton, id_of
from handlers.views.fields import value_of

_CONFIRMED = {
    MoreOption.PAUSE: ViewId.PAUSE,
    MoreOption.RESUME: ViewId.RESUME,
    MoreOption.CLOSE: ViewId.CLOSE,
}


def register(routes: Routes, deps: Deps) -> None:
    on_press(routes, ActionId.START_CONTRACT, start_contract, deps)
    on_press(routes, ActionId.FINISH_STEP, finish_step, deps)
    on_press(routes, ActionId.FINISH_WITH_EARLIER, finish_with_earlier, deps)
    on_press(routes, ActionId.MORE, more, deps)


async def start_contract(press: Press) -> None:
    await opening.open_start(press.visit, press.trigger_id)


async def finish_step(press: Press) -> None:
    """Asks for the day; the modal records it."""
    pointer = press.pointer
    if pointer.step is None:
        raise StaleButton
    await opening.open_finish(press.visit, press.trigger_id, pointer.contract_id, pointer.step)


async def finish_with_earlier(press: Press) -> None:
    """The answer to "the steps before it are still open": finish them too, on the same day."""
    visit, pointer = press.visit, press.pointer
    if pointer.step is None:
        raise StaleButton
    change = await visit.deps.database.write(
        moves.finish_step,
        pointer.step,
        contract_id=pointer.contract_id,
        on=pointer.day,
        with_earlier=True,
        office=visit.deps.office,
        actor=await visit.actor(),
    )
    await press.delete()
    await show_change(visit, change)


async def more(press: Press) -> None:
    """A contract's overflow menu; the option's value is `choice:contract id`."""
    name, _, number = value_of(press.action.get("selected_option")).partition(":")
    if name not in set(MoreOption):
        raise StaleButton
    choice, contract_id = MoreOption(name), id_of(number)
    if choice is MoreOption.TAKE_BACK:
        await opening.open_take_back(press.visit, press.trigger_id, contract_id)
    elif choice is MoreOption.POST_STATUS:
        await press.visit.actor()  # everybody gets to see it
        await press.visit.deps.status.post(await opening.contract(press.visit, contract_id))
    elif choice is MoreOption.OWNER:
        await opening.open_owner(press.visit, press.trigger_id, contract_id)
    else:
        await opening.open_confirm(press.visit, press.trigger_id, contract_id, _CONFIRMED[choice])
