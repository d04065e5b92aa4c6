"""Modals and home tabs: one stack of modals and one home view for each person."""

from __future__ import annotations

import secrets
from collections import defaultdict
from copy import deepcopy
from typing import Any

from msgspec import Struct, field

from bot.localslack.block_kit import elements_of
from bot.localslack.forms import initial_state, merged_state
from bot.localslack.ids import short_id
from bot.localslack.json_types import Json
from bot.localslack.model import as_record
from bot.localslack.workspace import Workspace

STACK_LIMIT = 3


class ViewError(Exception):
    """`code` is Slack's: push_limit_reached, hash_conflict, not_found, duplicate_external_id."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class View(Struct):
    """A modal or a home tab. `state` is what Slack would send as `state.values`."""

    id: str
    user: str
    type: str
    blocks: list[Json]
    hash: str
    root_view_id: str
    previous_view_id: str | None = None
    title: Json | None = None
    submit: Json | None = None
    close: Json | None = None
    private_metadata: str = ""
    callback_id: str = ""
    external_id: str = ""
    clear_on_close: bool = False
    notify_on_close: bool = False
    state: dict[str, dict[str, Json]] = field(default_factory=dict)


def fill_ids(blocks: list[Json]) -> list[Json]:
    """A copy of the blocks in which every block has a block_id and every element that acts an action_id."""
    filled = deepcopy(blocks)
    _fill_block_ids(filled)
    for _, element in elements_of(filled):
        if element.get("type") != "image":
            element.setdefault("action_id", short_id())
    return filled


def _fill_block_ids(blocks: list[Json]) -> None:
    for block in blocks:
        block.setdefault("block_id", short_id())
        nested = block.get("child_blocks") or (block.get("elements") if block.get("type") == "carousel" else None)
        if nested:
            _fill_block_ids(nested)


class Views:
    """Opens, stacks, replaces and closes views. Home tabs are kept; modals go with the process."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._stacks: defaultdict[str, list[View]] = defaultdict(list)
        self._homes = {key: View(**record) for key, record in workspace.store.load("home").items()}

    def stack(self, user_id: str) -> list[View]:
        """The person's modals, the top one last."""
        return list(self._stacks[user_id])

    def home(self, user_id: str) -> View | None:
        return self._homes.get(user_id)

    def find(self, view_id: str) -> View | None:
        return next((view for view in self._every() if view.id == view_id), None)

    def find_external(self, external_id: str) -> View | None:
        return next((view for view in self._every() if external_id and view.external_id == external_id), None)

    def open(self, user_id: str, content: Json) -> View:
        """Puts a modal on top of the person's stack. Raises ViewError."""
        stack = self._stacks[user_id]
        if len(stack) >= STACK_LIMIT:
            raise ViewError("push_limit_reached")
        self._refuse_duplicate(content, None)
        view_id = self._workspace.ids.next("V")
        view = View(view_id, user_id, "modal", [], "", root_view_id=stack[0].id if stack else view_id)
        view.previous_view_id = stack[-1].id if stack else None
        self._fill(view, content, typed={})
        stack.append(view)
        self._workspace.changes.announce()
        return view

    def update(self, view: View, content: Json, expected_hash: str | None) -> View:
        """Replaces a view's content; what was typed stays where block_id and action_id do. Raises ViewError."""
        if expected_hash is not None and expected_hash != view.hash:
            raise ViewError("hash_conflict")
        self._refuse_duplicate(content, view)
        self._fill(view, content, typed=view.state)
        if view.type == "home":
            self._keep_home(view)
        self._workspace.changes.announce()
        return view

    def publish(self, user_id: str, content: Json, expected_hash: str | None) -> View:
        """Sets the person's home tab. Raises ViewError."""
        known = self._homes.get(user_id)
        if known is not None:
            return self.update(known, content, expected_hash)
        self._refuse_duplicate(content, None)
        view_id = self._workspace.ids.next("V")
        view = View(view_id, user_id, "home", [], "", root_view_id=view_id)
        self._fill(view, content, typed={})
        self._homes[user_id] = view
        self._keep_home(view)
        self._workspace.changes.announce()
        return view

    def close(self, view: View) -> None:
        """Takes one modal off the stack."""
        stack = self._stacks[view.user]
        if view in stack:
            stack.remove(view)
            self._workspace.changes.announce()

    def clear(self, user_id: str) -> None:
        """Closes all of the person's modals."""
        self._stacks[user_id].clear()
        self._workspace.changes.announce()

    def remember(self, view: View, typed: Any) -> None:
        """Takes over what the person has typed into the view so far."""
        view.state = merged_state(view.blocks, typed)

    def forget(self) -> None:
        self._stacks.clear()
        self._homes.clear()

    def _every(self) -> list[View]:
        return [*self._homes.values(), *(view for stack in self._stacks.values() for view in stack)]

    def _refuse_duplicate(self, content: Json, own: View | None) -> None:
        holder = self.find_external(content.get("external_id", ""))
        if holder is not None and holder is not own:
            raise ViewError("duplicate_external_id")

    def _fill(self, view: View, content: Json, typed: dict[str, dict[str, Json]]) -> None:
        view.blocks = fill_ids(content["blocks"])
        for name in ("title", "submit", "close"):
            setattr(view, name, content.get(name))
        for name in ("private_metadata", "callback_id", "external_id"):
            setattr(view, name, content.get(name, ""))
        for name in ("clear_on_close", "notify_on_close"):
            setattr(view, name, content.get(name, False))
        view.state = merged_state(view.blocks, typed) if typed else initial_state(view.blocks)
        view.hash = f"{int(self._workspace.clock.now().timestamp())}.{secrets.token_hex(4)}"

    def _keep_home(self, view: View) -> None:
        self._workspace.store.put("home", view.user, as_record(view))
