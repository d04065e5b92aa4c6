"""One call of a Web API method: its arguments, read strictly, and what it may touch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from bot.localslack.block_kit import Problems, slack_messages
from bot.localslack.ids import BOT_USER_ID
from bot.localslack.json_types import Json
from bot.localslack.messenger import Messenger
from bot.localslack.model import Conversation, Message
from bot.localslack.socket_mode import SocketMode
from bot.localslack.streams import Streams
from bot.localslack.triggers import Triggers
from bot.localslack.views import Views
from bot.localslack.wire_log import WireLog
from bot.localslack.workspace import Workspace

_TRUE = frozenset({"1", "true", "True", "yes"})


class SlackError(Exception):
    """An answer `{"ok": false, "error": code, …}`."""

    def __init__(self, code: str, messages: list[str] | None = None, **fields: Any) -> None:
        super().__init__(code)
        self.code = code
        self.fields = fields
        if messages is not None:
            self.fields["response_metadata"] = {"messages": [f"[ERROR] {message}" for message in messages]}


def invalid_arguments(*messages: str) -> SlackError:
    return SlackError("invalid_arguments", list(messages))


def refused_blocks(problems: Problems, code: str = "invalid_blocks") -> SlackError:
    """Slack's answer to blocks that break a rule; a view's problems come as invalid_arguments without `errors`."""
    messages = slack_messages(problems)
    fields = {"errors": messages} if code == "invalid_blocks" else {}
    return SlackError(code, messages, **fields)


class Core(Struct, frozen=True):
    """The parts of the workspace that methods work on."""

    workspace: Workspace
    messenger: Messenger
    views: Views
    streams: Streams
    triggers: Triggers
    sockets: SocketMode
    log: WireLog
    base_url: Callable[[], str]


class Call(Struct, frozen=True):
    """Arguments and surroundings of one call."""

    core: Core
    method: str
    arguments: Json
    scopes: frozenset[str]

    @property
    def workspace(self) -> Workspace:
        return self.core.workspace

    # ---- arguments ----------------------------------------------------------------------------------------

    def required(self, name: str) -> str:
        """A text argument that must be there. Raises SlackError invalid_arguments."""
        value = self.text(name)
        if not value:
            raise invalid_arguments(f"missing required field: {name}")
        return value

    def text(self, name: str) -> str | None:
        value = self.arguments.get(name)
        if value is None:
            return None
        if isinstance(value, dict | list):
            raise invalid_arguments(f"must be a string [json-pointer:/{name}]")
        return str(value)

    def flag(self, name: str) -> bool:
        value = self.arguments.get(name, False)
        return value if isinstance(value, bool) else str(value) in _TRUE

    def integer(self, name: str, default: int | None = None) -> int:
        value: Any = self.arguments.get(name, default)
        try:
            return int(value)
        except (TypeError, ValueError) as error:
            raise invalid_arguments(f"must be an integer [json-pointer:/{name}]") from error

    def timestamp(self, name: str, error: str) -> float | None:
        """A message time such as `1795414482.000100`, or None. Raises SlackError with `error`."""
        value = self.text(name)
        if value is None:
            return None
        try:
            return float(value)
        except ValueError as problem:
            raise SlackError(error) from problem

    def limit(self, default: int = 100, most: int = 999) -> int:
        value = self.integer("limit", default)
        if value < 0 or value > most + 1:
            raise SlackError("invalid_limit")
        return min(value or default, most)

    # ---- places -------------------------------------------------------------------------------------------

    def need_scope(self, scope: str) -> None:
        """Raises SlackError missing_scope, with what is needed and what was granted."""
        if scope not in self.scopes:
            raise missing_scope(scope, self.scopes)

    def conversation(self, argument: str = "channel") -> Conversation:
        """A conversation that the bot may know of: public, or with the bot in it. Raises channel_not_found."""
        found = self.workspace.conversation(self.required(argument))
        if found is None or (found.kind != "channel" and not self.workspace.bot_in(found)):
            raise SlackError("channel_not_found")
        return found

    def joined_conversation(self, argument: str = "channel") -> Conversation:
        """Like `conversation`, and the bot must be a member. Raises not_in_channel."""
        found = self.conversation(argument)
        if not self.workspace.bot_in(found):
            raise SlackError("not_in_channel")
        return found

    def message(self, conversation: Conversation, argument: str = "ts") -> Message:
        """A message that is not ephemeral. Raises message_not_found."""
        found = self.workspace.message(conversation.id, self.required(argument))
        if found is None:
            raise SlackError("message_not_found")
        return found

    def own_message(self, conversation: Conversation, error: str) -> Message:
        """A message of the app itself. Raises message_not_found, or `error` for somebody else's."""
        found = self.message(conversation)
        if found.user != BOT_USER_ID:
            raise SlackError(error)
        return found


def missing_scope(needed: str, granted: frozenset[str]) -> SlackError:
    return SlackError("missing_scope", needed=needed, provided=",".join(sorted(granted)))


def page_of(items: list[Any], offset: int, limit: int) -> tuple[list[Any], str]:
    """One page and the cursor of the next one ("" at the end)."""
    following = offset + limit
    return items[offset:following], f"next:{following}" if following < len(items) else ""


def offset_of(call: Call) -> int:
    """Where a cursor continues. Raises invalid_cursor."""
    cursor = call.text("cursor") or "next:0"
    head, _, number = cursor.partition(":")
    if head != "next" or not number.isdigit():
        raise SlackError("invalid_cursor")
    return int(number)
