"""Mentions, direct messages and replies in threads: one way in, whatever event they come as."""

from __future__ import annotations

import re

from bot.nudges.delivery import Message
from bot.workspaces.people import IsOutsider, Standing
from handlers.blocks.answers import answer_message, pointer_of
from handlers.blocks.parts import section
from handlers.deps import Deps, Visit
from handlers.inbox import mentions, without_mention
from handlers.listening import Happened, on_event
from handlers.messages.conversation import Place, answer, is_worth_saying, look_around, may_be_handed_over, remember
from handlers.messages.reading_back import mark_of, stands_there
from handlers.messages.sessions import worded
from handlers.messages.thinking import thinking
from handlers.performing import Done, done_before, perform
from handlers.routes import Routes
from handlers.showing import show_moved

_ANY_MENTION = re.compile(r"<@[UW][A-Z0-9]+(\|[^>]*)?>")


def register(routes: Routes, deps: Deps) -> None:
    for kind in ("app_mention", "message"):
        on_event(routes, kind, on_message, deps, is_question=True)


async def on_message(happened: Happened) -> None:
    visit, event = happened.visit, happened.event
    text = without_mention(event.get("text") or "", happened.bot_user_id)
    thread_ts = event.get("thread_ts")
    addressed = not visit.in_team_channel or mentions(event, happened.bot_user_id)
    if visit.standing is Standing.OUTSIDER:
        if addressed:
            raise IsOutsider
        return
    root = thread_ts or event["ts"]
    begun = happened.taken.question_id if happened.taken else None
    if begun is not None:
        done = await done_before(visit, happened.taken)
        is_told = await stands_there(visit, event["channel"], root, begun, otherwise=done.text if done else None)
        if done is not None:
            await _tell_done(visit, done, event["channel"], root, begun, is_told=is_told)
        if done is not None or is_told:
            return
    has_line = not visit.in_team_channel and not visit.deps.rewording.is_on
    async with thinking(visit, event["channel"], root, in_pane=has_line):
        place = await look_around(visit, thread_ts=thread_ts)
        if not addressed and (not place.is_our_thread or _ANY_MENTION.search(text)):
            return
        await _answer(happened, text, place, root=root, addressed=addressed)


async def _answer(happened: Happened, text: str, place: Place, *, root: str, addressed: bool) -> None:
    visit, channel_id = happened.visit, happened.event["channel"]
    meaning, reply = await answer(visit, text, place)
    if not is_worth_saying(reply, addressed=addressed):
        return
    question_id = await remember(visit, text, meaning, reply, place, thread_ts=root, taken=happened.taken)
    if reply.confirmed is not None:
        done = await perform(visit, pointer_of(reply.confirmed), taken=happened.taken)
        await _tell_done(visit, done, channel_id, root, question_id)
        return
    async with worded(visit, text, reply, thread_ts=root, question_id=question_id) as answered:
        say = visit.deps.texts.speaker(answered.language)
        may_ask = await may_be_handed_over(visit, answered)
        message = answer_message(answered, say, question_id=question_id, has_help_channel=may_ask)
        await _post(visit, message, channel_id, root, question_id)


async def _tell_done(
    visit: Visit, done: Done, channel_id: str, root: str, question_id: int, *, is_told: bool = False
) -> None:
    """First in the thread, then to everybody: where the thread has heard of it, the channel may have, too."""
    if not is_told:
        await _post(visit, Message(text=done.text, blocks=[section(done.text)]), channel_id, root, question_id)
    if done.state is not None:
        await show_moved(visit, done.state, None if is_told else done.announcement)


async def _post(visit: Visit, message: Message, channel_id: str, root: str, question_id: int) -> None:
    await visit.client.chat_postMessage(
        channel=channel_id,
        thread_ts=root,
        text=message.text,
        blocks=message.blocks,
        metadata=mark_of(question_id),
    )
