"""`/계약` and `/contract`: a word that does something, or a question."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import date

from bot.answers.suggestions import unanswered_for
from bot.contracts import moves, wording
from bot.contracts.desk import Actor
from bot.contracts.reading import contract_of_channel, contracts_of
from bot.contracts.refusals import NoContract, NotYetPossible
from bot.contracts.state import ContractState
from bot.nudges.delivery import Message
from handlers.actions.checklists import checklists_view, find_checklists
from handlers.actions.looking import history_page
from handlers.blocks.answers import answer_message
from handlers.blocks.cards import card_board
from handlers.blocks.changes import refusal
from handlers.blocks.lists import checklists, contract_list, help_message, unanswered_list
from handlers.blocks.parts import actions, button, section
from handlers.commands.nudges import on_nudge_words, on_workspace_words
from handlers.commands.words import Word, read_step_and_day, read_words
from handlers.deps import Deps, Visit
from handlers.exporting import send_export, send_picture
from handlers.ids import ActionId
from handlers.listening import Call, on_command
from handlers.messages.conversation import answer, look_around, may_be_handed_over, remember
from handlers.opening import open_finish, open_start, open_take_back
from handlers.routes import Routes
from handlers.showing import show_change, show_status
from handlers.values import Pointer

COMMANDS = ("/계약", "/contract")
_PAPERS_STEP = "paperwork"


def register(routes: Routes, deps: Deps) -> None:
    on_command(routes, COMMANDS, on_call, deps, is_question=_is_question)


def _is_question(text: str) -> bool:
    word, rest = read_words(text)
    return word is None and bool(rest)


async def on_call(call: Call) -> None:
    word, rest = read_words(call.text)
    state = await _contract_here(call.visit)
    if word is None and not rest:
        word = Word.STATUS if state and state.is_open else Word.HELP
    if word is None:
        await _question(call)
    elif word is Word.START:
        await open_start(call.visit, call.trigger_id)
    elif word in _WITHOUT_CONTRACT:
        await _WITHOUT_CONTRACT[word](call, state)
    elif word is Word.NUDGES and await on_workspace_words(call, rest):
        return
    elif state is None:
        await _no_contract(call)
    elif word is Word.DONE:
        await _done(call, state, rest)
    elif word is Word.NUDGES:
        await on_nudge_words(call, state, rest)
    else:
        await _WITH_CONTRACT[word](call, state)


async def _contract_here(visit: Visit) -> ContractState | None:
    """The channel's contract; in a direct message the person's only one."""
    if visit.in_team_channel:
        return await visit.deps.database.glance(
            contract_of_channel, visit.channel_id, workspace_id=visit.workspace_id, office=visit.deps.office
        )
    states = await visit.deps.database.read(contracts_of, office=visit.deps.office, actor=await visit.reader())
    return states[0] if len(states) == 1 else None


async def _status(call: Call, state: ContractState) -> None:
    await show_status(call.visit, state, call.say)


async def _done(call: Call, state: ContractState, rest: str) -> None:
    visit = call.visit
    step, day, unread = read_step_and_day(rest, state.procedure, visit.outlook(state).today)
    chosen = step or (state.current.step if state.current else None)
    if unread:
        await _question(call)
    elif chosen is None:
        text = wording.standing(state, visit.say)
        await call.say(Message(text=text, blocks=[section(text)]))
    elif step is None or day is None:
        await open_finish(visit, call.trigger_id, state.id, chosen.id, day=day)
    else:
        await _finish_at_once(call, state, chosen.id, day)


async def _finish_at_once(call: Call, state: ContractState, step_id: str, day: date) -> None:
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


async def _undo(call: Call, state: ContractState) -> None:
    await open_take_back(call.visit, call.trigger_id, state.id)


async def _review(call: Call, state: ContractState) -> None:
    await call.say(card_board(call.visit.outlook(state), call.visit.say))


async def _history(call: Call, state: ContractState) -> None:
    await call.say(await history_page(call.visit, Pointer(contract=state.id)))


async def _picture(call: Call, state: ContractState) -> None:
    text = await send_picture(call.visit, state)
    await call.say(Message(text=text, blocks=[section(text)]))


async def _export(call: Call, state: ContractState) -> None:
    text = await send_export(call.visit, state)
    await call.say(Message(text=text, blocks=[section(text)]))


async def _papers(call: Call, state: ContractState | None) -> None:
    if state is not None and state.is_open:
        lists = await find_checklists(call.visit, state.id, _PAPERS_STEP)
        if lists is not None:
            await call.visit.client.views_open(trigger_id=call.trigger_id, view=checklists_view(call.visit, lists))
            return
    procedures = call.visit.deps.office.procedures
    procedure = state.procedure if state else next(iter(procedures.values()))
    for step in procedure.steps:
        if step.id == _PAPERS_STEP:
            await call.say(checklists(step, call.visit.say))
            return
    raise NoContract


async def _list(call: Call, _: ContractState | None) -> None:
    visit = call.visit
    channels = await visit.deps.people.channels(visit.client, visit.workspace_id, visit.user_id)
    actor = Actor(visit.workspace_id, visit.user_id, channels)
    states = await visit.deps.database.read(contracts_of, office=visit.deps.office, actor=actor)
    await call.say(contract_list([visit.outlook(state) for state in states], visit.say))


async def _unanswered(call: Call, _: ContractState | None) -> None:
    """For onboarding managers: they know what is missing in the topics."""
    visit = call.visit
    found = await visit.deps.database.read(unanswered_for, actor=await visit.reader(), standing=visit.standing)
    await call.say(unanswered_list(found, visit.say))


async def _help(call: Call, state: ContractState | None) -> None:
    has_contract = state is not None and state.is_open
    await call.say(help_message(call.command, call.visit.say, has_contract=has_contract))


async def _question(call: Call) -> None:
    visit = call.visit
    place = await look_around(visit, thread_ts=None)
    meaning, reply = await answer(visit, call.text, place)
    question_id = await remember(visit, call.text, meaning, reply, place, thread_ts=None)
    reply = await visit.deps.rewording.reworded(call.text, reply)
    say = visit.deps.texts.speaker(reply.language)
    may_ask = await may_be_handed_over(visit, reply)
    await call.say(answer_message(reply, say, question_id=question_id, has_help_channel=may_ask))


async def _no_contract(call: Call) -> None:
    say = call.visit.say
    text = say("refusal.no_contract" if call.visit.in_team_channel else "start.only_in_channel")
    start = button(say("button.start"), ActionId.START_CONTRACT, style="primary")
    await call.say(Message(text=text, blocks=[section(text), actions(start)]))


_WITHOUT_CONTRACT: Mapping[Word, Callable[[Call, ContractState | None], Awaitable[None]]] = {
    Word.PAPERS: _papers,
    Word.LIST: _list,
    Word.UNANSWERED: _unanswered,
    Word.HELP: _help,
}
_WITH_CONTRACT: Mapping[Word, Callable[[Call, ContractState], Awaitable[None]]] = {
    Word.STATUS: _status,
    Word.UNDO: _undo,
    Word.REVIEW: _review,
    Word.HISTORY: _history,
    Word.PICTURE: _picture,
    Word.EXPORT: _export,
}
