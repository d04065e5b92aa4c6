"""`/계약` and `/contract`: a word that does something, or a question."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.contracts import moves
from bot.contracts.desk import Actor
from bot.contracts.reading import contract_of_channel, contracts_of, history
from bot.contracts.refusals import NotYetPossible
from bot.contracts.state import ContractState
from bot.nudges.answering import upcoming
from bot.nudges.delivery import Message
from handlers.blocks.answers import answer_message
from handlers.blocks.cards import card_board
from handlers.blocks.changes import refusal
from handlers.blocks.lists import contract_list, help_message, history_list, papers_list
from handlers.blocks.nudges import upcoming_nudges
from handlers.blocks.parts import actions, button, section
from handlers.commands.words import Word, read_step_and_day, read_words
from handlers.deps import Deps, Visit, visit_of
from handlers.exporting import send_export
from handlers.ids import ActionId
from handlers.messages.conversation import look_around, remember
from handlers.opening import open_finish, open_start, open_take_back
from handlers.showing import post_status, show_change
from handlers.values import Pointer
from storage.tables import ContractStatus

COMMANDS = ("/계약", "/contract")
HISTORY_PAGE = 20


@dataclass(frozen=True)
class Call:
    """One slash command on its way through."""

    visit: Visit
    respond: AsyncRespond
    trigger_id: str
    command: str
    text: str
    """everything after the command"""
    rest: str
    """what follows the word"""
    state: ContractState | None

    async def say(self, message: Message) -> None:
        """Only the one who typed the command sees it."""
        await self.respond(text=message.text, blocks=message.blocks, unfurl_links=False)

    async def say_text(self, text: str) -> None:
        await self.say(Message(text=text, blocks=[section(text)]))


def register(app: AsyncApp, deps: Deps) -> None:
    for command in COMMANDS:
        app.command(command)(partial(on_command, deps=deps))


async def on_command(
    ack: AsyncAck,
    respond: AsyncRespond,
    command: dict[str, Any],
    context: AsyncBoltContext,
    client: AsyncWebClient,
    *,
    deps: Deps,
) -> None:
    await ack()
    visit = await visit_of(context, client, deps)
    word, rest = read_words(command.get("text") or "")
    call = Call(
        visit,
        respond,
        command["trigger_id"],
        command["command"],
        command.get("text") or "",
        rest,
        await _contract_here(visit),
    )
    if word is None and not rest:
        word = Word.STATUS if call.state and call.state.is_open else Word.HELP
    if word is None:
        await _question(call)
    else:
        await _ANSWERS[word](call)


async def _contract_here(visit: Visit) -> ContractState | None:
    """The channel's contract; in a direct message the person's only one."""
    if visit.in_team_channel:
        return await visit.deps.database.read(
            contract_of_channel, visit.channel_id, workspace_id=visit.workspace_id, office=visit.deps.office
        )
    states = await visit.deps.database.read(contracts_of, office=visit.deps.office, actor=await visit.actor())
    return states[0] if len(states) == 1 else None


async def _start(call: Call) -> None:
    await open_start(call.visit, call.trigger_id)


async def _status(call: Call) -> None:
    if call.state is None:
        await (_no_contract(call) if call.visit.in_team_channel else _list(call))
    else:
        await post_status(call.visit, call.state)


async def _done(call: Call) -> None:
    state, visit = call.state, call.visit
    if state is None:
        await _no_contract(call)
        return
    step, day, unread = read_step_and_day(call.rest, state.procedure, visit.outlook(state).today)
    if unread:
        await _question(call)
        return
    step_id = step.id if step else state.current.step.id if state.current else None
    if step_id is None:
        await call.say_text(visit.say(f"status.{state.status}"))
    elif day is None or step is None:
        await open_finish(visit, call.trigger_id, state.id, step_id, day=day)
    else:
        await _finish_at_once(call, state, step_id, day)


async def _finish_at_once(call: Call, state: ContractState, step_id: str, day: Any) -> None:
    visit = call.visit
    try:
        change = await visit.deps.database.write(
            moves.finish_step,
            step_id,
            contract_id=state.id,
            on=day,
            office=visit.deps.office,
            actor=await visit.actor(),
        )
    except NotYetPossible as refused:
        pointer = Pointer(contract=state.id, step=step_id, day=day).dump()
        text = refusal(refused, visit.say)
        yes = button(visit.say("button.finish_with_earlier"), ActionId.FINISH_WITH_EARLIER, value=pointer)
        await call.say(Message(text=text, blocks=[section(text), actions(yes)]))
        return
    await show_change(visit, change)


async def _undo(call: Call) -> None:
    if call.state is None:
        await _no_contract(call)
    else:
        await open_take_back(call.visit, call.trigger_id, call.state.id)


async def _papers(call: Call) -> None:
    office = call.visit.deps.office
    procedure = call.state.procedure if call.state else next(iter(office.procedures.values()))
    with_papers = next((step for step in procedure.steps if step.id == "paperwork"), procedure.steps[0])
    await call.say(papers_list(with_papers, call.visit.say))


async def _review(call: Call) -> None:
    if call.state is None:
        await _no_contract(call)
        return
    visit, state = call.visit, call.state
    await call.say(card_board(visit.outlook(state), visit.say))


async def _nudges(call: Call) -> None:
    if call.state is None:
        await _no_contract(call)
    else:
        visit = call.visit
        state, coming = await visit.deps.database.read(
            upcoming, call.state.id, office=visit.deps.office, actor=await visit.actor()
        )
        await call.say(upcoming_nudges(state, coming, visit.say))


async def _list(call: Call) -> None:
    visit = call.visit
    channels = await visit.deps.people.channels(visit.client, visit.workspace_id, visit.user_id)
    actor = Actor(visit.workspace_id, visit.user_id, channels)
    states = await visit.deps.database.read(contracts_of, office=visit.deps.office, actor=actor)
    await call.say(contract_list([visit.outlook(state) for state in states], visit.say))


async def _history(call: Call) -> None:
    if call.state is None:
        await _no_contract(call)
        return
    visit = call.visit
    state, rows = await visit.deps.database.read(
        history, call.state.id, office=visit.deps.office, actor=await visit.actor(), limit=HISTORY_PAGE + 1
    )
    await call.say(history_list(state, rows[:HISTORY_PAGE], visit.say, more=len(rows) > HISTORY_PAGE))


async def _export(call: Call) -> None:
    if call.state is None:
        await _no_contract(call)
        return
    await send_export(call.visit, call.state)
    await call.say_text(call.visit.say("export.sent"))


async def _help(call: Call) -> None:
    has_contract = call.state is not None and call.state.status is not ContractStatus.CLOSED
    await call.say(help_message(call.command, call.visit.say, has_contract=has_contract))


async def _question(call: Call) -> None:
    visit = call.visit
    place = await look_around(visit, thread_ts=None)
    reply = visit.deps.assistant.reply(call.text, place.situation)
    await remember(visit, call.text, reply, thread_ts=None)
    await call.say(answer_message(reply, visit.deps.texts.speaker(reply.language)))


async def _no_contract(call: Call) -> None:
    say = call.visit.say
    text = say("refusal.no_contract")
    start = button(say("button.start"), ActionId.START_CONTRACT, style="primary")
    blocks = [section(text), actions(start)] if call.visit.in_team_channel else [section(say("start.only_in_channel"))]
    await call.say(Message(text=text, blocks=blocks))


_ANSWERS: Mapping[Word, Callable[[Call], Awaitable[None]]] = {
    Word.START: _start,
    Word.STATUS: _status,
    Word.DONE: _done,
    Word.UNDO: _undo,
    Word.PAPERS: _papers,
    Word.REVIEW: _review,
    Word.NUDGES: _nudges,
    Word.LIST: _list,
    Word.HISTORY: _history,
    Word.EXPORT: _export,
    Word.HELP: _help,
}
