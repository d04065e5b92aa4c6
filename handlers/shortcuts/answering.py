"""The shortcut on a message: its question is answered for the one who ran it, who may share the answer.

Whoever wrote the message has not asked us, so nothing is posted before somebody says so.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from msgspec.structs import replace
from slack_sdk.errors import SlackApiError

from bot.answers.replies import Reply
from bot.contracts.refusals import Refused
from bot.nudges.delivery import Message
from handlers.blocks.answers import answer_message
from handlers.blocks.answers_to_messages import about_message, shared_message
from handlers.blocks.parts import section
from handlers.deps import Deps, Visit
from handlers.ids import ActionId, ShortcutId
from handlers.inbox import without_mention
from handlers.listening import Press, Shortcut, on_press, on_shortcut
from handlers.messages.conversation import Place, answer, look_around, may_be_handed_over, remember
from handlers.routes import Routes
from handlers.values import TS, StaleButton
from storage.questions import find_question, take_into_thread, take_out_of_thread
from storage.tables import Question

_TS = re.compile(TS)


class NothingToRead(Refused):
    """A picture or a file without a word."""

    key = "nothing_to_read"


class SharedAlready(Refused):
    key = "shared_already"


def register(routes: Routes, deps: Deps) -> None:
    on_shortcut(routes, ShortcutId.ANSWER_MESSAGE, answer_what_it_says, deps)
    on_press(routes, ActionId.SHARE_ANSWER, share, deps)


async def answer_what_it_says(shortcut: Shortcut) -> None:
    """Nothing is recorded by it: what the message reports is offered as a button, by the day it was written."""
    visit = shortcut.visit
    text, ts, thread_ts = _read(shortcut.body.get("message"))
    said = without_mention(text, shortcut.bot_user_id)
    if not said.strip():
        raise NothingToRead
    place = _for_a_message(await look_around(visit, thread_ts=thread_ts), written_at=_moment(ts, visit))
    meaning, reply = await answer(visit, said, place)
    question_id = await remember(visit, said, meaning, reply, place, thread_ts=None)
    reply = await visit.deps.rewording.reworded(said, reply)
    shown = answer_message(
        reply,
        visit.deps.texts.speaker(reply.language),
        question_id=question_id,
        has_help_channel=await may_be_handed_over(visit, reply),
        about=(thread_ts or ts) if visit.in_team_channel else None,
    )
    await shortcut.say(about_message(text, shown, visit.say), thread_ts=thread_ts)


async def share(press: Press) -> None:
    """Posts the answer into the message's thread, which we then listen to as after any answer.

    Raises StaleButton for an answer that is not this person's, SharedAlready when it stands in the thread.
    """
    visit, pointer = press.visit, press.pointer
    where = {"workspace_id": visit.workspace_id, "question_id": pointer.question}
    if pointer.question is None or pointer.about is None or visit.channel_id is None:
        raise StaleButton
    await visit.actor()  # speaking in a channel is for those who are in it
    question = await visit.deps.database.read(find_question, channel_id=visit.channel_id, **where)
    if question is None or question.user_id != visit.user_id:
        raise StaleButton
    place = await look_around(visit, thread_ts=None)
    reply = await _once_more(visit, question, place)
    if not await visit.deps.database.write(take_into_thread, user_id=visit.user_id, thread_ts=pointer.about, **where):
        raise SharedAlready
    say = visit.deps.texts.speaker(reply.language)
    may_ask = await may_be_handed_over(visit, reply)
    shown = answer_message(reply, say, question_id=pointer.question, has_help_channel=may_ask)
    message = shared_message(shown, await visit.name(), say)
    try:
        await visit.client.chat_postMessage(
            channel=visit.channel_id,
            thread_ts=pointer.about,
            text=message.text,
            blocks=message.blocks,
        )
    except SlackApiError:
        await visit.deps.database.write(take_out_of_thread, **where)
        raise
    text = visit.say("shortcut.shared")
    await press.replace(Message(text=text, blocks=[section(text)]))


async def _once_more(visit: Visit, question: Question, place: Place) -> Reply:
    """The answer that the person saw: to what the message says, or the one that they chose instead."""
    _, reply = await answer(visit, question.text, place)
    if question.topic is not None and reply.topic != question.topic:
        situation = replace(place.situation, language=reply.language)
        try:
            return visit.deps.assistant.tell_topic(question.topic, situation)
        except KeyError:
            raise StaleButton from None
    return await visit.deps.rewording.reworded(question.text, reply)


def _for_a_message(place: Place, *, written_at: datetime) -> Place:
    """What we offered to this person is not answered by somebody else's message."""
    return replace(place, situation=replace(place.situation, offered=(), said_at=written_at), last_question_id=None)


def _read(message: object) -> tuple[str, str, str | None]:
    """The message's text, its ts, and its thread's where it stands in one."""
    if not isinstance(message, dict):
        raise StaleButton
    text, ts, thread_ts = message.get("text") or "", message.get("ts"), message.get("thread_ts")
    if not isinstance(text, str) or not _is_ts(ts) or not (thread_ts is None or _is_ts(thread_ts)):
        raise StaleButton
    return text, str(ts), thread_ts


def _is_ts(value: object) -> bool:
    return isinstance(value, str) and _TS.fullmatch(value) is not None


def _moment(ts: str, visit: Visit) -> datetime:
    return min(datetime.fromtimestamp(float(ts), UTC), visit.deps.office.now())
