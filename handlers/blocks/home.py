"""App Home: the person's contracts, how far each is, whose turn it is, and the buttons that move it on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.contracts.outlook import Outlook
from bot.nudges.lost import LostNudge
from bot.texts.catalogue import Speaker
from handlers.blocks.lost_nudges import MOST_ON_HOME, lost_on_home
from handlers.blocks.parts import (
    Block,
    actions,
    button,
    context,
    divider,
    escape,
    header,
    home,
    section,
)
from handlers.blocks.status import headline, move_buttons
from handlers.ids import ActionId
from handlers.values import Pointer

_SHOWN = 23
"""Contracts on one Home: each takes up to four blocks of Slack's hundred."""


def home_view(outlooks: Sequence[Outlook], say: Speaker, lost: Sequence[LostNudge] = ()) -> dict[str, Any]:
    """The contracts in the order in which they are given; first the reminders that may not have arrived."""
    blocks: list[Block] = [header(say("home.title"))]
    lost = lost[:MOST_ON_HOME]
    if not outlooks:
        blocks += [section(say("home.empty")), context(say("home.how_to_start"))]
        return home([*blocks, *_what_to_ask(say)])
    blocks.append(context(say("home.count", count=len(outlooks))))
    blocks += lost_on_home(lost, say)
    for outlook in outlooks[: _SHOWN - len(lost)]:
        blocks += _contract(outlook, say)
    if len(outlooks) > _SHOWN - len(lost):
        blocks.append(context(say("list.more", count=len(outlooks) - _SHOWN + len(lost))))
    return home([*blocks, *_what_to_ask(say)])


def _contract(outlook: Outlook, say: Speaker) -> list[Block]:
    state = outlook.state
    title = f"*{escape(state.merchant)}*  ·  <#{state.channel_id}>\n"
    blocks: list[Block] = [divider(), section(title + headline(outlook, say))]
    if state.current and state.is_open:
        blocks.append(context(say("status.next", what=state.current.step.summary.in_language(say.language))))
    pointer = Pointer(contract=state.id).dump()
    history = button(say("button.history"), ActionId.SHOW_HISTORY, value=pointer)
    blocks.append(actions(*move_buttons(state, say), history))
    return blocks


def _what_to_ask(say: Speaker) -> list[Block]:
    settings = button(say("button.open_settings"), ActionId.OPEN_SETTINGS)
    return [divider(), section(say("home.ask")), context(say("home.ask_where")), actions(settings)]
