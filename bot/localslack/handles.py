"""What a test holds in its hand: a channel, a message, a view, as a person sees them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.localslack.block_kit import elements_of
from bot.localslack.forms import VALUE_FIELDS
from bot.localslack.interactions import Where
from bot.localslack.json_types import Json
from bot.localslack.model import Conversation, Message
from bot.localslack.payloads import view_object
from bot.localslack.slack_objects import message_object
from bot.localslack.views import View
from bot.localslack.visible_text import blocks_text, message_text, mrkdwn, text_of
from bot.localslack.workspace import Workspace


class Element:
    """One button, menu or field, under the names by which a person would point at it."""

    def __init__(self, block: Json, element: Json) -> None:
        self.block_id: str = block["block_id"]
        self.action_id: str = element.get("action_id", "")
        self.raw = element
        self.type: str = element["type"]
        self._block = block

    @property
    def label(self) -> str:
        """A button's text, an input's label, else a menu's placeholder."""
        for holder in (self.raw.get("text"), self._block.get("label"), self.raw.get("placeholder")):
            if isinstance(holder, dict):
                return str(holder.get("text", ""))
        return ""

    @property
    def names(self) -> list[str]:
        feedback = [
            self.raw[name]["text"]["text"] for name in ("positive_button", "negative_button") if name in self.raw
        ]
        section = self._block.get("text") if self._block.get("accessory") is self.raw else None
        beside = [str(section.get("text", ""))] if isinstance(section, dict) else []
        return [name for name in (self.label, self.action_id, self.block_id, *feedback, *beside) if name]

    @property
    def options(self) -> list[Json]:
        groups = self.raw.get("option_groups", [])
        return [*self.raw.get("options", []), *(option for group in groups for option in group["options"])]


class Surface:
    """Something with blocks that can be acted on: a message or a view."""

    where: Where
    blocks: list[Json]

    def elements(self, user_id: str | None = None) -> Iterator[Element]:
        """What can be used here, in reading order; for a person, without what is hidden from them."""
        for block, element in elements_of(self.blocks):
            visible_to = element.get("visible_to_user_ids")
            hidden = user_id is not None and visible_to is not None and user_id not in visible_to
            if element.get("type") != "image" and not hidden:
                yield Element(block, element)

    @property
    def buttons(self) -> list[str]:
        """The texts of the buttons, in reading order."""
        return [element.label for element in self.elements() if element.type == "button"]

    def find(self, name: str, user_id: str | None = None) -> Element:
        """The element with this label, action_id or block_id. Raises LookupError that lists what there is."""
        every = list(self.elements(user_id))
        found = [element for element in every if name in element.names]
        if len(found) == 1 or (found and len({element.action_id for element in found}) == 1):
            return found[0]
        listed = ", ".join(f"{element.label or element.type!r} ({element.action_id})" for element in every) or "nothing"
        problem = "is there several times" if found else "is not there"
        raise LookupError(f"{name!r} {problem}; to be used here: {listed}")


class MessageHandle(Surface):
    """A message, always as it is now."""

    def __init__(self, workspace: Workspace, message: Message) -> None:
        self._workspace = workspace
        self._message = message
        self.channel_id = message.channel
        self.ts = message.ts
        self.where = Where(channel=message.channel, ts=message.ts)

    @property
    def _now(self) -> Message:
        stored = self._workspace.messages[self.channel_id].get(self.ts)
        return stored or self._workspace.ephemerals[self.channel_id].get(self.ts) or self._message

    @property
    def exists(self) -> bool:
        """False once it was deleted."""
        return any(
            self.ts in place[self.channel_id] for place in (self._workspace.messages, self._workspace.ephemerals)
        )

    @property
    def blocks(self) -> list[Json]:  # type: ignore[override]
        return self._now.blocks

    @property
    def text(self) -> str:
        """Every word a person reads: that of the blocks when there are any, markup and labels of buttons aside."""
        now = self._now
        words = message_text(now.text, now.blocks, now.attachments, self._workspace.name_of)
        return "\n".join([words, *(str(file["title"]) for file in now.files)]).strip()

    @property
    def notification(self) -> str:
        """The message's `text`: what a notification and a screen reader say when there are blocks."""
        return mrkdwn(self._now.text, self._workspace.name_of)

    @property
    def raw(self) -> Json:
        """The message as Slack would return it, metadata included."""
        return message_object(self._workspace, self._now, include_metadata=True)

    @property
    def by_app(self) -> bool:
        return self._now.from_app

    @property
    def ephemeral(self) -> bool:
        return self._now.audience is not None

    @property
    def thread(self) -> list[MessageHandle]:
        """The replies, oldest first."""
        replies = self._workspace.replies(self.channel_id, self.ts)
        return [MessageHandle(self._workspace, reply) for reply in replies]

    @property
    def reactions(self) -> list[str]:
        return list(self._now.reactions)

    def __repr__(self) -> str:
        return f"<message {self.ts}: {self.text[:60]!r}>"


class ViewHandle(Surface):
    """A modal or a home tab, always as it is now."""

    def __init__(self, workspace: Workspace, view: View) -> None:
        self._workspace = workspace
        self.view = view
        self.id = view.id
        self.where = Where(view=view.id)

    @property
    def blocks(self) -> list[Json]:  # type: ignore[override]
        return self.view.blocks

    @property
    def title(self) -> str:
        return text_of(self.view.title, self._workspace.name_of)

    @property
    def text(self) -> str:
        """Every word a person reads, the title first; labels of buttons aside."""
        return f"{self.title}\n{blocks_text(self.view.blocks, self._workspace.name_of)}".strip()

    @property
    def fields(self) -> dict[str, Any]:
        """What the form holds now, by label (or action_id where there is none)."""
        shown = {}
        for element in self.elements():
            if element.type in VALUE_FIELDS:
                entry = self.view.state[element.block_id][element.action_id]
                shown[element.label or element.action_id] = entry[VALUE_FIELDS[element.type][0]]
        return shown

    @property
    def raw(self) -> Json:
        return view_object(self.view)

    def __repr__(self) -> str:
        return f"<{self.view.type} {self.title!r}>"


class ChannelHandle:
    """A channel with everything that stands in it; a person's own view of it is `Person.sees`."""

    def __init__(self, workspace: Workspace, conversation: Conversation) -> None:
        self._workspace = workspace
        self.id = conversation.id
        self.name = conversation.name

    @property
    def messages(self) -> list[MessageHandle]:
        """What stands in the channel itself, oldest first: no replies, nothing ephemeral."""
        return [MessageHandle(self._workspace, message) for message in self._workspace.in_channel(self.id)]

    @property
    def last(self) -> MessageHandle:
        """The newest message in the channel itself. Raises LookupError when it is empty."""
        messages = self.messages
        if not messages:
            raise LookupError(f"#{self.name} is empty")
        return messages[-1]

    def by_app(self) -> list[MessageHandle]:
        """What the app said here, in threads too, oldest first."""
        every = self._workspace.messages[self.id].values()
        return [MessageHandle(self._workspace, message) for message in every if message.from_app]

    def thread(self, ts: str) -> list[MessageHandle]:
        """The root with this ts and its replies, oldest first."""
        root = self._workspace.message(self.id, ts)
        if root is None:
            raise LookupError(f"#{self.name} has no message {ts}")
        return [MessageHandle(self._workspace, each) for each in [root, *self._workspace.replies(self.id, ts)]]
