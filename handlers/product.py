"""The assistant, put together for one Slack: its listeners, its sweep and its housekeeping."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import SQLAlchemyError

from bot.at_work import AtWork
from bot.knowledge import Knowledge
from bot.nudges.driver import HOUSEKEEPING_PERIOD, SWEEP_PERIOD, Driver
from bot.nudges.sweep import Sweep
from bot.office import Office
from handlers.blocks.nudges import nudge_message
from handlers.deps import Deps
from handlers.nudges.courier import SlackCourier, refuse_repeating
from handlers.oauth.tokens import REFRESH_PERIOD, Tokens
from handlers.people import People
from handlers.register import register_all
from handlers.workspace import name_the_workspace
from storage import migrate
from storage.database import Database
from storage.erase import erase_everything
from storage.inbox import forget_events
from storage.nudges import planned_nudges
from storage.tables import Nudge

_INBOX_KEPT = timedelta(days=7)
_UNREADY_AFTER = 2 * SWEEP_PERIOD


@dataclass(frozen=True, slots=True)
class Coming:
    """A nudge that is planned: when it is due (aware), what it is about, and in which channel."""

    due_at: datetime
    headline: str
    channel_id: str


class Product:
    def __init__(
        self,
        knowledge: Knowledge,
        office: Office,
        database: Database,
        client: AsyncWebClient,
        *,
        signing_secret: str | None = None,
        tokens: Tokens | None = None,
    ) -> None:
        """`client` speaks for the one workspace that it has the token of; with `tokens` there are many, and it has
        none."""
        refuse_repeating(client)
        self.database = database
        self.office = office
        self._tokens = tokens
        self.app = AsyncApp(
            client=client,
            signing_secret=signing_secret,
            before_authorize=name_the_workspace,
            authorize=tokens,  # type: ignore[arg-type]  # None says that it is not installed; Bolt does not say so
            user_facing_authorize_error_message=knowledge.texts.speaker(None)("install.gone"),
            logger=logging.getLogger("slack_bolt"),
        )
        self._at_work = AtWork()
        deps = Deps(database, office, knowledge.assistant(office), knowledge.texts, People(), self._at_work)
        register_all(self.app, deps)

        async def the_only_client(_workspace_id: str) -> AsyncWebClient:
            return client

        self.sweep = Sweep(
            database,
            office,
            renderer=lambda due: nudge_message(due, knowledge.texts),
            courier=SlackCourier(tokens.client_of if tokens else the_only_client, office.clock),
        )
        self._driver = Driver()

    def start(self) -> None:
        self._driver.every(SWEEP_PERIOD, self.sweep.tick, name="sweep")
        self._driver.every(HOUSEKEEPING_PERIOD, self._keep_house, name="housekeeping")
        if self._tokens is not None:
            self._driver.every(REFRESH_PERIOD, self._tokens.refresh_due, name="tokens")
        self._driver.start()

    async def stop(self) -> None:
        """Starts nothing more, and waits for what is being worked on."""
        await self._driver.stop()
        await self._at_work.idle()

    async def idle(self) -> None:
        await self._at_work.idle()

    async def coming(self, *, most: int) -> list[Coming]:
        """The nudges that are planned, the next one first, for people who look at the clock."""
        rows = await self.database.read(planned_nudges, limit=most)
        return [Coming(row.due_at, self._headline(row), row.channel_id) for row in rows]

    async def forget_everything(self) -> None:
        await self.database.write(erase_everything)

    async def missing(self) -> str | None:
        """What is missing for serving people; None when all is well."""
        try:
            revision = await self.database.read(lambda *, session: migrate.current_revision(session.connection()))
        except SQLAlchemyError:
            return "database"
        if revision != migrate.needed_revision():
            return "migrations"
        last = self.sweep.finished_at
        if last is None or self.office.now() - last > _UNREADY_AFTER:
            return "sweep"
        return None

    def _headline(self, row: Nudge) -> str:
        procedures = self.office.procedures.values()
        rules = [rule for one in procedures for step in one.steps for rule in step.nudges if rule.id == row.rule_id]
        return rules[0].headline.ko if rules else row.rule_id

    async def _keep_house(self) -> None:
        await self.database.write(forget_events, older_than=self.office.now() - _INBOX_KEPT)
