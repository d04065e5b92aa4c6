"""The CSV of a contract, sent to the one who asked in a direct message."""

from __future__ import annotations

from bot.contracts.export import as_csv
from bot.contracts.reading import history
from bot.contracts.state import ContractState
from handlers.blocks.parts import escape
from handlers.deps import Visit

_ALL = 100_000


async def send_export(visit: Visit, state: ContractState) -> None:
    shown, rows = await visit.deps.database.read(
        history, state.id, office=visit.deps.office, actor=await visit.reader(), limit=_ALL
    )
    text = visit.say("export.message", merchant=escape(shown.merchant))
    posted = await visit.client.chat_postMessage(channel=visit.user_id, text=text)
    await visit.client.files_upload_v2(
        channel=posted["channel"],
        thread_ts=posted["ts"],
        filename=f"contract-{shown.id}.csv",
        title=shown.merchant,
        content=as_csv([(shown, rows)]),
    )
