"""App Home of an onboarding manager: every contract of the workspace, who waits longest first, and what to write."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.contracts import wording
from bot.contracts.outlook import Outlook
from bot.contracts.reading import Page
from bot.nudges.to_send import ready_to_send
from bot.overview import SEARCH_LENGTH, Look, Overview, Scope
from bot.texts.catalogue import Speaker
from handlers.blocks.home import look_button, page_buttons, scope_buttons
from handlers.blocks.lists import history_lines
from handlers.blocks.parts import (
    Block,
    actions,
    button,
    clip,
    context,
    divider,
    escape,
    header,
    input_block,
    menu,
    modal,
    option,
    ready_text,
    section,
    text_input,
)
from handlers.blocks.progress import Surface, steps_block
from handlers.blocks.status import headline
from handlers.ids import ActionId, ViewId
from handlers.values import Pointer
from storage.tables import ContractStatus

EVERY_STEP = "every_step"
_STEPS = 99


def workspace_blocks(seen: Overview, outlooks: Sequence[Outlook], say: Speaker) -> list[Block]:
    """The contracts in the order in which they are given."""
    blocks: list[Block] = [header(say("home.workspace_title")), *scope_buttons(seen, say), _filters(seen, say)]
    if seen.look.search:
        blocks.append(context(say("home.searched", text=escape(seen.look.search))))
    blocks.append(context(say("home.workspace_count", count=seen.found)))
    if not outlooks:
        blocks.append(section(say("home.nothing_found")))
    for number, outlook in enumerate(outlooks):
        blocks += [divider()] if number else []
        blocks.append(_row(outlook, say))
    blocks += page_buttons(seen, say)
    return [*blocks, divider(), actions(button(say("button.open_settings"), ActionId.OPEN_SETTINGS))]


def find_modal(look: Look, say: Speaker) -> dict[str, Any]:
    field = text_input(
        initial=clip(look.search, SEARCH_LENGTH), placeholder=say("start.merchant_example"), max_length=SEARCH_LENGTH
    )
    return modal(
        title=say("home.find_title"),
        submit=say("home.find_submit"),
        close=say("modal.close"),
        callback_id=ViewId.FIND_MERCHANT,
        private_metadata=look.model_dump_json(exclude_defaults=True),
        blocks=[input_block(say("start.merchant"), field, block_id="search", optional=True)],
    )


def contract_modal(outlook: Outlook, page: Page, say: Speaker, writes: Speaker) -> dict[str, Any]:
    """What a manager wants to know before a word to the team, and that word.

    `say` talks to the manager, `writes` is the language of the message.
    """
    state = outlook.state
    lines = history_lines(page, say)
    older = [context(say("look_into.older", channel=f"<#{state.channel_id}>"))] if page.has_older else []
    return modal(
        title=say("look_into.title"),
        close=say("modal.close"),
        blocks=[
            section(f"*{escape(state.merchant)}*  ·  <#{state.channel_id}>\n{headline(outlook, say)}"),
            *_to_send(outlook, say, writes),
            header(say("look_into.steps")),
            steps_block(outlook, Surface.VIEW, say),
            header(say("look_into.latest")),
            section("\n".join(lines) or say("look_into.nothing_yet")),
            *older,
        ],
    )


def _to_send(outlook: Outlook, say: Speaker, writes: Speaker) -> list[Block]:
    text, channel = ready_to_send(outlook, writes), f"<#{outlook.state.channel_id}>"
    if not text:
        return [context(say("to_send.nothing"))]
    to_team = outlook.state.is_teams_turn
    return [
        ready_text(say("to_send.title"), text),
        context(say("to_send.where_team" if to_team else "to_send.where_other", channel=channel)),
    ]


def _filters(seen: Overview, say: Speaker) -> Block:
    every = option(say("home.every_step"), EVERY_STEP)
    options = [option(step.short_title.in_language(say.language), step.id) for step in seen.steps[:_STEPS]]
    chosen = next((one for one in options if one["value"] == seen.look.step), every)
    look = seen.look
    clear = None
    if look.search:
        everything = Look(scope=Scope.WORKSPACE, step=look.step)
        clear = look_button(say("home.clear_search"), everything, "clear")
    return actions(
        menu(ActionId.HOME_STEP, [every, *options], initial=chosen),
        button(say("home.find"), ActionId.FIND_MERCHANT),
        clear,
    )


def _row(outlook: Outlook, say: Speaker) -> Block:
    state = outlook.state
    look = button(say("button.look_into"), ActionId.LOOK_INTO, value=Pointer(contract=state.id).dump())
    late = state.current is not None and state.is_running and outlook.is_late(state.current)
    name = f"{'⚠️ ' if late else ''}*{escape(state.merchant)}*  ·  <#{state.channel_id}>"
    return section(f"{name}\n{_waiting(outlook, say)}", accessory=look)


def _waiting(outlook: Outlook, say: Speaker) -> str:
    """The step, whose turn it is and for how many business days."""
    state = outlook.state
    if state.current is None or state.status is not ContractStatus.ACTIVE:
        return say("home.paused")
    step = state.current
    return f"{step.step.short_title.in_language(say.language)}  ·  {wording.waiting(outlook, step, say)}"
