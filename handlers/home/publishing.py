"""Publishes a person's App Home, unless they look at the same already.

What is shown, and a digest of it, travel in the view's own memory: Slack brings it back with every press on Home and
each time that Home is opened, to whichever process.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.contracts.desk import Actor
from bot.overview import Look, Overview, Scope, overview
from handlers.blocks.home import home_blocks
from handlers.blocks.home_of_workspace import workspace_blocks
from handlers.blocks.parts import Block, home
from handlers.deps import Visit


class _Memory(BaseModel):
    model_config = ConfigDict(frozen=True)

    look: Look = Look()
    digest: str = ""


MINE = Look(scope=Scope.MINE)
"""Where contracts are moved on."""


def look_of(view: Mapping[str, Any] | None) -> Look:
    """What this Home shows; what people see at first where there is none, or one of an older version of ours."""
    return _memory(view).look


async def publish_home(visit: Visit, look: Look | None = None, *, shown: Mapping[str, Any] | None = None) -> None:
    """Shows the contracts that the person may see, wherever this visit began.

    `shown` is the Home that they have before them, as Slack tells it: the same is not published again.
    """
    seen = await visit.deps.database.read(
        overview,
        look or look_of(shown),
        office=visit.deps.office,
        actor=await everywhere(visit),
        standing=visit.standing,
    )
    blocks = _blocks(seen, visit)
    memory = _Memory(look=seen.look, digest=_digest(blocks))
    if shown is None or _memory(shown) != memory:
        view = home(blocks, private_metadata=memory.model_dump_json(exclude_defaults=True))
        await visit.client.views_publish(user_id=visit.user_id, view=view)


async def everywhere(visit: Visit) -> Actor:
    """The person as somebody who looks at the contracts of every channel that they are in."""
    channels = await visit.deps.people.channels(visit.client, visit.workspace_id, visit.user_id)
    return Actor(visit.workspace_id, visit.user_id, channels)


def _blocks(seen: Overview, visit: Visit) -> list[Block]:
    outlooks = [visit.outlook(state) for state in seen.shown]
    if seen.look.scope is Scope.WORKSPACE:
        return workspace_blocks(seen, outlooks, visit.say)
    topics = {one.topic for one in seen.answered if one.topic is not None}
    named = {topic: visit.deps.assistant.topic_title(topic, visit.say.language) for topic in topics}
    return home_blocks(seen, outlooks, {topic: title for topic, title in named.items() if title}, visit.say)


def _digest(blocks: Sequence[Block]) -> str:
    return hashlib.sha256(json.dumps(blocks, sort_keys=True).encode()).hexdigest()[:16]


def _memory(view: Mapping[str, Any] | None) -> _Memory:
    try:
        return _Memory.model_validate_json((view or {}).get("private_metadata") or "{}")
    except ValidationError:
        return _Memory()
