"""Shows people what has changed: the status message, an announcement in the channel, a word to one person."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from slack_sdk.errors import SlackApiError

from bot.contracts.desk import Change
from bot.contracts.state import ContractState
from bot.nudges.delivery import Message
from bot.nudges.parcels import take_settled
from handlers.blocks.changes import announcement
from handlers.blocks.nudges import nudge_message
from handlers.blocks.parts import section
from handlers.blocks.status import status_message
from handlers.deps import Visit
from handlers.slack_errors import OUT_OF_REACH, family_of, reason_of

log = logging.getLogger(__name__)


async def tell(visit: Visit, message: Message, *, thread_ts: str | None = None) -> None:
    """A message that only this person sees: ephemeral in a channel, a direct message elsewhere."""
    if visit.channel_id is None or not visit.in_team_channel:
        await visit.client.chat_postMessage(
            channel=visit.channel_id or visit.user_id,
            text=message.text,
            blocks=message.blocks,
            thread_ts=thread_ts,
        )
        return
    await visit.client.chat_postEphemeral(
        channel=visit.channel_id,
        user=visit.user_id,
        text=message.text,
        blocks=message.blocks,
        thread_ts=thread_ts,
    )


async def tell_text(visit: Visit, text: str) -> None:
    await tell(visit, Message(text=text, blocks=[section(text)]))


async def show_change(visit: Visit, change: Change, *, announce: bool = True) -> str | None:
    """Everything that has to look different after a change: status, nudges that are settled, a word to the channel.

    Returns the ts of that word.
    """
    message = announcement_of(visit, change, await visit.name()) if announce else None
    return await show_moved(visit, change.after, message)


async def show_change_anew(visit: Visit, change: Change, ts: str) -> bool:
    """The same, with the word to the channel in the place of one said before. False where that one is gone."""
    message = announcement_of(visit, change, await visit.name())
    if not await _update(visit, change.after.channel_id, ts, message):
        return False
    await show_moved(visit, change.after, None)
    return True


def announcement_of(visit: Visit, change: Change, who: str) -> Message:
    return announcement(change, visit.outlook(change.after), who, visit.channel_speaker(change.after))


async def show_moved(visit: Visit, state: ContractState, word: Message | None) -> str | None:
    """The same, with that word to the channel or none."""
    visit.deps.status.ask(state)
    await settle_nudges(visit, state)
    if word is None:
        return None
    posted = await visit.client.chat_postMessage(channel=state.channel_id, text=word.text, blocks=word.blocks)
    return str(posted["ts"])


async def show_status(visit: Visit, state: ContractState, respond: Callable[[Message], Awaitable[None]]) -> None:
    """Everybody looks at one message: whoever asks gets a copy, and the way to that message.

    Where there is none, or somebody has deleted it, the channel gets it.
    """
    link = await visit.deps.status.link(state)
    if link is None and visit.in_team_channel:
        await visit.deps.status.post(state)
    else:
        await respond(status_message(visit.outlook(state), visit.say, link=link))


async def settle_nudges(visit: Visit, state: ContractState) -> None:
    """Takes the buttons from the nudges whose reason is gone, so that nobody presses them any more."""
    for posted in await visit.deps.database.write(take_settled, state, office=visit.deps.office):
        message = nudge_message(posted.parcel, visit.deps.texts)
        await _update(visit, posted.channel_id, posted.message_ts, message)


async def _update(visit: Visit, channel_id: str, ts: str, message: Message) -> bool:
    """False for a message that somebody has deleted, or in a channel that is closed to us."""
    try:
        await visit.client.chat_update(channel=channel_id, ts=ts, text=message.text, blocks=message.blocks)
    except SlackApiError as error:
        if family_of(error) not in OUT_OF_REACH:
            raise
        log.info("a message of ours in %s is gone: %s", channel_id, reason_of(error))
        return False
    return True
