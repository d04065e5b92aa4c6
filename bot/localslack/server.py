"""LocalSlack: a Slack workspace on this machine, for a developer's browser and for tests alike."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self, TypeVar
from urllib.parse import quote

from aiohttp import web

from bot.localslack.changes import Changes
from bot.localslack.clock import WorkspaceClock
from bot.localslack.events import Events
from bot.localslack.handles import ChannelHandle
from bot.localslack.ids import BOT_USER_ID, TEAM_ID
from bot.localslack.interactions import Interactions
from bot.localslack.json_types import Json
from bot.localslack.manifest import load_manifest, parse_yaml
from bot.localslack.member_acts import MemberActs
from bot.localslack.messenger import Messenger
from bot.localslack.person import Person
from bot.localslack.response_url import ResponseEndpoint
from bot.localslack.slack_objects import picture_type
from bot.localslack.socket_mode import SocketMode
from bot.localslack.store import Store
from bot.localslack.streams import Streams
from bot.localslack.time_travel import Idle, Journey, NextDue, Product, Queue, Reset, Tick, TimeTravel
from bot.localslack.timing import Timing
from bot.localslack.triggers import ResponseUrls, Triggers
from bot.localslack.trouble import Trouble, Troubles
from bot.localslack.ui import Ui
from bot.localslack.ui_control import Control
from bot.localslack.ui_guard import guard, is_loopback
from bot.localslack.ui_state import UiState
from bot.localslack.views import Views
from bot.localslack.web_api import files
from bot.localslack.web_api.call import Core
from bot.localslack.web_api.endpoint import Endpoint, Tokens
from bot.localslack.wire_log import WireLog
from bot.localslack.workspace import Workspace

_LARGEST_REQUEST = 12 * 1024 * 1024
_LONGEST_LINE = 1024 * 1024  # AsyncWebClient sends arguments in the query string, a view among them
_SETTLE_SECONDS = 5.0
_QUIET_PASSES = 3
_LOOK_AGAIN = 0.1

Result = TypeVar("Result")


PATIENCE = 30.0
"""Seconds that a test waits for what must come: only a failing one waits so long, a busy machine may need some."""


class WaitTimeout(AssertionError):
    """What `until` waited for did not come."""


class LocalSlack:
    """Web API, Socket Mode and the page on one loopback port.

    What the owner must do in local mode: extend NO_PROXY with 127.0.0.1 and localhost before the clients are built,
    and set `handler.client.proxy = None` before connecting, since slack_sdk's socket client ignores NO_PROXY. When
    stopping: set `auto_reconnect_enabled` and `default_auto_reconnect_enabled` of the socket client to False, `await
    slack.stop()`, then `await handler.close_async()`; in this order the handler has nothing to wait for.
    """

    def __init__(
        self,
        manifest: Path,
        *,
        store: Path | None = None,
        clock: WorkspaceClock | None = None,
        timing: Timing | None = None,
        parse: Callable[[str], Json] = parse_yaml,
    ) -> None:
        """`store` is an SQLite file that keeps the workspace over restarts; None keeps it in memory. `parse` gives
        what the manifest's text holds.

        Raises:
            ManifestError: Slack would refuse the manifest.
            StoreError: the file is in use or no workspace file.
        """
        timing = timing or Timing()
        self.manifest = load_manifest(manifest, parse)
        self.clock = clock or WorkspaceClock()
        self.changes = Changes()
        self.log = WireLog(self.changes)
        self.bot_token = f"xoxb-local-{secrets.token_hex(12)}"
        self.app_token = f"xapp-1-A0LOCAL-{secrets.token_hex(12)}"
        self.team_id = TEAM_ID
        self._url: str | None = None
        self._store = Store(store)
        self.workspace = Workspace(self.manifest, self._store, self.clock, self.changes)
        self._assemble(timing)
        self.web_app = self._routes()
        self._runner: web.AppRunner | None = None
        self._scheduler: asyncio.Task[None] | None = None

    def _assemble(self, timing: Timing) -> None:
        workspace, log = self.workspace, self.log
        self._sockets = SocketMode(log, timing, lambda: self.url)
        self._events = Events(workspace, self._sockets, log, timing)
        messenger = Messenger(workspace, self._events)
        self._views = Views(workspace)
        streams = Streams(workspace, messenger, timing)
        self._core = Core(
            workspace, messenger, self._views, streams, Triggers(timing), self._sockets, log, lambda: self.url
        )
        self._troubles = Troubles()
        self._endpoint = Endpoint(self._core, Tokens(self.bot_token, self.app_token), self._troubles)
        self._urls = ResponseUrls(self.clock, lambda: self.url)
        self._responses = ResponseEndpoint(self._core, self._urls)
        self._acts = MemberActs(workspace, messenger, self._views, streams, self._events)
        self._interactions = Interactions(self._core, self._urls, self._responses)
        self._travel = TimeTravel(workspace, messenger, log, self._settle)
        self._state = UiState(self._core, self._events, self._travel, self._troubles)
        self._ui = Ui(self._state, self._acts, self._interactions, Control(self), log)

    def _routes(self) -> web.Application:
        app = web.Application(client_max_size=_LARGEST_REQUEST, middlewares=[guard])
        app.router.add_route("*", "/api/{method:.*}", self._endpoint.handle)
        app.router.add_get("/link/", self._sockets.accept)
        app.router.add_post("/response/{key}", self._responses.handle)
        app.router.add_post("/upload/v1/{file_id}", self._receive_upload)
        app.router.add_get("/files/{file_id}/{name:.*}", self._download)
        self._ui.add_routes(app)
        return app

    # ---- life ---------------------------------------------------------------------------------------------

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Serves on a loopback address; port 0 takes a free one. Raises ValueError for any other address."""
        if not is_loopback(host):
            raise ValueError(f"the local workspace has no passwords: it serves on loopback only, not on {host}")
        listener = socket.create_server((host, port), reuse_port=False)
        self._url = f"http://{host}:{listener.getsockname()[1]}"
        self._runner = web.AppRunner(
            self.web_app,
            access_log=None,
            handler_cancellation=True,
            shutdown_timeout=0.5,
            max_line_size=_LONGEST_LINE,
        )
        await self._runner.setup()
        await web.SockSite(self._runner, listener).start()
        self._scheduler = asyncio.create_task(self._travel.watch_scheduled())

    async def stop(self) -> None:
        """Closes the sockets first, then everything else. What was stored stays for the next start."""
        self.no_more_trouble()
        await self._sockets.close()
        await self._ui.stop()
        await self._events.stop()
        if self._scheduler is not None:
            self._scheduler.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._scheduler
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        self._store.close()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT`. Raises RuntimeError before `start`."""
        if self._url is None:
            raise RuntimeError("the local workspace has not been started")
        return self._url

    @property
    def api_url(self) -> str:
        """The base_url for slack_sdk's clients; ends with a slash."""
        return f"{self.url}/api/"

    @property
    def connected(self) -> int:
        """How many Socket Mode connections the app holds."""
        return self._sockets.connected

    @property
    def unheard_messages(self) -> set[tuple[str, str]]:
        """Channel and ts of messages whose event the app never acknowledged."""
        return set(self._events.unheard)

    # ---- time ---------------------------------------------------------------------------------------------

    def drive(
        self,
        next_due: NextDue,
        tick: Tick,
        reset: Reset | None = None,
        *,
        idle: Idle | None = None,
        queue: Queue | None = None,
    ) -> None:
        """Connects the product's own timed work to this workspace's clock.

        `next_due()` is its next moment of work (aware, it may have passed) or None; `tick()` does everything that is
        due at `clock.now()` and returns when it is done; `reset()` erases its data; `idle()` returns when it works on
        nothing any more; `queue()` lists what is coming, for the page.
        """
        self._travel.product = Product(next_due, tick, reset, idle, queue)

    async def advance_to(self, moment: datetime) -> Journey:
        """Moves the clock to an aware moment, halting wherever something is due on the way."""
        return await self._travel.to(moment)

    async def advance_by(self, step: timedelta) -> Journey:
        return await self._travel.to(self.clock.now() + step)

    async def advance_to_next_due(self) -> Journey | None:
        """Moves to the next due moment and does what is due then; None when nothing is."""
        due = await self._travel.next_due()
        return None if due is None else await self._travel.to(max(due, self.clock.now()))

    # ---- people and places --------------------------------------------------------------------------------

    def person(self, name: str) -> Person:
        """Somebody of the workspace, by real name, name or id. Raises LookupError."""
        for member in self.workspace.people():
            if name in (member.real_name, member.name, member.id):
                return Person(self.workspace, self._views, self._acts, self._interactions, member)
        listed = ", ".join(member.real_name for member in self.workspace.people())
        raise LookupError(f"nobody is called {name!r}; there are: {listed}")

    def add_person(
        self,
        name: str,
        real_name: str = "",
        *,
        title: str = "",
        locale: str = "ko-KR",
        tz: str = "Asia/Seoul",
        is_guest: bool = False,
    ) -> Person:
        member = self._acts.create_person(name, real_name or name, title, locale, tz, is_guest=is_guest)
        return self.person(member.id)

    def channel(self, name: str) -> ChannelHandle:
        """A channel by name (with or without #) or id. Raises LookupError."""
        found = self.workspace.channel_named(name) or self.workspace.conversation(name)
        if found is None:
            raise LookupError(f"there is no channel {name!r}")
        return ChannelHandle(self.workspace, found)

    def add_channel(
        self, name: str, *, members: list[Person], private: bool = False, with_app: bool = False
    ) -> ChannelHandle:
        """A new channel; the first member creates it and invites the others."""
        creator, *others = members
        conversation = self._acts.create_channel(creator.id, name, private)
        for person in others:
            self._acts.invite(creator.id, conversation.id, person.id)
        if with_app:
            self._acts.invite(creator.id, conversation.id, BOT_USER_ID)
        return ChannelHandle(self.workspace, conversation)

    async def state_for(self, person: Person) -> Json:
        """What the page's GET /ui/state gives this person."""
        return await self._state.state(person.id)

    # ---- waiting ------------------------------------------------------------------------------------------

    async def until(self, predicate: Callable[[], Result | None], timeout: float = PATIENCE, what: str = "") -> Result:  # noqa: ASYNC109
        """Waits until `predicate()` is true and returns what it gave. It is asked again after every change of the
        workspace and every line on the wire, and every tenth of a second for what changes elsewhere (a database).

        Raises:
            WaitTimeout: with the last lines that went over the wire.
        """
        try:
            async with asyncio.timeout(timeout):
                while not (result := predicate()):
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(_LOOK_AGAIN):
                            await self.changes.after(self.changes.version)
        except TimeoutError as error:
            named = what or "what was expected"
            raise WaitTimeout(f"{named} did not come within {timeout} s\n{self.log.tail()}") from error
        return result

    async def quiet(self, timeout: float = PATIENCE) -> None:  # noqa: ASYNC109
        """Waits until nothing is on its way: no envelope without acknowledgement, no Web API call being answered,
        the product idle (if it lent `idle` to `drive`), and nothing changed for some passes of the loop.

        It cannot know of work the app does after it acknowledged, unless `idle` tells: Bolt acknowledges an event
        before its listener runs. Where a result is expected, `until` is the surer wait. Raises WaitTimeout.
        """
        try:
            async with asyncio.timeout(timeout):
                await self._settled()
        except TimeoutError as error:
            raise WaitTimeout(f"the workspace did not come to rest within {timeout} s\n{self.log.tail()}") from error

    async def _settled(self) -> None:
        while True:
            version = self.changes.version
            if self._busy:
                await self.changes.after(version)
                continue
            product = self._travel.product
            if product is not None and product.idle is not None:
                await product.idle()
            for _ in range(_QUIET_PASSES):
                await asyncio.sleep(0)
            if not self._busy and self.changes.version == version:
                return

    @property
    def _busy(self) -> bool:
        return bool(self._sockets.unacknowledged or self._events.in_flight or self._endpoint.in_flight)

    async def _settle(self) -> None:
        """After a stop of the clock: waits for what follows from it, but not for ever."""
        with contextlib.suppress(WaitTimeout):
            await self.quiet(_SETTLE_SECONDS)

    @property
    def sessions(self) -> dict[str, str]:
        """The status of each agent session, by `channel:thread_ts`."""
        return {key: session["status"] for key, session in self._core.messenger.sessions.items()}

    # ---- trouble on demand --------------------------------------------------------------------------------

    def trouble(
        self, method: str, error: str, *, times: int = 1, retry_after: int = 1, after_effect: bool = False
    ) -> Trouble:
        """The next `times` calls of `method` ("*" for any) fail.

        `error` is a Slack error code, `ratelimited` (429 with `retry_after` seconds), or `connection_reset`,
        `http_500`, `hang` (until `Trouble.release`, then the connection is lost). With `after_effect`, only for the
        last three, the call is carried out first and the app does not learn of it.
        """
        return self._troubles.add(Trouble(method, error, times, retry_after, after_effect))

    def redeliver_events(self, times: int = 1) -> None:
        """From now on every acknowledged event comes `times` more, marked as a retry; 0 ends it."""
        self._events.extra_deliveries = times

    def hold_events(self) -> None:
        """Events from now on are kept back, for a late delivery."""
        self._events.hold()

    def release_events(self) -> None:
        self._events.release()

    async def refresh_sockets(self, reason: str = "refresh_requested") -> None:
        """Asks the app to connect anew, as Slack does every few hours."""
        await self._sockets.refresh(reason)

    def no_more_trouble(self) -> None:
        self._troubles.clear()
        self.redeliver_events(0)
        self.release_events()

    async def reset(self) -> bool:
        """Back to the first morning, the product's data too. False, and nothing done, when it lent no `reset`."""
        product = self._travel.product
        if product is None or product.reset is None:
            return False
        await product.reset()
        self.workspace.reset()
        self._views.forget()
        self._core.messenger.forget()
        self.changes.announce()
        return True

    # ---- files --------------------------------------------------------------------------------------------

    async def _receive_upload(self, request: web.Request) -> web.Response:
        return await files.receive_upload(self._core, request)

    async def _download(self, request: web.Request) -> web.Response:
        found = files.download(self._core, request.match_info["file_id"])
        if found is None:
            return web.Response(status=404, text="file_not_found")
        name, content = found
        # A picture of the kinds that cannot carry a script is shown; everything else is only ever saved.
        kind = picture_type(name)
        headers = {
            "Content-Disposition": f"{'inline' if kind else 'attachment'}; filename*=UTF-8''{quote(name, safe='')}",
            "X-Content-Type-Options": "nosniff",
        }
        return web.Response(body=content, headers=headers, content_type=kind or "application/octet-stream")
