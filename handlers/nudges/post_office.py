"""Everything that delivers nudges, put together: the sweep, what may hold it, what drives it and what watches it."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from math import nan

from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SteadyClock
from bot.nudges.delivery import Courier
from bot.nudges.driver import RECONCILE_PERIOD, SWEEP_PERIOD, Driver
from bot.nudges.gates import ClockGate, InstanceGate
from bot.nudges.metrics import Metrics
from bot.nudges.parcels import PostedParcel
from bot.nudges.reconciler import Reconciler
from bot.nudges.sweep import Gate, Sweep
from bot.nudges.timing import Timing
from bot.nudges.watchdog import Watchdog
from bot.office import Office
from bot.texts.catalogue import Catalogues
from handlers.blocks.nudges import nudge_message
from handlers.nudges.courier import ClientOf, time_at_slack
from handlers.nudges.telling import LostNudgeTeller
from storage.database import Database, clock_of_database
from storage.ledger_counts import count_ledger


class PostOffice:
    """`client` is one by which Slack can be asked for the time; `client_of` gives those that post."""

    def __init__(
        self,
        database: Database,
        office: Office,
        texts: Catalogues,
        *,
        client: AsyncWebClient,
        client_of: ClientOf,
        courier: Courier,
        instance_id: str,
        real_time: SteadyClock | None,
        timing: Timing | None = None,
        period: timedelta = SWEEP_PERIOD,
        watched_every: timedelta = SWEEP_PERIOD,
    ) -> None:
        """`real_time` is the office's clock where time is not moved by hand: it is then held against Slack's."""
        self._database = database
        self._office = office
        self._period = period
        self._watched_every = watched_every
        self.metrics = Metrics()

        async def redraw(posted: PostedParcel) -> None:
            speaks_there = await client_of(posted.parcel.outlook.state.workspace_id)
            message = nudge_message(posted.parcel, texts)
            await speaks_there.chat_update(
                channel=posted.channel_id, ts=posted.message_ts, text=message.text, blocks=message.blocks
            )

        self.sweep = Sweep(
            database,
            office,
            renderer=lambda parcel: nudge_message(parcel, texts),
            courier=courier,
            timing=timing,
            metrics=self.metrics,
            gate=_gate(database, instance_id, real_time, client),
            teller=LostNudgeTeller(client_of, texts),
            redraw=redraw,
            shared_clock=real_time is not None and database.has_shared_clock,
        )
        self._reconciler = Reconciler(database, office, self.metrics)
        self._watchdog: Watchdog | None = None

    def start(self, driver: Driver, *, watched: bool) -> None:
        """`watched` ends the process when the sweep stands still: for servers that somebody starts again."""
        driver.every(self._period, self.sweep.tick, name="sweep")
        driver.every(RECONCILE_PERIOD, self._reconciler.run, name="reconciler")
        if watched:
            self._watchdog = Watchdog(
                self._watched_every,
                alive_at=lambda: self.sweep.alive_at,
                rearm=lambda: driver.start_anew("sweep"),
            )
            self._watchdog.start()

    def stop(self) -> None:
        """Begins nothing more."""
        if self._watchdog is not None:
            self._watchdog.stop()
        self.sweep.stop()

    def missing(self) -> str | None:
        """What keeps nudges from being delivered; None when nothing does."""
        last = self.sweep.finished_at
        if self.sweep.held is not None:
            return self.sweep.held
        return "sweep" if last is None or self._office.now() - last > 2 * self._period else None

    async def metrics_text(self) -> bytes:
        """What operators watch, in Prometheus' text format."""
        now, last = self._office.now(), self.sweep.finished_at
        counts = await self._database.read(count_ledger, now=now)
        return self.metrics.text(counts, tick_age=(now - last).total_seconds() if last else nan)


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
