"""Acting as a person of the workspace, in a test."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from bot.localslack.forms import VALUE_FIELDS
from bot.localslack.handles import ChannelHandle, Element, MessageHandle, Surface, ViewHandle
from bot.localslack.ids import BOT_USER_ID
from bot.localslack.interactions import Interactions, Outcome
from bot.localslack.json_types import Json
from bot.localslack.member_acts import MemberActs
from bot.localslack.model import Member
from bot.localslack.views import Views
from bot.localslack.workspace import Workspace

Channel = str | ChannelHandle


class Unheard(AssertionError):
    """The app did not acknowledge what the person did. `code` is operation_timeout or dispatch_failed."""

    def __init__(self, what: str, code: str) -> None:
        super().__init__(f"{what}: {code}")
        self.code = code


class CommandOutcome(Struct, frozen=True):
    """What a slash command's acknowledgement showed: `message` is None when it said nothing.

    `error` is operation_timeout, dispatch_failed or invalid_command_response. What the app posts or opens later
    is found with `LocalSlack.until`.
    """

    message: MessageHandle | None
    error: str | None

    @property
    def text(self) -> str:
        return "" if self.message is None else self.message.text

    @property
    def ephemeral(self) -> bool:
        return self.message is not None and self.message.ephemeral


class Person:
    """One person at their window. Methods raise Refused where Slack's window would not offer the act."""

    def __init__(
        self, workspace: Workspace, views: Views, acts: MemberActs, interactions: Interactions, member: Member
    ) -> None:
        self._workspace = workspace
        self._views = views
        self._acts = acts
        self._interactions = interactions
        self.member = member
        self.id = member.id
        self.name = member.real_name

    # ---- writing ------------------------------------------------------------------------------------------

    async def says(self, channel: Channel, text: str, thread: MessageHandle | str | None = None) -> MessageHandle:
        """Writes into a channel (name or handle) or a thread (root message or its ts)."""
        message = self._acts.say(self.id, self._channel_id(channel), text, _ts(thread))
        return MessageHandle(self._workspace, message)

    async def mentions(self, channel: Channel, text: str, thread: MessageHandle | str | None = None) -> MessageHandle:
        """Writes with the app's name in front."""
        return await self.says(channel, f"<@{BOT_USER_ID}> {text}", thread)

    async def dm(self, text: str, thread: MessageHandle | str | None = None) -> MessageHandle:
        """Writes to the app directly."""
        message = self._acts.say(self.id, self._workspace.dm_of(self.id).id, text, _ts(thread))
        return MessageHandle(self._workspace, message)

    async def commands(self, channel: Channel, command: str, text: str = "") -> CommandOutcome:
        """Runs a slash command and waits for its acknowledgement."""
        outcome = await self._interactions.command(self.id, self._channel_id(channel), command, text)
        message = None if outcome.message is None else MessageHandle(self._workspace, outcome.message)
        return CommandOutcome(message, outcome.error)

    async def reacts(self, message: MessageHandle, name: str) -> None:
        self._acts.react(self.id, message.channel_id, message.ts, name)

    # ---- pressing and filling -----------------------------------------------------------------------------

    async def presses(self, name: str, target: Surface | None = None) -> None:
        """Presses a button, found by its text, action_id or block_id. Raises Unheard, or LookupError that lists
        what can be pressed. Without `target` it looks in the open modal, else in the home tab."""
        surface = self._surface(target)
        element = surface.find(name, self.id)
        value: Json = {}
        if element.type == "feedback_buttons":
            pressed = next(
                element.raw[each]
                for each in ("positive_button", "negative_button")
                if name in (element.raw[each]["text"]["text"], element.raw[each]["value"])
            )
            value = {"value": pressed["value"]}
        await self._use(surface, element, value)

    async def selects(self, name: str, choice: Any, target: Surface | None = None) -> None:
        """Uses a menu, picker, radio, checkbox or overflow: `choice` is an option's text or value, a person's or
        channel's name, a date or time as text, or a list of them."""
        surface = self._surface(target)
        element = surface.find(name, self.id)
        if element.type == "external_select" and isinstance(choice, str):
            await self._use(surface, element, {"selected_option": await self._suggested(surface, element, choice)})
            return
        await self._use(surface, element, self._value(element, choice))

    async def suggestions(self, name: str, typed: str, target: Surface | None = None) -> list[str]:
        """The texts that an external menu offers for what was typed."""
        surface = self._surface(target)
        return [option["text"]["text"] for option in await self._options(surface, surface.find(name, self.id), typed)]

    async def fills(self, view: ViewHandle | None, fields: Mapping[str, Any]) -> None:
        """Types into a form: {label, action_id or block_id: value}; None empties a field."""
        handle = view or self._modal()
        state = {block_id: dict(actions) for block_id, actions in handle.view.state.items()}
        for name, choice in fields.items():
            element = handle.find(name, self.id)
            if element.type == "external_select" and isinstance(choice, str):
                value: Json = {"selected_option": await self._suggested(handle, element, choice)}
            else:
                value = self._value(element, choice)
            state[element.block_id][element.action_id] = {"type": element.type, **value}
        self._views.remember(handle.view, state)

    async def submits(self, view: ViewHandle | None = None) -> dict[str, str] | None:
        """Submits the modal: None, or the sentences under its fields by label."""
        handle = view or self._modal()
        labels = {element.block_id: element.label for element in handle.elements()}
        errors = await self._interactions.submit(self.id, handle.id, handle.view.state)
        return None if errors is None else {labels.get(block_id, block_id): text for block_id, text in errors.items()}

    async def closes(self, view: ViewHandle | None = None, *, clear: bool = False) -> None:
        await self._interactions.close(self.id, (view or self._modal()).id, clear)

    async def runs_shortcut(self, name: str, message: MessageHandle | None = None) -> None:
        """Runs a shortcut by its name or callback_id, on a message if it is a message shortcut."""
        known = self._workspace.manifest.shortcuts
        found = next((each for each in known if name in (each.name, each.callback_id)), None)
        if found is None:
            raise LookupError(f"no shortcut {name!r}; there are: {', '.join(each.name for each in known) or 'none'}")
        place = (None, None) if message is None else (message.channel_id, message.ts)
        self._heard(name, await self._interactions.shortcut(self.id, found.callback_id, *place))

    # ---- moving around ------------------------------------------------------------------------------------

    async def opens_home(self) -> None:
        self._acts.open_app(self.id, "home")

    async def opens_messages(self) -> None:
        self._acts.open_app(self.id, "messages")

    async def joins(self, channel: Channel) -> None:
        self._acts.join(self.id, self._channel_id(channel))

    async def leaves(self, channel: Channel) -> None:
        self._acts.leave(self.id, self._channel_id(channel))

    async def invites(self, channel: Channel, who: Person | None = None) -> None:
        """Adds a person, or the app when nobody is named."""
        self._acts.invite(self.id, self._channel_id(channel), BOT_USER_ID if who is None else who.id)

    async def stops(self, message: MessageHandle) -> None:
        """Presses stop on what the app is writing, or at work on in the message's thread."""
        self._acts.stop(self.id, message.channel_id, message.ts)

    # ---- seeing -------------------------------------------------------------------------------------------

    def sees(self, channel: Channel, thread: MessageHandle | str | None = None) -> list[MessageHandle]:
        """The channel, or a thread, as this person sees it: with the messages only they see. Oldest first."""
        channel_id, thread_ts = self._channel_id(channel), _ts(thread)
        self._workspace.seen_by(self.id, channel_id)
        found = self._workspace.in_channel(channel_id)
        if thread_ts is not None:
            root = self._workspace.message(channel_id, thread_ts)
            found = ([root] if root else []) + self._workspace.replies(channel_id, thread_ts)
        found = found + self._workspace.ephemeral_for(self.id, channel_id, thread_ts)
        return [MessageHandle(self._workspace, each) for each in sorted(found, key=lambda each: float(each.ts))]

    @property
    def direct_messages(self) -> list[MessageHandle]:
        """Everything in the direct message with the app, threads included, oldest first."""
        dm = self._workspace.dm_of(self.id).id
        own = [each for each in self._workspace.ephemerals[dm].values() if each.audience == self.id]
        every = [*self._workspace.messages[dm].values(), *own]
        return [MessageHandle(self._workspace, each) for each in sorted(every, key=lambda each: float(each.ts))]

    @property
    def modal(self) -> ViewHandle | None:
        """The modal on top."""
        modals = self.modals
        return modals[-1] if modals else None

    @property
    def modals(self) -> list[ViewHandle]:
        return [ViewHandle(self._workspace, view) for view in self._views.stack(self.id)]

    @property
    def home(self) -> ViewHandle | None:
        view = self._views.home(self.id)
        return None if view is None else ViewHandle(self._workspace, view)

    @property
    def prompts(self) -> list[str]:
        """The titles of the prompts that the app pinned to its messages tab."""
        pinned = self._workspace.prompts.get(self._workspace.dm_of(self.id).id, {"prompts": []})
        return [prompt["title"] for prompt in pinned["prompts"]]

    @property
    def notices(self) -> list[str]:
        """What Slack told this person about failed commands and buttons, oldest first."""
        return [notice["message"] for notice in self._workspace.notices[self.id]]

    def __repr__(self) -> str:
        return f"<person {self.name}>"

    # ---- inside -------------------------------------------------------------------------------------------

    def _channel_id(self, channel: Channel) -> str:
        if isinstance(channel, ChannelHandle):
            return channel.id
        found = self._workspace.channel_named(channel) or self._workspace.conversation(channel)
        if found is None:
            raise LookupError(f"no channel {channel!r}")
        return found.id

    def _modal(self) -> ViewHandle:
        modal = self.modal
        if modal is None:
            raise LookupError(f"{self.name} has no modal open")
        return modal

    def _surface(self, target: Surface | None) -> Surface:
        surface = target or self.modal or self.home
        if surface is None:
            raise LookupError(f"{self.name} has neither a modal nor a home tab; name the message")
        return surface

    async def _use(self, surface: Surface, element: Element, value: Json) -> None:
        typed = surface.view.state if isinstance(surface, ViewHandle) else None
        outcome = await self._interactions.press(
            self.id, surface.where, element.block_id, element.action_id, value, typed
        )
        self._heard(element.label or element.action_id, outcome)

    def _heard(self, what: str, outcome: Outcome) -> None:
        if outcome.error is not None:
            raise Unheard(f"{self.name} used {what!r}", outcome.error)

    async def _options(self, surface: Surface, element: Element, typed: str) -> list[Json]:
        answer = await self._interactions.suggest(self.id, surface.where, element.block_id, element.action_id, typed)
        groups = answer.get("option_groups", [])
        return [*answer.get("options", []), *(option for group in groups for option in group["options"])]

    async def _suggested(self, surface: Surface, element: Element, choice: str) -> Json:
        return _option(await self._options(surface, element, choice), choice)

    def _value(self, element: Element, choice: Any) -> Json:
        """A choice in the words of the element: {"selected_date": …}, {"selected_options": […]}, …"""
        if element.type == "overflow":
            return {"selected_option": _option(element.options, choice)}
        field = VALUE_FIELDS[element.type][0]
        if choice is None:
            return {field: [] if field.endswith("s") else None}
        if field == "selected_option":
            return {field: _option(element.options, choice)}
        if field == "selected_options":
            return {field: [_option(element.options, each) for each in choice]}
        if isinstance(choice, list):
            return {field: [self._reference(each) for each in choice]}
        if field in {"selected_user", "selected_channel", "selected_conversation"}:
            return {field: self._reference(choice)}
        if isinstance(choice, datetime):
            return {field: int(choice.timestamp())}
        return {field: choice if field == "selected_date_time" else str(choice)}

    def _reference(self, name: str) -> str:
        """The id of a person or channel."""
        for member in self._workspace.members.values():
            if name in (member.id, member.name, member.real_name):
                return member.id
        return self._channel_id(name)


def _ts(thread: MessageHandle | str | None) -> str | None:
    return thread.ts if isinstance(thread, MessageHandle) else thread


def _option(options: list[Json], choice: Any) -> Json:
    """The option with this text or value. Raises LookupError that lists them."""
    for option in options:
        if choice in (option["text"]["text"], option["value"]):
            return option
    listed = ", ".join(repr(option["text"]["text"]) for option in options) or "nothing"
    raise LookupError(f"no option {choice!r}; there are: {listed}")
