"""What every listener is given, and what it knows about the one who is at the door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.assistant import Assistant
from bot.at_work import AtWork
from bot.contracts.desk import Actor
from bot.contracts.outlook import Outlook
from bot.contracts.state import ContractState
from bot.office import Office
from bot.texts.catalogue import Catalogues, Speaker
from handlers.people import People
from storage.database import Database

_DIRECT_MESSAGE = "D"


@dataclass(frozen=True)
class Deps:
    database: Database
    office: Office
    assistant: Assistant
    texts: Catalogues
    people: People
    at_work: AtWork
    """what listeners are working on, also after Slack has its acknowledgement"""


@dataclass(frozen=True)
class Visit:
    """One person, at one moment, in one place of one workspace. `channel_id` is None on App Home."""

    workspace_id: str
    user_id: str
    channel_id: str | None
    client: AsyncWebClient
    say: Speaker
    deps: Deps

    @property
    def in_team_channel(self) -> bool:
        """Whether this is a channel that a team shares, not a direct message and not App Home."""
        return self.channel_id is not None and not self.channel_id.startswith(_DIRECT_MESSAGE)

    async def actor(self) -> Actor:
        """The person with the channels whose contracts may be seen and changed from here.

        In a channel that is this channel. In a direct message or on App Home those of all channels that the
        person is in, as Slack tells us now.
        """
        if self.in_team_channel:
            assert self.channel_id is not None
            return Actor(self.workspace_id, self.user_id, frozenset({self.channel_id}))
        channels = await self.deps.people.channels(self.client, self.workspace_id, self.user_id)
        return Actor(self.workspace_id, self.user_id, channels)

    async def name(self) -> str:
        person = await self.deps.people.person(self.client, self.workspace_id, self.user_id)
        return person.name

    def outlook(self, state: ContractState) -> Outlook:
        return Outlook.of(state, self.deps.office)

    def channel_speaker(self, state: ContractState) -> Speaker:
        """The language of what everybody in the contract's channel reads."""
        return self.deps.texts.speaker(state.language)


async def visit_of(
    context: AsyncBoltContext, client: AsyncWebClient, deps: Deps, *, channel_id: str | None = None
) -> Visit:
    """`channel_id` stands in where the payload names no channel, as with a modal."""
    workspace_id, user_id = _known(context.team_id), _known(context.user_id)
    person = await deps.people.person(client, workspace_id, user_id)
    return Visit(
        workspace_id=workspace_id,
        user_id=user_id,
        channel_id=context.channel_id or channel_id,
        client=client,
        say=deps.texts.speaker(person.locale),
        deps=deps,
    )


def _known(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("the payload names no workspace or no person")
    return value
