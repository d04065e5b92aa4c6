"""A question that was handed over, as the people of the help channel read it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.contracts import wording
from bot.contracts.outlook import Outlook
from bot.nudges.delivery import Message
from bot.texts.catalogue import Speaker
from handlers.blocks.answers import HAND_OVER
from handlers.blocks.parts import NOTIFICATION, Block, clip, context, escape, section
from storage.tables import Question

_QUOTED = 1500


def help_request(
    question: Question, outlooks: Sequence[Outlook], link: str | None, pressed_by: str, say: Speaker
) -> Message:
    """Who asks what, where the contract stands and since when, and the way to the place where it was asked."""
    title = say("asking.title", who=f"<@{pressed_by}>")
    asked = "\n".join(f"> {line}" for line in escape(clip(question.text, _QUOTED)).splitlines())
    blocks: list[Block] = [section(f"{title}\n{asked}")]
    blocks += [section(_standing(outlook, say)) for outlook in outlooks]
    where = [say("asking.asked_by", who=f"<@{question.user_id}>")]
    if link is not None:
        where.append(f"<{link}|{say('asking.open')}>")
    blocks.append(context("  ·  ".join(where)))
    return Message(text=clip(title, NOTIFICATION), blocks=blocks)


def handed_over(blocks: Sequence[Block], text: str) -> Message:
    """The answer without the button, with who has asked whom."""
    kept = [block for block in blocks if block.get("block_id") != HAND_OVER]
    return Message(text=text, blocks=[*kept, context(text)])


def _standing(outlook: Outlook, say: Speaker) -> str:
    state = outlook.state
    current = state.current
    step = current.step.title.in_language(say.language) if current else wording.standing(state, say)
    lines = [say("asking.contract", merchant=escape(state.merchant), channel=f"<#{state.channel_id}>", step=step)]
    if current is not None:
        lines += [wording.waiting(outlook, current, say), wording.expectation(outlook, current, say)]
    return "\n".join(line for line in lines if line)
