"""Reminders that may not have arrived, as people see them: in the channel, in a direct message, on App Home."""

from __future__ import annotations

from collections.abc import Sequence

from bot.contracts.state import ContractState
from bot.nudges.delivery import GivenUp, Message
from bot.nudges.lost import LostNudge
from bot.texts.catalogue import Speaker
from handlers.blocks.parts import Block, actions, button, divider, escape, section
from handlers.ids import ActionId
from handlers.slack_errors import CLOSED_TO_US, family_named
from handlers.values import Pointer

MOST_ON_HOME = 5
"""each takes three blocks of Slack's hundred, less than a contract does"""
_SAYABLE = frozenset({"unverified", "expired"})


def lost_message(given_up: GivenUp, say: Speaker) -> Message:
    """For the contract's channel, or for its owner where the channel takes nothing from us."""
    state = given_up.parcel.outlook.state
    headlines = " · ".join(nudge.rule.headline.in_language(say.language) for nudge in given_up.parcel.nudges)
    text = _sentence(state, headlines, given_up.reason, say)
    pointer = Pointer(contract=state.id, lost=tuple(nudge.nudge_id for nudge in given_up.parcel.nudges))
    return Message(text=text, blocks=[section(text), _buttons(pointer, say)])


def decided_message(state: ContractState, key: str, who: str, say: Speaker) -> Message:
    """What somebody said about it, and nothing left to press."""
    text = say(f"lost.{key}", who=who, merchant=escape(state.merchant))
    return Message(text=text, blocks=[section(text)])


def lost_on_home(lost: Sequence[LostNudge], say: Speaker) -> list[Block]:
    blocks: list[Block] = []
    for one in lost[:MOST_ON_HOME]:
        headline = one.rule.headline.in_language(say.language)
        pointer = Pointer(contract=one.state.id, lost=(one.nudge_id,), home=True)
        blocks += [divider(), section(_sentence(one.state, headline, one.reason, say)), _buttons(pointer, say)]
    return blocks


def _sentence(state: ContractState, headlines: str, reason: str, say: Speaker) -> str:
    otherwise = "channel" if family_named(reason) in CLOSED_TO_US else "ours"
    key = reason if reason in _SAYABLE else otherwise
    return say(f"lost.{key}", merchant=escape(state.merchant), channel=f"<#{state.channel_id}>", headline=headlines)


def _buttons(pointer: Pointer, say: Speaker) -> Block:
    value = pointer.dump()
    return actions(
        button(say("lost.send_again"), ActionId.SEND_AGAIN, value=value, style="primary"),
        button(say("lost.received"), ActionId.RECEIVED, value=value),
    )
