"""Buttons that only show something: the status, the history, a checklist."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from bot.contracts.reading import history
from bot.contracts.state import ContractState
from bot.nudges.delivery import Message
from handlers import opening
from handlers.actions.checklists import checklists_view, find_checklists
from handlers.blocks.lists import checklists, history_list, history_modal
from handlers.blocks.modals import notice_modal
from handlers.blocks.parts import section
from handlers.blocks.status import status_modal
from handlers.deps import Deps, Visit
from handlers.exporting import send_export, send_picture
from handlers.ids import ActionId
from handlers.listening import Press, on_press
from handlers.routes import Routes
from handlers.showing import show_status, tell
from handlers.values import Pointer, StaleButton

PAGE = 20


def register(routes: Routes, deps: Deps) -> None:
    on_press(routes, ActionId.SHOW_STATUS, look_at_status, deps)
    on_press(routes, ActionId.SHOW_HISTORY, show_history, deps)
    on_press(routes, ActionId.SEND_PICTURE, partial(send, sending=send_picture), deps)
    on_press(routes, ActionId.SEND_EXPORT, partial(send, sending=send_export), deps)
    on_press(routes, ActionId.SHOW_CHECKLIST, show_checklist, deps)
    on_press(routes, ActionId.OPEN_LINK, open_link, deps)
    on_press(routes, ActionId.OWNER, choose_owner, deps)


async def look_at_status(press: Press) -> None:
    visit = press.visit
    state = await opening.contract(visit, press.pointer.contract_id)
    if press.is_in_view:
        await press.show(status_modal(visit.outlook(state), visit.say))
    else:
        await show_status(visit, state, partial(tell, visit, thread_ts=press.thread_ts))


async def show_history(press: Press) -> None:
    """A modal, so that it looks the same from the channel and from App Home; "older" turns the page in place."""
    await press.show(history_modal(await history_page(press.visit, press.pointer), press.visit.say))


async def history_page(visit: Visit, pointer: Pointer) -> Message:
    """The page that the pointer asks for; the newest one unless it names a row. Raises NoContract."""
    page = await visit.deps.database.read(
        history,
        pointer.contract_id,
        office=visit.deps.office,
        actor=await visit.reader(),
        before=pointer.before,
        after=pointer.after,
        limit=PAGE,
    )
    return history_list(page, visit.say)


async def send(press: Press, *, sending: Callable[[Visit, ContractState], Awaitable[str]]) -> None:
    """A file goes into the person's direct messages; here they read that it is there."""
    visit = press.visit
    text = await sending(visit, await opening.contract(visit, press.pointer.contract_id))
    if press.is_in_view:
        await press.show(notice_modal(visit.say("history.modal_title"), text, visit.say))
    else:
        await tell(visit, Message(text=text, blocks=[section(text)]), thread_ts=press.thread_ts)


async def show_checklist(press: Press) -> None:
    """A contract's checklists to tick off together; where there is nothing to tick, the procedure's to read."""
    pointer = press.pointer
    if pointer.contract is not None:
        lists = await find_checklists(press.visit, pointer.contract, pointer.step or "")
        if lists is not None:
            await press.show(checklists_view(press.visit, lists))
            return
    procedures = press.visit.deps.office.procedures
    procedure = next(iter(procedures.values()))
    if pointer.contract is not None:
        procedure = (await opening.contract(press.visit, pointer.contract_id)).procedure
    try:
        step = procedure.step(pointer.step or "")
    except KeyError:
        raise StaleButton from None
    await tell(press.visit, checklists(step, press.visit.say), thread_ts=press.thread_ts)


async def open_link(_: Press) -> None:
    """The browser has opened the page; there is nothing to do but acknowledge."""


async def choose_owner(press: Press) -> None:
    await opening.open_owner(press.visit, press.trigger_id, press.pointer.contract_id)
