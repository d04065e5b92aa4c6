"""reactions.add and reactions.remove."""

from __future__ import annotations

import re

from bot.localslack.ids import BOT_USER_ID
from bot.localslack.json_types import Json
from bot.localslack.model import Message
from bot.localslack.web_api.call import Call, SlackError

_NAME = re.compile(r"[\w+'\-]+(::skin-tone-[2-6])?")


async def add(call: Call) -> Json:
    message, name = _target(call)
    if not call.core.messenger.react(message, BOT_USER_ID, name):
        raise SlackError("already_reacted")
    return {}


async def remove(call: Call) -> Json:
    message, name = _target(call)
    if not call.core.messenger.unreact(message, BOT_USER_ID, name):
        raise SlackError("no_reaction")
    return {}


def _target(call: Call) -> tuple[Message, str]:
    conversation = call.joined_conversation()
    name = call.required("name").strip(":")
    if not _NAME.fullmatch(name):
        raise SlackError("invalid_name")
    return call.message(conversation, "timestamp"), name
