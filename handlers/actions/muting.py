"""Buttons for people who want quiet: for a contract, or for themselves."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from bot.contracts.desk import Change
from bot.nudges import muting
from handlers import opening
from handlers.deps import Deps, Visit
from handlers.ids import ActionId
from handlers.listening import Press, on_press
from handlers.nudges.listing import nudge_list
from handlers.routes import Routes
from handlers.showing import show_change


def register(routes: Routes, deps: Deps) -> None:
    on_press(routes, ActionId.MUTE_CONTRACT, partial(_contract, use_case=muting.mute_contract), deps)
    on_press(routes, ActionId.UNMUTE_CONTRACT, partial(_contract, use_case=muting.unmute_contract), deps)
    on_press(routes, ActionId.MUTE_PERSON, partial(_person, muted=True), deps)
    on_press(routes, ActionId.UNMUTE_PERSON, partial(_person, muted=False), deps)


async def set_contract(visit: Visit, contract_id: int, use_case: Callable[..., Change]) -> None:
    """`use_case` mutes or unmutes. Everybody in the channel is told. Raises NothingToChange."""
    change = await visit.deps.database.write(
        use_case, contract_id=contract_id, office=visit.deps.office, actor=await visit.actor()
    )
    await show_change(visit, change)


async def set_person(visit: Visit, *, muted: bool) -> None:
    use_case = muting.mute_person if muted else muting.unmute_person
    await visit.deps.database.write(use_case, office=visit.deps.office, actor=await visit.reader())


async def _contract(press: Press, *, use_case: Callable[..., Change]) -> None:
    await set_contract(press.visit, press.pointer.contract_id, use_case)
    await press.replace(await nudge_list(press.visit, press.pointer.contract_id))


async def _person(press: Press, *, muted: bool) -> None:
    await opening.contract(press.visit, press.pointer.contract_id)  # a refusal comes before anything is written
    await set_person(press.visit, muted=muted)
    await press.replace(await nudge_list(press.visit, press.pointer.contract_id))
