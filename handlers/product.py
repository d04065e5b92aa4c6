"""The assistant, put together for one Slack: its listeners, its sweep and its housekeeping."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import SQLAlchemyError

from bot.answers.apart.client import Apart
from bot.articles.shelf import ArticleShelf
from bot.at_work import AtWork
from bot.clock import SteadyClock
from bot.knowledge import Knowledge
from bot.late import Late
from bot.nudges.driver import HOUSEKEEPING_PERIOD, SWEEP_PERIOD, Driver
from bot.nudges.timing import Timing
from bot.office import Office
from bot.workspaces.housekeeping import let_go
from bot.workspaces.retention import Retention
from handlers.deps import Deps
from handlers.inbox import LEASE, Inbox
from handlers.nudges import confirming
from handlers.nudges.courier import SlackCourier, refuse_repeating
from handlers.nudges.post_office import PostOffice
from handlers.pacing import Pace, paced
from handlers.passing import Passing
from handlers.people import People
from handlers.register import register_all
from handlers.routes import Routes, log_failure
from handlers.status_keeper import StatusKeeper
from handlers.worker import Worker
from handlers.workspace import name_the_workspace
from storage import migrate
from storage.database import Database
from storage.erase import erase_everything
from storage.nudges import planned_nudges
from storage.tables import Nudge

if TYPE_CHECKING:
    from handlers.oauth.tokens import Tokens

STOP_SECONDS = 4.3
_GIVE_BACK_SECONDS = 0.2
ARTICLES_PERIOD = timedelta(minutes=1)
APART_PERIOD = timedelta(minutes=1)
INBOX_PERIOD = timedelta(seconds=2)


class Coming(Struct, frozen=True):
    """A nudge that is planned: when it is due (aware), what it is about, and in which channel."""

    due_at: datetime
    headline: str
    channel_id: str


log = logging.getLogger(__name__)


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
        event_lease: timedelta = LEASE,
        pace: Pace | None = None,
        timing: Timing | None = None,
        understands_apart: bool = False,
    ) -> None:
        """`client` speaks for the one workspace that it has the token of; with `tokens` there are many, and it has
        none. `real_time` is the office's clock where time is not moved by hand: it is then held against Slack's.
        `understands_apart`: whether messages are understood in a process of their own.

        Raises RepeatsByItself for a client with retry handlers.
        """
        refuse_repeating(client)
        self.database = database
        self.office = office
        self._tokens = tokens
        self._knowledge = knowledge
        self._retention = retention or Retention()
        self.app = AsyncApp(
            name="contract-guide",  # otherwise Bolt reads the sources of everybody who calls it, to find one
            client=client,
            signing_secret=signing_secret,
            before_authorize=Passing(name_the_workspace),
            # The door has looked at the signature before anything was parsed.
            request_verification_enabled=False,
            ssl_check_enabled=False,
            attaching_function_token_enabled=False,
            authorize=tokens,  # type: ignore[arg-type]  # None says that it is not installed; Bolt does not say so
            user_facing_authorize_error_message=knowledge.texts.speaker(None)("install.gone"),
            logger=logging.getLogger("slack_bolt"),
            # Our own messages confirm what was posted; the inbox leaves them out for everything else.
            ignoring_self_events_enabled=False,
            attaching_conversation_kwargs_enabled=False,  # helpers for agents, made anew for every event: ours do that
        )
        self.app.error(log_failure)
        self._at_work = AtWork()
        self.routes = Routes(self._at_work)
        self.app.middleware(self.routes)
        self._articles = ArticleShelf()
        self.rewording = knowledge.rewording(office)

        async def the_only_client(_workspace_id: str) -> AsyncWebClient:
            return client

        client_of = tokens.client_of if tokens else the_only_client
        self._post_office = PostOffice(
            database,
            office,
            knowledge.texts,
            client=client,
            client_of=client_of,
            courier=SlackCourier(client_of, office.clock, history_per_minute=history_per_minute),
            instance_id=instance_id,
            real_time=real_time,
            timing=timing,
        )
        self.sweep = self._post_office.sweep
        confirming.register(self.routes, self.sweep)
        self._assistant = Late(lambda: knowledge.assistant(office, self._articles))
        self._apart = Apart(knowledge.to_understand) if understands_apart else None
        self._status = StatusKeeper(database, office, knowledge.texts, paced(client_of, pace), self._at_work)
        self.questions = Worker("questions", at_once=8, waiting=200)
        self._acts = Worker("acts", at_once=32, waiting=500)
        self._inbox = Inbox(database, office, lease=event_lease)
        deps = Deps(
            database,
            office,
            self._assistant,
            self._apart,
            self.rewording,
            knowledge.texts,
            People(),
            self._status,
            self._inbox,
            self.questions,
            self._acts,
            pace,
        )
        register_all(self.routes, deps)
        self._driver = Driver()

    def start(self, *, watched: bool = False) -> None:
        """`watched` ends the process when the sweep stands still: for servers that somebody starts again."""
        self.office.get_ready()
        self._post_office.start(self._driver, watched=watched)
        self._driver.every(HOUSEKEEPING_PERIOD, self.keep_house, name="housekeeping")
        self._driver.every(SWEEP_PERIOD, self.redraw_statuses, name="statuses")
        self._driver.every(INBOX_PERIOD, self.take_again, name="inbox")
        self._driver.every(ARTICLES_PERIOD, self.read_articles, name="articles")
        if self._tokens is not None:
            self._driver.every(self._tokens.refresh_period, self._tokens.refresh_due, name="tokens")
        if self._apart is not None:
            self._driver.every(APART_PERIOD, self._apart.open_again, name="understanding apart")
        self._driver.afterwards(self._load_language, name="language")
        self._driver.start()

    async def stop(self) -> None:
        """Starts nothing more, and gives what is being worked on `STOP_SECONDS`. What is cut off comes again: events
        and questions from the inbox, at once; reminders when it is known whether they arrived."""
        self._post_office.stop()
        self.questions.stop()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await asyncio.gather(self._driver.stop(), self.idle())
        except TimeoutError:
            log.warning("what is still being worked on is left to whoever comes next")
            await self._at_work.cut_off()
            await self._give_back()
        await self.rewording.close()
        if self._apart is not None:
            await self._apart.close()
        self.questions.close()

    async def _give_back(self) -> None:
        try:
            async with asyncio.timeout(_GIVE_BACK_SECONDS):
                await self._inbox.give_back()
        except (TimeoutError, SQLAlchemyError) as failed:
            log.warning("what was cut off is left until its lease is over: %s", type(failed).__name__)

    async def _load_language(self) -> None:
        """For the first message that has to be understood; one that comes before waits for it."""
        await asyncio.to_thread(self._assistant.get)
        await asyncio.to_thread(self._knowledge.understanding.get)
        if self._apart is not None:  # now that there is a fitted model for it to load
            await self._apart.open()

    async def take_again(self) -> None:
        """Handles the events that nobody works on any more."""
        await self._inbox.take_again(self.app, most=self.questions.room)

    async def metrics_text(self) -> bytes:
        """What operators watch, in Prometheus' text format."""
        return await self._post_office.metrics_text()

    async def idle(self) -> None:
        with self._status.hurried():
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
            revision = await self.database.glance(lambda *, session: migrate.current_revision(session.connection()))
        except SQLAlchemyError:
            return "database"
        if revision != migrate.needed_revision():
            return "migrations"
        return self._post_office.missing()

    def _headline(self, row: Nudge) -> str:
        rules = (one.nudge_rule(row.rule_id) for one in self.office.procedures.values())
        return next((rule.headline.ko for rule in rules if rule is not None), row.rule_id)

    async def redraw_statuses(self) -> None:
        """Brings the status messages up to date that only the time, or a setting, has changed."""
        if self.sweep.held is None:
            await self._status.redraw()

    async def keep_house(self) -> None:
        """Lets go of what has been kept long enough."""
        await self.database.write(let_go, self._retention, now=self.office.now())
