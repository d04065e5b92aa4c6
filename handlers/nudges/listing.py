"""The list of what is coming for a contract, as one person asks for it."""

from __future__ import annotations

from bot.nudges.answering import upcoming
from bot.nudges.delivery import Message
from bot.nudges.muting import is_muted
from handlers.blocks.nudges import upcoming_nudges
from handlers.deps import Visit


async def nudge_list(visit: Visit, contract_id: int) -> Message:
    """Raises NoContract."""
    actor, read = await visit.reader(), visit.deps.database.read
    state, coming = await read(upcoming, contract_id, office=visit.deps.office, actor=actor)
    return upcoming_nudges(state, coming, visit.say, person_muted=await read(is_muted, actor=actor))
