"""Keeps a contract's one status message as the contract is: where it stands, however often the contract moves.

Waiting goes on while nobody does anything: each business morning the messages that say something else by then are
drawn again, a few at a time.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from cachetools import TTLCache
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot.at_work import AtWork
from bot.contracts.outlook import Outlook
from bot.contracts.reading import contract_of_workspace, contracts_with_status
from bot.contracts.state import ContractState
from bot.nudges.delivery import Message
from bot.office import Office
from bot.texts.catalogue import Catalogues
from handlers.blocks.status import status_digest, status_message, superseded_message
from handlers.debounce import Debounced, Schedule
from handlers.slack_errors import CLOSED_TO_US, OUT_OF_REACH, Family, family_of, reason_of, retry_after
from storage.contracts import remember_status_message, remember_status_shown, workspaces_with_status
from storage.database import Database

log = logging.getLogger(__name__)

TOGETHER_WITHIN = 1.0
"""Seconds: `chat.update` may be called some fifty times a minute, and people often record several things in a row."""
LOOK_EVERY = timedelta(minutes=15)
"""How often we look for messages that time has made wrong."""
_BETWEEN_TURNS = 20.0
_AT_ONCE, _OF_ONE_WORKSPACE = 50, 10
"""Thirty a minute of a workspace: Slack takes some fifty."""
_LINK_SECONDS = 60
"""How long a message is taken to stand where it stood: another process may have heard that it was deleted."""

Place = tuple[str, int]
"""A workspace's id and a contract's."""


class StatusKeeper:
    def __init__(
        self,
        database: Database,
        office: Office,
        texts: Catalogues,
        client_of: Callable[[str], Awaitable[AsyncWebClient]],
        at_work: AtWork,
        *,
        schedule: Schedule | None = None,
        pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """`pause` waits so many seconds; a test waits otherwise."""
        self._pause = pause
        self._links: TTLCache[tuple[str, str], str] = TTLCache(maxsize=10_000, ttl=_LINK_SECONDS)
        self._changed_workspaces: set[str] = set()
        self._looked_at: datetime | None = None
        self._database, self._office, self._texts, self._client_of = database, office, texts, client_of
        self._debounced = Debounced(self._refresh, after=TOGETHER_WITHIN, at_work=at_work, schedule=schedule)

    def ask(self, state: ContractState) -> None:
        """The contract has changed: its message is brought up to date within a moment."""
        self._debounced.ask((state.workspace_id, state.id))

    def hurried(self) -> AbstractContextManager[None]:
        return self._debounced.hurried()

    def ask_workspace(self, workspace_id: str) -> None:
        """Something has changed that all contracts of the workspace show: its days off, its language."""
        self._changed_workspaces.add(workspace_id)

    async def redraw(self) -> None:
        """Has every message drawn again that is out of date by now: where something changed for a whole workspace at
        once, elsewhere in business hours of the contract.
        """
        for number, places in enumerate(_in_turns(await self._out_of_date())):
            if number:
                await self._pause(_BETWEEN_TURNS)
            for place in places:
                self._debounced.ask(place)

    async def _out_of_date(self) -> list[Place]:
        changed, self._changed_workspaces = self._changed_workspaces, set()
        workspaces, now = dict.fromkeys(changed, True), self._office.now()
        if self._looked_at is None or abs(now - self._looked_at) >= LOOK_EVERY:
            self._looked_at = now
            for workspace_id in await self._database.read(workspaces_with_status):
                workspaces.setdefault(workspace_id, False)
        found: list[Place] = []
        for workspace_id, at_once in workspaces.items():
            found += await self._database.read(self._stale, workspace_id, at_once=at_once)
        return found

    def _stale(self, workspace_id: str, *, at_once: bool, session: Session) -> list[Place]:
        now = self._office.now()
        return [
            (workspace_id, state.id)
            for state in contracts_with_status(workspace_id, session=session, office=self._office)
            if at_once or (state.is_running and self._office.calendar_of(state).is_open(now))
            if status_digest(self._message(state)) != state.status_digest
        ]

    async def post(self, state: ContractState) -> None:
        """Posts the status at the end of the contract's channel; what was posted before only points there."""
        client = await self._client_of(state.workspace_id)
        message = self._message(state)
        posted = await client.chat_postMessage(channel=state.channel_id, text=message.text, blocks=message.blocks)
        older = await self._database.write(
            remember_status_message,
            workspace_id=state.workspace_id,
            contract_id=state.id,
            ts=posted["ts"],
            digest=status_digest(message),
        )
        if older is not None:
            await self._supersede(client, state, older=older, newest=posted["ts"])

    async def link(self, state: ContractState) -> str | None:
        """Leads to the channel's status message; None when there is none, or somebody has deleted it."""
        if state.status_message_ts is None:
            return None
        where = state.channel_id, state.status_message_ts
        if where not in self._links:
            client = await self._client_of(state.workspace_id)
            try:
                answer = await client.chat_getPermalink(channel=state.channel_id, message_ts=state.status_message_ts)
            except SlackApiError as error:
                if family_of(error) not in OUT_OF_REACH:
                    raise
                return None
            self._links[where] = str(answer["permalink"])
        return self._links[where]

    def forget_link(self, channel_id: str, ts: str) -> None:
        """Somebody has deleted that message."""
        self._links.pop((channel_id, ts), None)

    async def _refresh(self, place: Place) -> None:
        """Until the message says what the database says: another process may be at the same message."""
        shown: Message | None = None
        while True:
            state = await self._read(place)
            if state is None or state.status_message_ts is None:
                return
            message = self._message(state)
            if message == shown:
                return
            if not await self._update(place, state, message):
                return
            shown = message

    async def _update(self, place: Place, state: ContractState, message: Message) -> bool:
        """False when there is nothing more to do now."""
        assert state.status_message_ts is not None
        client = await self._client_of(state.workspace_id)
        # Before it is shown: where Slack refuses, it is not asked for the same again.
        await self._database.write(
            remember_status_shown, workspace_id=state.workspace_id, contract_id=state.id, digest=status_digest(message)
        )
        try:
            await _replace(client, state.channel_id, state.status_message_ts, message)
        except SlackApiError as error:
            family = family_of(error)
            if family is Family.TOO_FAST:
                self._debounced.try_again(place, after=retry_after(error).total_seconds())
            elif family is Family.MESSAGE_GONE:
                await self.post(state)
            elif family in CLOSED_TO_US:
                log.info("the status message of contract %s cannot be reached: %s", state.id, reason_of(error))
            else:
                raise
            return False
        return True

    async def _supersede(self, client: AsyncWebClient, state: ContractState, *, older: str, newest: str) -> None:
        link = await client.chat_getPermalink(channel=state.channel_id, message_ts=newest)
        message = superseded_message(state, link["permalink"], self._texts.speaker(state.language))
        try:
            await _replace(client, state.channel_id, older, message)
        except SlackApiError as error:
            if family_of(error) is not Family.MESSAGE_GONE:
                raise

    async def _read(self, place: Place) -> ContractState | None:
        workspace_id, contract_id = place
        return await self._database.read(
            contract_of_workspace, contract_id, workspace_id=workspace_id, office=self._office
        )

    def _message(self, state: ContractState) -> Message:
        return status_message(Outlook.of(state, self._office), self._texts.speaker(state.language))


async def _replace(client: AsyncWebClient, channel_id: str, ts: str, message: Message) -> None:
    await client.chat_update(channel=channel_id, ts=ts, text=message.text, blocks=message.blocks)


def _in_turns(places: Sequence[Place]) -> Iterator[list[Place]]:
    """Some at a time, and of each workspace so few that what people record there is shown all the same."""
    left = list(places)
    while left:
        turn: list[Place] = []
        of_workspace: Counter[str] = Counter()
        for place in left:
            if len(turn) < _AT_ONCE and of_workspace[place[0]] < _OF_ONE_WORKSPACE:
                turn.append(place)
                of_workspace[place[0]] += 1
        taken = set(turn)
        left = [place for place in left if place not in taken]
        yield turn
