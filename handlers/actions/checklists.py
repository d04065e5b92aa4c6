"""Ticking a step's checklists off: everybody of the channel sees the same window, with who ticked what."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from bot.contracts.checklists import TeamChecklists, checklists_of, choose_kind, date_paper, tick
from bot.contracts.refusals import NothingToChange
from bot.procedure.model import BusinessKind
from handlers.blocks.checklists import checklists_modal
from handlers.deps import Deps, Visit
from handlers.ids import ActionId
from handlers.listening import Press, on_press
from handlers.routes import Routes
from handlers.values import Pointer, StaleButton
from handlers.views.fields import iso_day, value_of


def register(routes: Routes, deps: Deps) -> None:
    on_press(routes, ActionId.CHECK, _check, deps)
    on_press(routes, ActionId.TICK, partial(_tick, ticked=True), deps)
    on_press(routes, ActionId.UNTICK, partial(_tick, ticked=False), deps)
    on_press(routes, ActionId.ISSUED_ON, _issued_on, deps)
    on_press(routes, ActionId.BUSINESS_KIND, _business_kind, deps)


async def find_checklists(visit: Visit, contract_id: int, step_id: str) -> TeamChecklists | None:
    """None when the step has nothing to tick. Raises NoContract."""
    return await visit.deps.database.read(
        checklists_of, step_id, contract_id=contract_id, office=visit.deps.office, actor=await visit.reader()
    )


def checklists_view(visit: Visit, lists: TeamChecklists) -> dict[str, Any]:
    return checklists_modal(lists, visit.outlook(lists.state), visit.say)


async def _check(press: Press) -> None:
    """Each item has a box of its own, so what it shows now is what was meant, however old the window is."""
    _, _, item = str(press.action.get("action_id")).partition(":")
    chosen = press.action.get("selected_options")
    if not isinstance(chosen, list):
        raise StaleButton
    await _write(press, _window(press), partial(tick, item, ticked=bool(chosen)))


async def _tick(press: Press, *, ticked: bool) -> None:
    pointer = press.pointer
    if pointer.item is None:
        raise StaleButton
    await _write(press, pointer, partial(tick, pointer.item, ticked=ticked))


async def _issued_on(press: Press) -> None:
    _, _, item = str(press.action.get("action_id")).partition(":")
    day = iso_day(press.action.get("selected_date"))
    if day is None:
        raise StaleButton
    await _write(press, _window(press), partial(date_paper, item, day))


async def _business_kind(press: Press) -> None:
    try:
        kind = BusinessKind(value_of(press.action.get("selected_option")))
    except ValueError:
        raise StaleButton from None
    await _write(press, _window(press), partial(choose_kind, kind))


async def _write(press: Press, pointer: Pointer, use_case: Callable[..., TeamChecklists]) -> None:
    """Where somebody was quicker there is nothing to record, and the window shows what they did."""
    visit = press.visit
    if pointer.step is None:
        raise StaleButton
    step_id, contract_id = pointer.step, pointer.contract_id

    async def as_it_stands() -> dict[str, Any]:
        found = await find_checklists(visit, contract_id, step_id)
        if found is None:
            raise StaleButton
        return checklists_view(visit, found)

    where = {"step_id": step_id, "contract_id": contract_id, "office": visit.deps.office}
    try:
        view = checklists_view(visit, await visit.deps.database.write(use_case, **where, actor=await visit.actor()))
    except NothingToChange:
        view = await as_it_stands()
    await press.show(view, anew=as_it_stands)


def _window(press: Press) -> Pointer:
    return Pointer.parse((press.body.get("view") or {}).get("private_metadata"))
