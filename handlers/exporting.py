"""Files for the one who asked, in a direct message: a contract's progress and history as CSV, its way as a picture."""

from __future__ import annotations

import asyncio
from html import unescape
from typing import TYPE_CHECKING

from slack_sdk.errors import SlackApiError

from bot.contracts.export import as_csv
from bot.contracts.outlook import Outlook
from bot.contracts.reading import whole_history
from bot.contracts.state import ContractState
from bot.texts.catalogue import Speaker
from handlers.blocks.parts import escape
from handlers.deps import Visit
from handlers.slack_errors import Family, family_of

if TYPE_CHECKING:
    from bot.pictures.timeline import Picture

_ALT_TEXT = 1000
"""what Slack keeps of a picture's description"""


async def send_export(visit: Visit, state: ContractState) -> str:
    """Returns what to say to the person, also when Slack does not let us send files."""
    shown, rows = await visit.deps.database.read(
        whole_history, state.id, office=visit.deps.office, actor=await visit.reader()
    )
    people = {row.actor for row in rows} | {step.done_by for step in shown.steps if step.done_by}
    names = {person: await _name(visit, person) for person in people if person}
    sheet = as_csv([(visit.outlook(shown), rows)], names=names, say=visit.say)
    comment = visit.say("export.message", merchant=escape(shown.merchant))
    filename = f"contract-{shown.id}.csv"
    return await _send(visit, comment, visit.say("export.sent"), filename=filename, title=shown.merchant, content=sheet)


async def send_picture(visit: Visit, state: ContractState) -> str:
    """The same for the timeline."""
    picture = await draw(visit, state, visit.say)
    comment = visit.say("picture.message", merchant=escape(state.merchant))
    return await _send(visit, comment, visit.say("picture.sent"), **as_file(state, picture, visit.say))


async def draw(visit: Visit, state: ContractState, say: Speaker) -> Picture:
    """On a thread of its own: drawing takes a good part of a second."""
    return await asyncio.to_thread(_drawn, visit.outlook(state), say)


def _drawn(outlook: Outlook, say: Speaker) -> Picture:
    from bot.pictures.timeline import timeline_picture  # it loads what draws, and few ask for a picture

    return timeline_picture(outlook, say)


def as_file(state: ContractState, picture: Picture, say: Speaker) -> dict[str, str | bytes]:
    """As `files_upload_v2` wants it."""
    return {
        "filename": f"contract-{state.id}.png",
        "title": say("picture.name", merchant=state.merchant),
        "alt_txt": picture.alt[:_ALT_TEXT],
        "file": picture.png,
    }


async def _send(visit: Visit, comment: str, sent: str, **file: str | bytes) -> str:
    posted = await visit.client.chat_postMessage(channel=visit.user_id, text=comment)
    try:
        await visit.client.files_upload_v2(channel=posted["channel"], thread_ts=posted["ts"], **file)  # type: ignore[arg-type]
    except SlackApiError as error:
        if family_of(error) is not Family.NO_SCOPE:
            raise
        await visit.client.chat_delete(channel=posted["channel"], ts=posted["ts"])
        return visit.say("picture.not_allowed")
    return sent


async def _name(visit: Visit, user_id: str) -> str:
    name = await visit.name_of(user_id)
    return user_id if name.startswith("<") else unescape(name)
