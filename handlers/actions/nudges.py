"""The buttons of a nudge. Whoever presses first settles it: the message then says what came of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.contracts import moves
from bot.contracts.refusals import AlreadyDone, NothingToChange
from bot.nudges.answering import NudgeAnswer, answer_not_yet, snooze_until_tomorrow
from handlers import opening
from handlers.blocks.nudges import answered_nudge
from handlers.deps import Deps, visit_of
from handlers.ids import ActionId
from handlers.showing import settle_nudges, show_change
from handlers.values import Pointer, StaleButton


def register(app: AsyncApp, deps: Deps) -> None:
    app.action(ActionId.FINISH_NOW)(partial(finish_now, deps=deps))
    app.action(ActionId.NOT_YET)(partial(not_yet, deps=deps))
    app.action(ActionId.TOMORROW)(partial(tomorrow, deps=deps))


async def finish_now(
    ack: AsyncAck,
    body: dict[str, Any],
    action: dict[str, Any],
    context: AsyncBoltContext,
    client: AsyncWebClient,
    *,
    deps: Deps,
) -> None:
    """Records the step as done today; an earlier day can be given by taking it back and finishing it again."""
    await ack()
    visit = await visit_of(context, client, deps)
    pointer = Pointer.parse(action.get("value"))
    if pointer.step is None:
        raise StaleButton
    try:
        change = await deps.database.write(
            moves.finish_step,
            pointer.step,
            contract_id=pointer.contract_id,
            office=deps.office,
            actor=await visit.actor(),
        )
    except AlreadyDone:
        await settle_nudges(visit, await opening.contract(visit, pointer.contract_id))
        raise
    await show_change(visit, change)


async def not_yet(
    ack: AsyncAck,
    body: dict[str, Any],
    action: dict[str, Any],
    context: AsyncBoltContext,
    client: AsyncWebClient,
    *,
    deps: Deps,
) -> None:
    await ack()
    await _answer(body, action, context, client, deps, answer_not_yet, "nudge.not_yet")


async def tomorrow(
    ack: AsyncAck,
    body: dict[str, Any],
    action: dict[str, Any],
    context: AsyncBoltContext,
    client: AsyncWebClient,
    *,
    deps: Deps,
) -> None:
    await ack()
    await _answer(body, action, context, client, deps, snooze_until_tomorrow, "nudge.snoozed")


async def _answer(
    body: dict[str, Any],
    action: dict[str, Any],
    context: AsyncBoltContext,
    client: AsyncWebClient,
    deps: Deps,
    use_case: Callable[..., NudgeAnswer],
    key: str,
) -> None:
    visit = await visit_of(context, client, deps)
    pointer = Pointer.parse(action.get("value"))
    if pointer.nudge is None:
        raise StaleButton
    try:
        answer = await deps.database.write(
            use_case, pointer.nudge, contract_id=pointer.contract_id, office=deps.office, actor=await visit.actor()
        )
    except NothingToChange:
        await settle_nudges(visit, await opening.contract(visit, pointer.contract_id))
        raise
    say = visit.channel_speaker(answer.state)
    when = say.moment(answer.next_at, answer.state.zone) if answer.next_at else ""
    text = say(key if when else "nudge.no_more", who=await visit.name(), when=when)
    message = answered_nudge(answer.rule, answer.step, text, pointer, say)
    await visit.client.chat_update(
        channel=body["container"]["channel_id"],
        ts=body["container"]["message_ts"],
        text=message.text,
        blocks=message.blocks,
    )
