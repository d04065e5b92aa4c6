"""An answer to somebody else's message: before the one who had it answered, and as they share it in its thread."""

from __future__ import annotations

import re

from bot.nudges.delivery import Message
from bot.texts.catalogue import Speaker
from handlers.blocks.parts import clip, context, plain_context, unescape

_QUOTED = 100
"""characters of the message that tell which one it is"""
_MENTION = re.compile(r"<[@#!][^<>|]*(?:\|([^<>]*))?>")
_LINK = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")


def about_message(text: str, answer: Message, say: Speaker) -> Message:
    """`text` is the message as Slack writes it, with its markup."""
    named = plain_context(say("shortcut.about", text=clip(_readable(text), _QUOTED)))
    return Message(text=answer.text, blocks=[named, *answer.blocks])


def shared_message(answer: Message, who: str, say: Speaker) -> Message:
    """`who` is ready for mrkdwn."""
    return Message(text=answer.text, blocks=[*answer.blocks, context(say("shortcut.shared_by", who=who))])


def _readable(text: str) -> str:
    text = _MENTION.sub(lambda found: found.group(1) or " ", text)
    text = _LINK.sub(lambda found: found.group(2) or found.group(1), text)
    return " ".join(unescape(text).split())
