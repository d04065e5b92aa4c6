"""`/계약 알림 …`: what is coming, quiet for a contract or for oneself, and the settings behind it."""

from __future__ import annotations

from bot.contracts.state import ContractState
from bot.nudges import muting
from bot.nudges.delivery import Message
from handlers.actions.muting import set_contract, set_person
from handlers.blocks.parts import section
from handlers.commands.words import NudgeWord, read_nudge_words
from handlers.listening import Call
from handlers.nudges.listing import nudge_list


async def on_nudge_words(call: Call, state: ContractState, rest: str) -> None:
    visit = call.visit
    word, _ = read_nudge_words(rest) or (None, "")
    if word is NudgeWord.OFF:
        await set_contract(visit, state.id, muting.mute_contract)
    elif word is NudgeWord.ON:
        await set_contract(visit, state.id, muting.unmute_contract)
    elif word in {NudgeWord.ME_OFF, NudgeWord.ME_ON}:
        await set_person(visit, muted=word is NudgeWord.ME_OFF)
        text = visit.say(f"nudges.{'me_off' if word is NudgeWord.ME_OFF else 'me_on'}")
        await call.say(Message(text=text, blocks=[section(text)]))
    else:
        await call.say(await nudge_list(visit, state.id))
