"""The two buttons under a reminder that may not have arrived: send it again, or it is here."""

from __future__ import annotations

from collections.abc import Callable

from bot.contracts.state import ContractState
from bot.nudges.lost import send_again, take_as_received
from handlers.blocks.lost_nudges import decided_message
from handlers.deps import Deps
from handlers.home.publishing import publish_home
from handlers.ids import ActionId
from handlers.listening import Press, on_press
from handlers.routes import Routes
from handlers.values import StaleButton


def register(routes: Routes, deps: Deps) -> None:
    on_press(routes, ActionId.SEND_AGAIN, on_send_again, deps)
    on_press(routes, ActionId.RECEIVED, on_received, deps)


async def on_send_again(press: Press) -> None:
    await _decide(press, send_again, "sent_again")


async def on_received(press: Press) -> None:
    await _decide(press, take_as_received, "taken_as_received")


async def _decide(press: Press, use_case: Callable[..., ContractState], key: str) -> None:
    visit, pointer = press.visit, press.pointer
    if not pointer.lost:
        raise StaleButton
    state = await visit.deps.database.write(
        use_case,
        pointer.lost,
        contract_id=pointer.contract_id,
        office=visit.deps.office,
        actor=await visit.actor(),
    )
    if pointer.home:
        await publish_home(visit, shown=press.body.get("view"))
    else:
        await press.replace(decided_message(state, key, await visit.name(), visit.channel_speaker(state)))
