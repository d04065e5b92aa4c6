"""The first live payment: recorded once, and celebrated with a look back."""

from __future__ import annotations

from slack_sdk.errors import SlackApiError

from bot.contracts import lifecycle
from bot.contracts.closing import closing
from bot.contracts.reading import whole_history
from bot.contracts.state import ContractState
from handlers.blocks.closing import closing_message
from handlers.blocks.modals import notice_modal
from handlers.deps import Deps, Visit
from handlers.exporting import as_file, draw
from handlers.home.publishing import publish_home
from handlers.ids import ActionId
from handlers.listening import Press, on_press
from handlers.routes import Routes
from handlers.showing import show_change
from handlers.slack_errors import Family, family_of


def register(routes: Routes, deps: Deps) -> None:
    on_press(routes, ActionId.OPENED, opened, deps)


async def opened(press: Press) -> None:
    visit = press.visit
    change = await visit.deps.database.write(
        lifecycle.record_opening,
        contract_id=press.pointer.contract_id,
        office=visit.deps.office,
        actor=await visit.actor(),
    )
    await show_change(visit, change, announce=False)
    await celebrate(visit, change.after)
    if press.is_in_modal:
        await press.show(notice_modal(visit.say("closing.window"), visit.say("closing.posted"), visit.say))
    elif press.is_in_view:
        await publish_home(visit)


async def celebrate(visit: Visit, state: ContractState) -> None:
    """Posts the closing summary and, where Slack lets us send files, the picture of the way."""
    say = visit.channel_speaker(state)
    _, rows = await visit.deps.database.read(
        whole_history, state.id, office=visit.deps.office, actor=await visit.reader()
    )
    look_back = closing(visit.outlook(state), rows)
    names = {share.user_id: await visit.name_of(share.user_id) for share in look_back.people}
    message = closing_message(state, look_back, who=await visit.name(), names=names, say=say)
    await visit.client.chat_postMessage(channel=state.channel_id, text=message.text, blocks=message.blocks)
    picture = await draw(visit, state, say)
    try:
        await visit.client.files_upload_v2(channel=state.channel_id, **as_file(state, picture, say))  # type: ignore[arg-type]
    except SlackApiError as error:
        if family_of(error) is not Family.NO_SCOPE:
            raise
