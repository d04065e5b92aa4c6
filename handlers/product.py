"""The assistant, put together for one Slack: its listeners, its sweep and its housekeeping."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from math import nan

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import SQLAlchemyError

from bot.articles.shelf import ArticleShelf
from bot.at_work import AtWork
from bot.clock import SteadyClock
from bot.knowledge import Knowledge
from bot.nudges.driver import HOUSEKEEPING_PERIOD, RECONCILE_PERIOD, SWEEP_PERIOD, Driver
from bot.nudges.gates import ClockGate, InstanceGate
from bot.nudges.metrics import Metrics
from bot.nudges.reconciler import Reconciler
from bot.nudges.sweep import Gate, Sweep
from bot.nudges.watchdog import Watchdog
from bot.office import Office
from bot.workspaces.housekeeping import let_go
from bot.workspaces.retention import Retention
from handlers.blocks.nudges import nudge_message
from handlers.deps import Deps
from handlers.nudges import confirming
from handlers.nudges.courier import SlackCourier, refuse_repeating, time_at_slack
from handlers.nudges.telling import LostNudgeTeller
from handlers.oauth.tokens import REFRESH_PERIOD, Tokens
from handlers.people import People
from handlers.register import register_all
from handlers.workspace import name_the_workspace
from storage import migrate
from storage.database import Database, clock_of_database
from storage.erase import erase_everything
from storage.ledger_counts import count_ledger
from storage.nudges import planned_nudges
from storage.tables import Nudge

ARTICLES_PERIOD = timedelta(minutes=1)
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
        instance_id: str = "default",
        real_time: SteadyClock | None = None,
        history_per_minute: int = 50,
        retention: Retention | None = None,
    ) -> None:
        """`client` speaks for the one workspace that it has the token of; with `tokens` there are many, and it has
        none. `real_time` is the office's clock where time is not moved by hand: it is then held against Slack's.

        Raises RepeatsByItself for a client with retry handlers.
        """
        refuse_repeating(client)
        self.database = database
        self.office = office
        self._tokens = tokens
        self._retention = retention or Retention()
        self.app = AsyncApp(
            client=client,
            signing_secret=signing_secret,
            before_authorize=name_the_workspace,
            authorize=tokens,  # type: ignore[arg-type]  # None says that it is not installed; Bolt does not say so
            user_facing_authorize_error_message=knowledge.texts.speaker(None)("install.gone"),
            logger=logging.getLogger("slack_bolt"),
            # Our own messages confirm what was posted; the inbox leaves them out for everything else.
            ignoring_self_events_enabled=False,
        )
        self._at_work = AtWork()
        self._articles = ArticleShelf()

        async def the_only_client(_workspace_id: str) -> AsyncWebClient:
            return client

        client_of = tokens.client_of if tokens else the_only_client
        self.metrics = Metrics()
        self.sweep = Sweep(
            database,
            office,
            renderer=lambda due: nudge_message(due, knowledge.texts),
            courier=SlackCourier(client_of, office.clock, history_per_minute=history_per_minute),
            metrics=self.metrics,
            gate=_gate(database, instance_id, real_time, client),
            teller=LostNudgeTeller(client_of, knowledge.texts),
            shared_clock=real_time is not None and database.has_shared_clock,
        )
        self._reconciler = Reconciler(database, office, self.metrics)
        confirming.register(self.app, self.sweep)
        assistant = knowledge.assistant(office, self._articles)
        deps = Deps(database, office, assistant, knowledge.texts, People(), self._at_work)
        register_all(self.app, deps)
        self._driver = Driver()
        self._watchdog: Watchdog | None = None

    def start(self, *, watched: bool = False) -> None:
        """`watched` ends the process when the sweep stands still: for servers that somebody starts again."""
        self._driver.every(SWEEP_PERIOD, self.sweep.tick, name="sweep")
        self._driver.every(RECONCILE_PERIOD, self._reconciler.run, name="reconciler")
        self._driver.every(HOUSEKEEPING_PERIOD, self.keep_house, name="housekeeping")
        self._driver.every(ARTICLES_PERIOD, self.read_articles, name="articles")
        if self._tokens is not None:
            self._driver.every(REFRESH_PERIOD, self._tokens.refresh_due, name="tokens")
        self._driver.start()
        if watched:
            self._watchdog = Watchdog(
                SWEEP_PERIOD,
                alive_at=lambda: self.sweep.alive_at,
                rearm=lambda: self._driver.start_anew("sweep"),
            )
            self._watchdog.start()

    async def stop(self) -> None:
        """Starts nothing more, and waits for what is being worked on."""
        if self._watchdog is not None:
            self._watchdog.stop()
        self.sweep.stop()
        await self._driver.stop()
        await self._at_work.idle()

    async def metrics_text(self) -> bytes:
        """What operators watch, in Prometheus' text format."""
        now, last = self.office.now(), self.sweep.finished_at
        counts = await self.database.read(count_ledger, now=now)
        return self.metrics.text(counts, tick_age=(now - last).total_seconds() if last else nan)

    async def idle(self) -> None:
        await self._at_work.idle()

    async def coming(self, *, most: int) -> list[Coming]:
        """The nudges that are planned, the next one first, for people who look at the clock."""
        rows = await self.database.read(planned_nudges, limit=most)
        return [Coming(row.due_at, self._headline(row), row.channel_id) for row in rows]

    async def read_articles(self) -> None:
        """Takes up what was imported since the last time, by whichever process."""
        await self.database.read(self._articles.refresh)

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
        if self.sweep.held is not None:
            return self.sweep.held
        last = self.sweep.finished_at
        if last is None or self.office.now() - last > _UNREADY_AFTER:
            return "sweep"
        return None

    def _headline(self, row: Nudge) -> str:
        rules = (one.nudge_rule(row.rule_id) for one in self.office.procedures.values())
        return next((rule.headline.ko for rule in rules if rule is not None), row.rule_id)

    async def keep_house(self) -> None:
        """Lets go of what has been kept long enough."""
        await self.database.write(let_go, self._retention, now=self.office.now())


def _gate(database: Database, instance_id: str, real_time: SteadyClock | None, client: AsyncWebClient) -> Gate:
    gates: list[Gate] = [InstanceGate(database, instance_id)]
    if real_time is not None:
        gates.append(
            ClockGate(
                real_time,
                partial(database.read, clock_of_database),
                partial(time_at_slack, client),
                may_differ=not database.has_shared_clock,
            )
        )

    async def gate() -> str | None:
        for one in gates:
            closed = await one()
            if closed is not None:
                return closed
        return None

    return gate
