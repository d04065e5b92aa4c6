"""The page's API: GET and POST /ui/*. Every answer is 200 with `ok`; a refusal carries a Korean sentence."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

from bot.localslack.about import about
from bot.localslack.interactions import Interactions, Where
from bot.localslack.json_types import Json
from bot.localslack.member_acts import MemberActs
from bot.localslack.model import Refused
from bot.localslack.ui_body import Body, read_body
from bot.localslack.ui_control import Control
from bot.localslack.ui_state import UiState
from bot.localslack.wire_log import WireLog

PAGE = Path(__file__).parent / "page"
_HEARTBEAT = 15.0
_logger = logging.getLogger(__name__)

Act = Callable[[Body], Awaitable[Json]]


class Ui:
    """Routes of the page and of its API."""

    def __init__(
        self, state: UiState, acts: MemberActs, interactions: Interactions, control: Control, log: WireLog
    ) -> None:
        self._state = state
        self._acts = acts
        self._interactions = interactions
        self._control = control
        self._log = log
        self._tasks: set[asyncio.Task[object]] = set()
        self._closing = False

    def add_routes(self, app: web.Application) -> None:
        app.router.add_get("/", self._page)
        app.router.add_get("/archives/{channel}/{message}", self._page)
        if PAGE.is_dir():
            app.router.add_static("/static/", PAGE)
        app.router.add_get("/ui/events", self._events)
        app.router.add_get("/ui/state", self._answering(self._get_state))
        app.router.add_get("/ui/messages", self._answering(self._get_messages))
        app.router.add_get("/ui/log", self._answering(self._get_log))
        app.router.add_get("/ui/about", self._answering(self._get_about))
        for name, act in self._posts().items():
            app.router.add_post(f"/ui/{name}", self._posting(act))

    def _posts(self) -> dict[str, Act]:
        return {
            "say": self._say,
            "command": self._command,
            "action": self._action,
            "suggest": self._suggest,
            "submit": self._submit,
            "close": self._close,
            "home": self._home,
            "read": self._read,
            "shortcut": self._shortcut,
            "react": self._react,
            "stop": self._stop,
            "channel": self._channel,
            "join": self._join,
            "leave": self._leave,
            "invite": self._invite,
            "person": self._person,
            "clock": self._control.clock,
            "trouble": self._control.trouble,
            "reset": self._control.reset,
        }

    async def stop(self) -> None:
        """Ends the open event streams and what still waits for a command's outcome."""
        self._closing = True
        self._log.changes.announce()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # ---- reading ------------------------------------------------------------------------------------------

    async def _page(self, _request: web.Request) -> web.StreamResponse:
        index = PAGE / "index.html"
        if not index.is_file():
            return web.Response(status=404, text="bot/localslack/page/index.html 이 없습니다.")
        return web.FileResponse(index)

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """Server-Sent Events that only say "changed", so that a window can never be out of step."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        version = -1
        while not self._closing:
            try:
                async with asyncio.timeout(_HEARTBEAT):
                    version = await self._log.changes.after(version)
                await response.write(f"data: {json.dumps({'version': version})}\n\n".encode())
            except TimeoutError:
                await response.write(b": still here\n\n")
            except ConnectionError:
                break
        return response

    async def _get_state(self, request: web.Request) -> Json:
        return await self._state.state(request.query.get("as", ""))

    async def _get_messages(self, request: web.Request) -> Json:
        query = Body(dict(request.query))
        return {"messages": self._state.messages(query.text("as"), query.text("channel"), query.maybe("thread"))}

    async def _get_log(self, request: web.Request) -> Json:
        try:
            after, limit = int(request.query.get("after", "0")), int(request.query.get("limit", "200"))
        except ValueError as error:
            raise Refused("invalid_arguments", "after와 limit은 정수여야 합니다.") from error
        return {"lines": [line.as_json() for line in self._log.after(after, max(1, min(limit, 500)))]}

    async def _get_about(self, _request: web.Request) -> Json:
        return about(self._control.manifest_text)

    # ---- doing --------------------------------------------------------------------------------------------

    async def _say(self, body: Body) -> Json:
        message = self._acts.say(
            body.text("as"),
            body.text("channel"),
            body.text("text"),
            body.maybe("thread_ts"),
            body.flag("thread_broadcast"),
        )
        return {"ts": message.ts}

    async def _command(self, body: Body) -> Json:
        """Answers at once; what comes of the command arrives as a message, a modal or a notice."""
        work = self._interactions.command(
            body.text("as"),
            body.text("channel"),
            body.text("command"),
            body.text("text", ""),
            body.maybe("thread_ts"),
        )
        task = asyncio.ensure_future(work)
        # What the window itself refuses is known within one step, before anything is sent.
        await asyncio.sleep(0)
        if task.done():
            task.result()
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return {}

    async def _action(self, body: Body) -> Json:
        outcome = await self._interactions.press(
            body.text("as"),
            _where(body),
            body.text("block_id"),
            body.text("action_id"),
            body.object("value"),
            body.values,
        )
        return {"handled": outcome.error is None}

    async def _suggest(self, body: Body) -> Json:
        return await self._interactions.suggest(
            body.text("as"), _where(body), body.text("block_id"), body.text("action_id"), body.text("value", "")
        )

    async def _submit(self, body: Body) -> Json:
        errors = await self._interactions.submit(body.text("as"), body.text("view"), body.values)
        if errors:
            return {"ok": False, "error": "errors", "message": "입력한 내용을 확인해 주세요.", "errors": errors}
        return {}

    async def _close(self, body: Body) -> Json:
        await self._interactions.close(body.text("as"), body.text("view"), body.flag("clear"))
        return {}

    async def _home(self, body: Body) -> Json:
        self._acts.open_app(body.text("as"), body.text("tab"))
        return {}

    async def _read(self, body: Body) -> Json:
        self._acts.read(body.text("as"), body.text("channel"))
        return {}

    async def _shortcut(self, body: Body) -> Json:
        outcome = await self._interactions.shortcut(
            body.text("as"), body.text("callback_id"), body.maybe("channel"), body.maybe("ts")
        )
        return {"handled": outcome.error is None}

    async def _react(self, body: Body) -> Json:
        self._acts.react(body.text("as"), body.text("channel"), body.text("ts"), body.text("name"), body.flag("remove"))
        return {}

    async def _stop(self, body: Body) -> Json:
        self._acts.stop(body.text("as"), body.text("channel"), body.text("ts"))
        return {}

    async def _channel(self, body: Body) -> Json:
        created = self._acts.create_channel(body.text("as"), body.text("name"), body.flag("private"))
        return {"channel": created.id}

    async def _join(self, body: Body) -> Json:
        self._acts.join(body.text("as"), body.text("channel"))
        return {}

    async def _leave(self, body: Body) -> Json:
        self._acts.leave(body.text("as"), body.text("channel"))
        return {}

    async def _invite(self, body: Body) -> Json:
        self._acts.invite(body.text("as"), body.text("channel"), body.text("user"))
        return {}

    async def _person(self, body: Body) -> Json:
        person = self._acts.create_person(
            body.text("name"),
            body.text("real_name", body.text("name")),
            body.text("title", ""),
            body.text("locale", "ko-KR"),
            body.text("tz", "Asia/Seoul"),
        )
        return {"user": person.id}

    # ---- the shape of every answer ------------------------------------------------------------------------

    def _answering(self, get: Callable[[web.Request], Awaitable[Json]]) -> Callable[..., Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            try:
                return _json({"ok": True, **await get(request)})
            except Refused as refused:
                return _json({"ok": False, "error": refused.code, "message": refused.message})
            except Exception:
                # The page shows a sentence and goes on; the fault is ours, and its trace belongs into our log.
                _logger.exception("%s failed inside the local workspace", request.path)
                return _json(
                    {"ok": False, "error": "internal_error", "message": "워크스페이스 안에서 오류가 났습니다."}
                )

        return handle

    def _posting(self, act: Act) -> Callable[..., Awaitable[web.Response]]:
        async def run(request: web.Request) -> Json:
            return await act(await read_body(request))

        return self._answering(run)


def _json(answer: Json) -> web.Response:
    return web.json_response(answer, dumps=lambda value: json.dumps(value, ensure_ascii=False))


def _where(body: Body) -> Where:
    where = Body(body.object("where"))
    return Where(channel=where.maybe("channel"), ts=where.maybe("ts"), view=where.maybe("view"))
