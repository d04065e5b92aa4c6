"""Publishes a person's App Home."""

from __future__ import annotations

from bot.contracts.desk import Actor
from bot.contracts.reading import contracts_of
from bot.nudges.lost import lost_nudges
from handlers.blocks.home import home_view
from handlers.deps import Visit


async def publish_home(visit: Visit) -> None:
    """Shows the contracts of every channel that the person is in, wherever this visit began."""
    channels = await visit.deps.people.channels(visit.client, visit.workspace_id, visit.user_id)
    actor = Actor(visit.workspace_id, visit.user_id, channels)
    states = await visit.deps.database.read(contracts_of, office=visit.deps.office, actor=actor)
    lost = await visit.deps.database.read(lost_nudges, office=visit.deps.office, actor=actor)
    view = home_view([visit.outlook(state) for state in states], visit.say, lost)
    await visit.client.views_publish(user_id=visit.user_id, view=view)
