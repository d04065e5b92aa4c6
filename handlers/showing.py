"""Shows people what has changed: the status message, an announcement in the channel, a word to one person."""

from __future__ import annotations

import logging

from slack_sdk.errors import SlackApiError

from bot.contracts.desk import Change
from bot.contracts.state import ContractState
from bot.nudges.delivery import Message
from bot.nudges.parcels import take_settled
from handlers.blocks.changes import announcement
from handlers.blocks.nudges import nudge_message
from handlers.blocks.parts import section
from handlers.blocks.status import status_message, superseded_message
from handlers.deps import Visit
from storage.contracts import remember_status_message

log = logging.getLogger(__name__)

_GONE = frozenset({"message_not_found", "cant_update_message", "channel_not_found", "is_archived"})


async def tell(visit: Visit, message: Message, *, thread_ts: str | None = None) -> None:
    """A message that only this person sees: ephemeral in a channel, a direct message elsewhere."""
    if visit.channel_id is None or not visit.in_team_channel:
        await visit.client.chat_postMessage(
            channel=visit.channel_id or visit.user_id, text=message.text, blocks=message.blocks, thread_ts=thread_ts
        )
        return
    await visit.client.chat_postEphemeral(
        channel=visit.channel_id, user=visit.user_id, text=message.text, blocks=message.blocks, thread_ts=thread_ts
    )


async def tell_text(visit: Visit, text: str) -> None:
    await tell(visit, Message(text=text, blocks=[section(text)]))


async def show_change(visit: Visit, change: Change, *, announce: bool = True) -> None:
    """Everything that has to look different after a change: status, nudges that are settled, a word to the channel."""
    await refresh_status(visit, change.after)
    await settle_nudges(visit, change.after)
    if announce:
        state = change.after
        message = announcement(change, visit.outlook(state), await visit.name(), visit.channel_speaker(state))
        await visit.client.chat_postMessage(channel=state.channel_id, text=message.text, blocks=message.blocks)


async def settle_nudges(visit: Visit, state: ContractState) -> None:
    """Takes the buttons from the nudges whose reason is gone, so that nobody presses them any more."""
    for posted in await visit.deps.database.write(take_settled, state, office=visit.deps.office):
        message = nudge_message(posted.parcel, visit.deps.texts)
        await _update(visit, posted.channel_id, posted.message_ts, message)


async def refresh_status(visit: Visit, state: ContractState) -> None:
    """Brings the contract's status message up to date, where it stands."""
    if state.status_message_ts is None:
        return
    if not await _update(visit, state.channel_id, state.status_message_ts, _status(visit, state)):
        await _remember(visit, state, None)


async def post_status(visit: Visit, state: ContractState) -> None:
    """Posts the status at the end of the contract's channel; what was posted before only points there."""
    message = _status(visit, state)
    posted = await visit.client.chat_postMessage(
        channel=state.channel_id, text=message.text, blocks=message.blocks, unfurl_links=False
    )
    older = await _remember(visit, state, posted["ts"])
    if older is not None:
        await _supersede(visit, state, older=older, newest=posted["ts"])


async def _supersede(visit: Visit, state: ContractState, *, older: str, newest: str) -> None:
    link = await visit.client.chat_getPermalink(channel=state.channel_id, message_ts=newest)
    message = superseded_message(state, link["permalink"], visit.channel_speaker(state))
    await _update(visit, state.channel_id, older, message)


async def _update(visit: Visit, channel_id: str, ts: str, message: Message) -> bool:
    """False when somebody has deleted the message, or closed the channel to us."""
    try:
        await visit.client.chat_update(channel=channel_id, ts=ts, text=message.text, blocks=message.blocks)
    except SlackApiError as error:
        if error.response["error"] not in _GONE:
            raise
        log.info("a message of ours in %s is gone: %s", channel_id, error.response["error"])
        return False
    return True


async def _remember(visit: Visit, state: ContractState, ts: str | None) -> str | None:
    return await visit.deps.database.write(
        remember_status_message, workspace_id=state.workspace_id, contract_id=state.id, ts=ts
    )


def _status(visit: Visit, state: ContractState) -> Message:
    return status_message(visit.outlook(state), visit.channel_speaker(state))
