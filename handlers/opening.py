"""Opens the modals: looks the contract up under the person's rights, then asks."""

from __future__ import annotations

from datetime import date

from slack_sdk.errors import SlackApiError

from bot.contracts import moves, wording
from bot.contracts.reading import contract_by_id, contract_of_channel
from bot.contracts.refusals import AlreadyDone, AlreadyStarted, NothingToChange, NothingToTakeBack, NotOpen, Refused
from bot.contracts.state import ContractState
from bot.procedure.movement import missing_before
from handlers.blocks import modals
from handlers.blocks.card_modals import board_modal, rejection_modal
from handlers.deps import Visit
from handlers.ids import ViewId
from handlers.slack_errors import Family, family_of
from handlers.values import Pointer, StaleButton
from storage.tables import ContractStatus


class NotInvited(Refused):
    """We are not in the channel, so nothing could be posted there."""

    key = "not_invited"


async def contract(visit: Visit, contract_id: int) -> ContractState:
    """Raises NoContract when the person may not see it from here."""
    return await visit.deps.database.read(
        contract_by_id, contract_id, office=visit.deps.office, actor=await visit.reader()
    )


async def open_start(visit: Visit, trigger_id: str) -> None:
    """In a team's channel for that channel; elsewhere the window asks for one. Raises AlreadyStarted, NotInvited."""
    channel_id = visit.channel_id if visit.in_team_channel else None
    if channel_id is not None:
        await _may_start_in(visit, channel_id)
    await visit.client.views_open(
        trigger_id=trigger_id,
        view=modals.start_modal(
            list(visit.deps.office.procedures.values()),
            user_id=visit.user_id,
            pointer=Pointer(channel=channel_id, home=visit.channel_id is None),
            say=visit.say,
        ),
    )


async def _may_start_in(visit: Visit, channel_id: str) -> None:
    if not await are_we_in(visit, channel_id):
        raise NotInvited
    existing = await visit.deps.database.read(
        contract_of_channel, channel_id, workspace_id=visit.workspace_id, office=visit.deps.office
    )
    if existing is not None and existing.is_open:
        raise AlreadyStarted(existing)


async def open_finish(
    visit: Visit, trigger_id: str, contract_id: int, step_id: str, *, day: date | None = None
) -> None:
    """Raises NoContract, NotOpen or AlreadyDone."""
    state = await contract(visit, contract_id)
    if state.status is not ContractStatus.ACTIVE:
        raise NotOpen
    try:
        step = state.step(step_id)
    except KeyError:
        raise StaleButton from None
    if step.is_done:
        raise AlreadyDone(step.step, by=step.done_by, on=step.done_on)
    missing = missing_before(state.procedure, step_id, done=state.done_days)
    await visit.client.views_open(
        trigger_id=trigger_id,
        view=modals.finish_modal(
            state,
            step,
            day=day or visit.outlook(state).today,
            missing=[state.procedure.step(one) for one in missing],
            pointer=_pointer(visit, state, step=step_id),
            say=visit.say,
        ),
    )


async def open_take_back(visit: Visit, trigger_id: str, contract_id: int) -> None:
    try:
        last = await visit.deps.database.read(
            moves.last_change, contract_id=contract_id, office=visit.deps.office, actor=await visit.reader()
        )
        state, line, change_id = last.state, wording.last_change(last, visit.say), last.change_id
    except NothingToTakeBack:
        state, line, change_id = await contract(visit, contract_id), None, None
    pointer = _pointer(visit, state, change=change_id)
    await visit.client.views_open(
        trigger_id=trigger_id, view=modals.take_back_modal(state, last=line, pointer=pointer, say=visit.say)
    )


async def open_board(visit: Visit, trigger_id: str, contract_id: int) -> None:
    """Raises NoContract, or NotOpen where there is nothing to record any more."""
    state = await contract(visit, contract_id)
    if not state.is_running or not state.cards or state.step(state.procedure.card_review_step).is_done:
        raise NotOpen
    today, pointer = visit.outlook(state).today, _pointer(visit, state)
    await visit.client.views_open(
        trigger_id=trigger_id, view=board_modal(state, today=today, pointer=pointer, say=visit.say)
    )


async def open_rejection(visit: Visit, trigger_id: str, contract_id: int) -> None:
    """Raises NoContract, or NothingToChange once no card company's rejection stands any more."""
    state = await contract(visit, contract_id)
    if not state.is_running or not state.rejected_cards:
        raise NothingToChange
    pointer = _pointer(visit, state)
    await visit.client.views_open(
        trigger_id=trigger_id, view=rejection_modal(state, state.rejected_cards, pointer=pointer, say=visit.say)
    )


async def open_request_review(visit: Visit, trigger_id: str, contract_id: int) -> None:
    state = await contract(visit, contract_id)
    pointer = _pointer(visit, state)
    await visit.client.views_open(
        trigger_id=trigger_id,
        view=modals.request_review_modal(state, today=visit.outlook(state).today, pointer=pointer, say=visit.say),
    )


async def open_owner(visit: Visit, trigger_id: str, contract_id: int) -> None:
    state = await contract(visit, contract_id)
    pointer = _pointer(visit, state)
    await visit.client.views_open(trigger_id=trigger_id, view=modals.owner_modal(state, pointer=pointer, say=visit.say))


async def open_confirm(visit: Visit, trigger_id: str, contract_id: int, view: ViewId) -> None:
    state = await contract(visit, contract_id)
    pointer = _pointer(visit, state)
    await visit.client.views_open(
        trigger_id=trigger_id, view=modals.confirm_modal(view, state, pointer=pointer, say=visit.say)
    )


def _pointer(visit: Visit, state: ContractState, *, step: str | None = None, change: str | None = None) -> Pointer:
    home = visit.channel_id is None
    return Pointer(contract=state.id, channel=state.channel_id, step=step, change=change, home=home)


async def are_we_in(visit: Visit, channel_id: str) -> bool:
    """Whether Slack lets us post into the channel."""
    try:
        answer = await visit.client.conversations_info(channel=channel_id)
    except SlackApiError as error:
        if family_of(error) is Family.NOT_IN_CHANNEL:  # a private channel that we are not in
            return False
        raise
    return bool(answer["channel"].get("is_member"))
