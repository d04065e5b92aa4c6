"""What every listener is given, and what it knows about the one who is at the door."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.apart.client import Apart
from bot.answers.rewording.protocol import Rewording
from bot.contracts.desk import Actor
from bot.contracts.outlook import Outlook
from bot.contracts.state import ContractState
from bot.late import Late
from bot.office import Office
from bot.texts.catalogue import Catalogues, Speaker
from bot.workspaces.people import GuestsOnlyLook, NotInChannel, Standing
from handlers.clients import SlackClient
from handlers.inbox import Inbox
from handlers.pacing import Pace
from handlers.people import People, Person
from handlers.status_keeper import StatusKeeper
from handlers.worker import Worker
from storage.database import Database

if TYPE_CHECKING:
    from bot.answers.assistant import Assistant

_DIRECT_MESSAGE = "D"


class Deps(Struct, frozen=True):
    database: Database
    office: Office
    late_assistant: Late[Assistant]
    apart: Apart | None
    """where messages are understood beside everything else, on machines on which that is worth it"""
    rewording: Rewording
    texts: Catalogues
    people: People
    status: StatusKeeper
    inbox: Inbox
    questions: Worker
    acts: Worker
    """everything that is no question: however slow those are, a button is not"""
    pace: Pace | None

    @property
    def assistant(self) -> Assistant:
        """Loaded right after the start, or by whoever comes before that."""
        return self.late_assistant.get()

    @property
    def understands_at_once(self) -> bool:
        return self.late_assistant.is_made and self.assistant.is_ready


class Visit(Struct, frozen=True):
    """One person, at one moment, in one place of one workspace. `channel_id` is None on App Home."""

    workspace_id: str
    user_id: str
    channel_id: str | None
    client: AsyncWebClient
    say: Speaker
    deps: Deps
    standing: Standing = Standing.MEMBER

    @property
    def in_team_channel(self) -> bool:
        """Whether this is a channel that a team shares, not a direct message and not App Home."""
        return self.channel_id is not None and not self.channel_id.startswith(_DIRECT_MESSAGE)

    async def actor(self) -> Actor:
        """The person as somebody who changes something: a member of the workspace who is in the channel.

        Slack is asked now. Where somebody clicked tells where they were when a window opened, and a window's own
        memory proves nothing. Raises GuestsOnlyLook or NotInChannel.
        """
        if self.standing is Standing.GUEST:
            raise GuestsOnlyLook
        channels = await self.deps.people.channels_now(self.client, self.workspace_id, self.user_id)
        if self.in_team_channel:
            channels &= {str(self.channel_id)}
            if not channels:
                raise NotInChannel
        return Actor(self.workspace_id, self.user_id, channels)

    async def reader(self) -> Actor:
        """The person as somebody who looks: at the channel's contract where this is one, which Slack shows to nobody
        outside; in a direct message or on App Home at those of every channel that the person is in."""
        if self.in_team_channel:
            return Actor(self.workspace_id, self.user_id, frozenset({str(self.channel_id)}))
        channels = await self.deps.people.channels(self.client, self.workspace_id, self.user_id)
        return Actor(self.workspace_id, self.user_id, channels)

    async def name(self) -> str:
        return await self.name_of(self.user_id)

    async def name_of(self, user_id: str) -> str:
        """Somebody of the same workspace, made ready for mrkdwn."""
        person = await self.deps.people.person(self.client, self.workspace_id, user_id)
        return person.name

    def outlook(self, state: ContractState) -> Outlook:
        return Outlook.of(state, self.deps.office)

    def channel_speaker(self, state: ContractState) -> Speaker:
        """The language of what everybody in the contract's channel reads."""
        return self.deps.texts.speaker(state.language)


async def visit_of(
    body: dict[str, Any], context: AsyncBoltContext, deps: Deps, *, channel_id: str | None = None
) -> Visit:
    """`channel_id` stands in where the payload names no channel, as with a modal."""
    client = deps.pace.client(context.client) if deps.pace else SlackClient.like(context.client)
    workspace_id, user_id = _known(context.team_id), _known(context.user_id)
    person = await deps.people.person(client, workspace_id, user_id)
    standing = person.standing_in(workspace_id)
    if not _token_is_of(workspace_id, context) or not _comes_from(body, workspace_id, person):
        standing = Standing.OUTSIDER
    return Visit(
        workspace_id=workspace_id,
        user_id=user_id,
        channel_id=context.channel_id or channel_id,
        client=client,
        say=deps.texts.speaker(person.locale),
        deps=deps,
        standing=standing,
    )


def _token_is_of(workspace_id: str, context: AsyncBoltContext) -> bool:
    """With one token for one workspace, a payload of another one is somebody else's (Slack Connect)."""
    authorized = context.authorize_result.team_id if context.authorize_result else None
    return authorized is None or authorized == workspace_id or not authorized.startswith("T")


def _comes_from(body: dict[str, Any], workspace_id: str, person: Person) -> bool:
    """Whether the payload says that its person belongs to this workspace, or to one that Slack names for them."""
    event, user = body.get("event") or {}, body.get("user")
    named = event.get("user_team") or (user.get("team_id") if isinstance(user, dict) else None)
    return named is None or named == workspace_id or named in person.teams or not str(named).startswith("T")


def _known(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("the payload names no workspace or no person")
    return value
