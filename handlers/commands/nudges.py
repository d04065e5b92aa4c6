"""`/계약 알림 …`: what is coming, quiet for a contract or for oneself, and the settings behind it."""

from __future__ import annotations

from bot.answers.dates import Toward, find_day
from bot.contracts.state import ContractState
from bot.nudges import muting
from bot.nudges.delivery import Message
from handlers.actions.muting import set_contract, set_person
from handlers.blocks.parts import section
from handlers.commands.words import NudgeWord, read_nudge_words
from handlers.listening import Call
from handlers.nudges.listing import nudge_list
from handlers.settings import enter_day, forget_day, open_days, open_settings, read_settings, today_of


async def on_workspace_words(call: Call, rest: str) -> bool:
    """Does what concerns the whole workspace or only the person, in a channel with a contract or without one.

    False for what concerns a contract.
    """
    visit = call.visit
    word, text = read_nudge_words(rest) or (None, "")
    if word is NudgeWord.SETTINGS:
        await open_settings(visit, call.trigger_id)
    elif word in {NudgeWord.ME_OFF, NudgeWord.ME_ON}:
        await set_person(visit, muted=word is NudgeWord.ME_OFF)
        await _tell(call, visit.say("nudges.me_off" if word is NudgeWord.ME_OFF else "nudges.me_on"))
    elif word in {NudgeWord.HOLIDAY, NudgeWord.WORKDAY, NudgeWord.CLEAR}:
        await _day(call, word, text)
    else:
        return False
    return True


async def on_nudge_words(call: Call, state: ContractState, rest: str) -> None:
    """What concerns the contract of the channel."""
    word, _ = read_nudge_words(rest) or (None, "")
    if word is NudgeWord.OFF:
        await set_contract(call.visit, state.id, muting.mute_contract)
    elif word is NudgeWord.ON:
        await set_contract(call.visit, state.id, muting.unmute_contract)
    else:
        await call.say(await nudge_list(call.visit, state.id))


async def _day(call: Call, word: NudgeWord, text: str) -> None:
    """A day and a note; without a day, the window in which both are filled in."""
    visit = call.visit
    today = today_of(visit, await read_settings(visit))
    found = find_day(text.lower(), today, Toward.FUTURE)
    if found is None and not text:
        await open_days(visit, call.trigger_id)
    elif found is None:
        await _tell(call, visit.say("days.which_day", text=text))
    elif word is NudgeWord.CLEAR:
        await call.say(await forget_day(visit, found.day))
    else:
        before, after = text[: found.start], text[found.start :]
        note = " ".join((before + after[after.lower().find(found.text) + len(found.text) :]).split())
        await call.say(await enter_day(visit, found.day, is_off=word is NudgeWord.HOLIDAY, note=note))


async def _tell(call: Call, text: str) -> None:
    await call.say(Message(text=text, blocks=[section(text)]))
