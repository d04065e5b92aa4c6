"""One sweep in this process, on a clock that a test moves, with the product's own courier and the fake Slack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from slack_sdk.web.async_client import AsyncWebClient

from bot.nudges.sweep import Sweep
from bot.office import Office
from bot.texts.catalogue import Catalogues
from handlers.blocks.nudges import nudge_message
from handlers.clients import slack_client
from handlers.nudges.courier import SlackCourier
from handlers.nudges.telling import LostNudgeTeller
from storage.database import Database
from storage.nudges import claim_due
from storage.tables import Nudge
from tests.conftest import SettableClock
from tests.reliability.fake_slack import TOKEN, FakeSlack
from tests.reliability.harness import fill, first_nudges

SEOUL = ZoneInfo("Asia/Seoul")


@dataclass
class Desk:
    database: Database
    office: Office
    clock: SettableClock
    slack: FakeSlack
    sweep: Sweep

    @classmethod
    def over(
        cls, database: Database, office: Office, clock: SettableClock, slack: FakeSlack, texts: Catalogues
    ) -> Desk:
        slack.clock = lambda: clock.now().timestamp()
        slack.latency = 0
        client = slack_client(TOKEN, slack.api_url)

        async def client_of(_: str) -> AsyncWebClient:
            return client

        sweep = Sweep(
            database,
            office,
            renderer=lambda parcel: nudge_message(parcel, texts),
            courier=SlackCourier(client_of, clock, history_per_minute=1_000_000),
            teller=LostNudgeTeller(client_of, texts),
            random=Random(1),
        )
        return cls(database, office, clock, slack, sweep)

    def fill(self, count: int, *, workspaces: tuple[str, ...] = ("T0RELIABLE",)) -> list[str]:
        return fill(self.database, count, now=self.clock.now(), workspaces=workspaces)

    async def tick_for(self, span: timedelta, *, every: timedelta = timedelta(seconds=30)) -> None:
        """Ticks now, and again until the span is over."""
        end = self.clock.now() + span
        await self.sweep.tick()
        while self.clock.now() < end:
            self.clock.advance(min(every, end - self.clock.now()))
            await self.sweep.tick()

    def at(self, local: str) -> datetime:
        return datetime.fromisoformat(local).replace(tzinfo=SEOUL)

    def nudges(self) -> Sequence[Nudge]:
        return first_nudges(self.database)

    def claim(self, token: str = "claimed") -> list[Nudge]:
        with self.database.writing() as session:
            return claim_due(
                session=session,
                now=self.clock.now(),
                lease=timedelta(minutes=1),
                overdue=timedelta(minutes=30),
                limit=24,
                token=token,
            )
