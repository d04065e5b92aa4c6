"""How every listener is bound: acknowledged first, given what it needs, and its failures told to the person.

A listener has no one to raise to: whoever waited for it has its acknowledgement.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from functools import partial
from typing import Any, TypeVar

from msgspec import Struct
from slack_bolt.async_app import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError

from bot.logs import about
from bot.nudges.delivery import NO_PREVIEWS, Message
from bot.workspaces.people import IsOutsider, Standing
from handlers.blocks.modals import notice_modal
from handlers.blocks.parts import section
from handlers.deps import Deps, Visit, visit_of
from handlers.errors import tell_failure
from handlers.inbox import IN_A_MOMENT, Keep, is_addressed, taken_of
from handlers.routes import Kind, Routes
from handlers.showing import tell_text
from handlers.slack_errors import Family, family_of
from handlers.values import Pointer, StaleButton
from handlers.worker import Busy, BusyButKept, Worker
from storage.inbox import Taken


class Press(Struct, frozen=True):
    """Somebody used a button or a menu."""

    visit: Visit
    body: dict[str, Any]
    action: dict[str, Any]
    respond: AsyncRespond

    @property
    def trigger_id(self) -> str:
        return str(self.body["trigger_id"])

    @property
    def pointer(self) -> Pointer:
        """What the button points at. Raises StaleButton."""
        return Pointer.parse(self.action.get("value"))

    @property
    def thread_ts(self) -> str | None:
        return (self.body.get("container") or {}).get("thread_ts")

    @property
    def is_in_view(self) -> bool:
        """Whether the button stands in a modal or on App Home."""
        return "view" in self.body

    @property
    def is_in_modal(self) -> bool:
        return (self.body.get("view") or {}).get("type") == "modal"

    async def show(self, view: dict[str, Any], *, anew: Callable[[], Awaitable[dict[str, Any]]] | None = None) -> None:
        """Opens a modal; from a modal, in its place.

        When the modal has changed since the press, as after two quick ones, `anew` builds the view once more, from
        what is stored by then; without it what we have is shown. A modal that was closed since stays closed.
        """
        client = self.visit.client
        if not self.is_in_modal:
            await client.views_open(trigger_id=self.trigger_id, view=view)
            return
        here = self.body["view"]
        try:
            await client.views_update(view_id=here["id"], hash=here["hash"], view=view)
        except SlackApiError as error:
            family = family_of(error)
            if family is Family.VIEW_CHANGED:
                await client.views_update(view_id=here["id"], view=await anew() if anew else view)
            elif family is not Family.VIEW_CLOSED:
                raise

    async def replace(self, message: Message) -> None:
        """Puts the message in the place of the one that was pressed, an ephemeral one too.

        Raises StaleButton when none was: a button of messages was named in a view.
        """
        await self._of_message()(text=message.text, blocks=message.blocks, replace_original=True, **NO_PREVIEWS)

    async def delete(self) -> None:
        """Takes the message that was pressed away. Raises StaleButton when none was."""
        await self._of_message()(delete_original=True)

    def _of_message(self) -> AsyncRespond:
        if not self.respond.response_url:
            raise StaleButton
        return self.respond


class Call(Struct, frozen=True):
    """Somebody typed a slash command."""

    visit: Visit
    command: str
    text: str
    trigger_id: str
    ack: AsyncAck
    respond: AsyncRespond

    async def say(self, message: Message) -> None:
        """Only the one who typed the command sees it. What is said in time goes with the acknowledgement."""
        if self.ack.response is None:
            self.ack.response = BoltResponse(status=200, body=message.as_answer)
        else:
            await self.respond(text=message.text, blocks=message.blocks, **NO_PREVIEWS)

    async def say_text(self, text: str) -> None:
        await self.say(Message(text=text, blocks=[section(text)]))


class Shortcut(Struct, frozen=True):
    """Somebody ran a shortcut: of a message, or of the whole workspace, where no channel is known."""

    visit: Visit
    body: dict[str, Any]
    respond: AsyncRespond
    bot_user_id: str | None

    @property
    def trigger_id(self) -> str:
        return str(self.body["trigger_id"])

    async def say(self, message: Message, *, thread_ts: str | None = None) -> None:
        """Only the one who ran it sees it, also in a channel that we are not in."""
        await self.respond(text=message.text, blocks=message.blocks, thread_ts=thread_ts, **NO_PREVIEWS)


class Happened(Struct, frozen=True):
    """Slack tells us of an event."""

    visit: Visit
    event: dict[str, Any]
    bot_user_id: str | None
    taken: Taken | None = None
    """its row in the inbox"""


class Submission(Struct, frozen=True):
    """Somebody submitted a modal."""

    visit: Visit
    view: dict[str, Any]
    ack: AsyncAck

    @property
    def pointer(self) -> Pointer:
        """What the modal was opened for. Raises StaleButton."""
        return Pointer.parse(self.view.get("private_metadata"))

    async def say_instead(self, sentence: str) -> None:
        """Puts a sentence into the window, while it still waits for our answer; afterwards tells it beside."""
        if self.ack.response is None:
            title = str((self.view.get("title") or {}).get("text") or " ")
            await self.ack(response_action="update", view=notice_modal(title, sentence, self.visit.say))
        else:
            await tell_text(self.visit, sentence)

    @property
    def values(self) -> dict[str, Any]:
        values = (self.view.get("state") or {}).get("values")
        if not isinstance(values, dict):
            raise StaleButton
        return values


def on_press(routes: Routes, action_id: str, handler: Callable[[Press], Awaitable[None]], deps: Deps) -> None:
    """`action_id` also matches the ids that go on after a colon, as buttons of the same kind side by side have."""

    async def listener(req: AsyncBoltRequest) -> None:
        body, context = req.body, req.context
        await context.ack()
        visit = await visit_of(body, context, deps)
        press = Press(visit, body, body["actions"][0], _respond_of(context))
        await _worked(handler, press, deps.acts, respond=press.respond, thread_ts=press.thread_ts)

    routes.add(Kind.PRESS, action_id, listener)


def on_command(
    routes: Routes,
    commands: Collection[str],
    handler: Callable[[Call], Awaitable[None]],
    deps: Deps,
    *,
    is_question: Callable[[str], bool],
) -> None:
    """`is_question` tells by the text of the command. Questions may wait; there is a place for them where they do."""

    async def listener(req: AsyncBoltRequest) -> None:
        body, context, ack = req.body, req.context, req.context.ack
        text, taken = body.get("text") or "", taken_of(context)
        asks = is_question(text)
        keep = partial(deps.inbox.keep, body, context) if asks and taken is None else None
        with deps.inbox.working_on(taken, keep=keep):
            if taken is not None:
                await ack()  # nobody waits for it any more: what is said must not go with it
            visit = await visit_of(body, context, deps)
            call = Call(visit, body["command"], text, body["trigger_id"], ack, _respond_of(context))
            await _worked(
                handler,
                call,
                deps.questions if asks else deps.acts,
                window=call.say_text,
                taken=taken,
                keep=keep,
            )
            if ack.response is None:
                await ack()

    for command in commands:
        routes.add(Kind.COMMAND, command, listener)


def on_shortcut(routes: Routes, callback_id: str, handler: Callable[[Shortcut], Awaitable[None]], deps: Deps) -> None:
    async def listener(req: AsyncBoltRequest) -> None:
        body, context = req.body, req.context
        await context.ack()
        visit = await visit_of(body, context, deps)
        shortcut = Shortcut(visit, body, _respond_of(context), context.bot_user_id)
        await _worked(handler, shortcut, deps.acts, respond=shortcut.respond)

    routes.add(Kind.SHORTCUT, callback_id, listener)


def on_event(
    routes: Routes, kind: str, handler: Callable[[Happened], Awaitable[None]], deps: Deps, *, is_question: bool = False
) -> None:
    """An event that was handled is marked so, also when that failed for good: nobody is answered twice."""

    async def listener(req: AsyncBoltRequest) -> None:
        body, context = req.body, req.context
        event, taken = body["event"], taken_of(context)
        with deps.inbox.working_on(taken):
            visit = await visit_of(body, context, deps, channel_id=event.get("channel"))
            happened = Happened(visit, event, context.bot_user_id, taken)
            lane = deps.questions if is_question else deps.acts
            await _worked(handler, happened, lane, thread_ts=event.get("thread_ts"), taken=taken)

    routes.add(Kind.EVENT, kind, listener)


def on_submission(routes: Routes, view_id: str, handler: Callable[[Submission], Awaitable[None]], deps: Deps) -> None:
    """The handler acknowledges: it knows whether the modal closes or says what is wrong."""

    async def listener(req: AsyncBoltRequest) -> None:
        body, view, ack = req.body, req.body["view"], req.context.ack
        visit = await visit_of(body, req.context, deps, channel_id=_channel_of(view))
        submission = Submission(visit, view, ack)
        await _worked(handler, submission, deps.acts, window=submission.say_instead)
        if ack.response is None:  # whatever happened, the window must not be left waiting
            await ack()

    routes.add(Kind.SUBMISSION, view_id, listener)


def _respond_of(context: AsyncBoltContext) -> AsyncRespond:
    respond = context.respond
    assert respond is not None, "Bolt makes one for every request"
    return respond


def _channel_of(view: dict[str, Any]) -> str | None:
    try:
        return Pointer.parse(view.get("private_metadata")).channel
    except StaleButton:
        return None


Visited = TypeVar("Visited", Press, Call, Shortcut, Happened, Submission)


async def _worked(
    handler: Callable[[Visited], Awaitable[None]],
    what: Visited,
    worker: Worker,
    *,
    respond: AsyncRespond | None = None,
    window: Callable[[str], Awaitable[object]] | None = None,
    thread_ts: str | None = None,
    taken: Taken | None = None,
    keep: Keep | None = None,
) -> None:
    """Somebody who does not belong to the workspace comes no further than here, unless they only talk.

    What is `taken` from the inbox is finished here, or put back where it may go well in a while. `keep` puts a command
    into the inbox for which there is no room now.
    """
    visit, event_id = what.visit, taken.id if taken else None
    with about(workspace=visit.workspace_id, channel=visit.channel_id, person=visit.user_id, event=event_id):
        error = await _tried(handler, what, worker)
        if isinstance(error, Busy) and keep is not None:
            await keep(IN_A_MOMENT)
            error = BusyButKept()
        elif taken is not None and error is not None and await visit.deps.inbox.put_aside(taken, error):
            error = BusyButKept() if isinstance(error, Busy) and _is_waited_for(what, taken) else None
        elif taken is not None:
            await visit.deps.inbox.finish(taken)
        if error is not None:
            await tell_failure(error, visit, respond=respond, window=window, thread_ts=thread_ts)


async def _tried(handler: Callable[[Visited], Awaitable[None]], what: Visited, worker: Worker) -> Exception | None:
    try:
        if what.visit.standing is Standing.OUTSIDER and not isinstance(what, Happened):
            raise IsOutsider
        await worker.do(partial(handler, what))
    except Exception as failed:
        return failed
    return None


def _is_waited_for(what: Visited, taken: Taken) -> bool:
    """Whether somebody who spoke to us has heard nothing yet."""
    is_first = taken.payload is None
    return is_first and isinstance(what, Happened) and is_addressed(what.event, what.bot_user_id)
