"""Tells people of a reminder that was given up: in its channel, or its owner where the channel takes nothing."""

from __future__ import annotations

import logging

from slack_sdk.errors import SlackApiError

from bot.nudges.delivery import GivenUp
from bot.texts.catalogue import Catalogues
from handlers.blocks.lost_nudges import lost_message
from handlers.clients import NotInstalled, NoTokenNow
from handlers.nudges.courier import ClientOf
from handlers.slack_errors import reason_of

log = logging.getLogger(__name__)


class LostNudgeTeller:
    """Tries each place once. App Home shows what was given up in any case."""

    def __init__(self, client_of: ClientOf, texts: Catalogues) -> None:
        self._client_of = client_of
        self._texts = texts

    async def __call__(self, given_up: GivenUp) -> None:
        state = given_up.parcel.outlook.state
        try:
            client = await self._client_of(state.workspace_id)
        except (NotInstalled, NoTokenNow):
            log.warning("%s cannot be told of a given-up nudge: the app is not installed there", state.workspace_id)
            return
        message = lost_message(given_up, self._texts.speaker(state.language))
        for place in filter(None, (state.channel_id, state.owner_id)):
            try:
                await client.chat_postMessage(channel=place, text=message.text, blocks=message.blocks)
            except SlackApiError as refused:
                log.warning("%s cannot be told of a given-up nudge: %s", place, reason_of(refused))
            else:
                return
