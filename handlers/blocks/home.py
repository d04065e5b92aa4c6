"""App Home: the person's contracts, how far each is, whose turn it is, and the buttons that move it on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.contracts.state import ContractState
from bot.nudges.calendar import BusinessCalendar
from bot.texts.catalogue import Speaker
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

_SHOWN = 24
"""Contracts on one Home: each takes up to four blocks of Slack's hundred."""


def home_view(
    states: Sequence[ContractState], calendars: Mapping[int, BusinessCalendar], today: date, say: Speaker
) -> dict[str, Any]:
    """`states` in the order in which they are to be read; `calendars` by contract id."""
    blocks: list[Block] = [header(say("home.title"))]
    if not states:
        blocks += [section(say("home.empty")), context(say("home.how_to_start"))]
        return home([*blocks, *_what_to_ask(say)])
    blocks.append(context(say("home.count", count=len(states))))
    for state in states[:_SHOWN]:
        blocks += _contract(state, calendars[state.id], today, say)
    if len(states) > _SHOWN:
        blocks.append(context(say("list.more", count=len(states) - _SHOWN)))
    return home([*blocks, *_what_to_ask(say)])


def _contract(state: ContractState, calendar: BusinessCalendar, today: date, say: Speaker) -> list[Block]:
    title = f"*{escape(state.merchant)}*  ·  <#{state.channel_id}>\n"
    blocks: list[Block] = [divider(), section(title + headline(state, calendar, today, say))]
    if state.current and state.is_open:
        blocks.append(context(say("status.next", what=state.current.step.summary.in_language(say.language))))
    pointer = Pointer(contract=state.id).dump()
    history = button(say("button.history"), ActionId.SHOW_HISTORY, value=pointer)
    blocks.append(actions(*move_buttons(state, say), history))
    return blocks


def _what_to_ask(say: Speaker) -> list[Block]:
    return [divider(), section(say("home.ask")), context(say("home.ask_where"))]
