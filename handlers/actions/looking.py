"""Buttons that only show something: the status, the history, another answer."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp

from bot.contracts.reading import history
from bot.nudges.delivery import Message
from handlers import opening
from handlers.blocks.answers import answer_message
from handlers.blocks.lists import history_list, history_modal
from handlers.blocks.parts import section
from handlers.deps import Deps, Visit
from handlers.ids import ActionId
from handlers.listening import Press, on_press
from handlers.messages.conversation import look_around, remember
from handlers.showing import post_status
from handlers.values import Pointer, StaleButton

PAGE = 20


def register(app: AsyncApp, deps: Deps) -> None:
    on_press(app, ActionId.SHOW_STATUS, show_status, deps)
    on_press(app, ActionId.SHOW_HISTORY, show_history, deps)
    on_press(app, ActionId.SHOW_TOPIC, show_topic, deps)
    on_press(app, ActionId.NONE_OF_THESE, none_of_these, deps)


async def show_status(press: Press) -> None:
    await post_status(press.visit, await opening.contract(press.visit, press.pointer.contract_id))


async def show_history(press: Press) -> None:
    """A modal, so that it looks the same from the channel and from App Home; "older" turns the page in place."""
    client, view = press.visit.client, press.body.get("view") or {}
    page = history_modal(await history_page(press.visit, press.pointer), press.visit.say)
    if view.get("type") == "modal":
        await client.views_update(view_id=view["id"], hash=view["hash"], view=page)
    else:
        await client.views_open(trigger_id=press.trigger_id, view=page)


async def history_page(visit: Visit, pointer: Pointer) -> Message:
    """The page that ends before the row `pointer.before`; the newest one without it. Raises NoContract."""
    state, rows = await visit.deps.database.read(
        history,
        pointer.contract_id,
        office=visit.deps.office,
        actor=await visit.actor(),
        before=pointer.before,
        limit=PAGE + 1,
    )
    return history_list(state, rows[:PAGE], visit.say, more=len(rows) > PAGE)


async def show_topic(press: Press) -> None:
    """The topic that somebody chose takes the place of the choices."""
    visit = press.visit
    place = await look_around(visit, thread_ts=press.thread_ts)
    try:
        reply = visit.deps.assistant.tell_topic(press.pointer.topic or "", place.situation)
    except KeyError:
        raise StaleButton from None
    await remember(visit, press.action["text"]["text"], reply, thread_ts=press.thread_ts)
    await press.replace(answer_message(reply, visit.deps.texts.speaker(reply.language)))


async def none_of_these(press: Press) -> None:
    text = press.visit.say("answer.unknown")
    await press.replace(Message(text=text, blocks=[section(text)]))
