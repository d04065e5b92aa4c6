"""An answer as people read it in chat: the direct answer first, then source and date, then what to do with it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answers.replies import Offer, Outcome, Reply
from bot.nudges.delivery import Message
from bot.procedure.model import Contact, Source
from bot.texts.catalogue import Speaker
from handlers.blocks.parts import NOTIFICATION, Block, actions, button, clip, context, escape, section
from handlers.ids import ActionId
from handlers.values import Pointer

OFFERS = "offers"
"""block_id of the buttons that record a report"""


def answer_message(reply: Reply, say: Speaker) -> Message:
    blocks: list[Block] = [section(escape(paragraph)) for paragraph in _paragraphs(reply.text)]
    if reply.more:
        blocks.append(context(escape(reply.more)))
    if reply.contacts:
        blocks.append(section(_contacts(reply.contacts, say)))
    if reply.sources:
        blocks.append(context(_sources(reply.sources, say)))
    blocks += _offers(reply, say)
    blocks += _choices(reply, say)
    return Message(text=clip(escape(reply.text), NOTIFICATION), blocks=blocks)


def _paragraphs(text: str) -> list[str]:
    return [paragraph for paragraph in text.split("\n\n") if paragraph.strip()] or [text]


def _sources(sources: Sequence[Source], say: Speaker) -> str:
    shown = [
        say("answer.source", link=f"<{source.url}|{escape(source.title.in_language(say.language))}>", day=source.as_of)
        for source in sources[:3]
    ]
    return say("answer.sources", sources="  ·  ".join(shown))


def _contacts(contacts: Sequence[Contact], say: Speaker) -> str:
    lines = []
    for contact in contacts[:3]:
        ways = " · ".join(way for way in (contact.phone, contact.email, contact.url) if way)
        who, what_for = contact.who.in_language(say.language), contact.what_for.in_language(say.language)
        lines.append(f"• {escape(who)} ({escape(what_for)}): {escape(ways)}")
    return f"*{say('answer.who_knows')}*\n" + "\n".join(lines)


def recorded_offer(blocks: Sequence[Block], pressed: str, what: str) -> Message:
    """The answer after one of its reports was recorded: without the button that was pressed, with what came of it."""
    kept = [block for block in (_without(block, pressed) for block in blocks) if block is not None]
    return Message(text=what, blocks=[*kept, context(what)])


def _offers(reply: Reply, say: Speaker) -> list[Block]:
    """The buttons that record what the person reported; nothing is recorded without them."""
    if not reply.offers:
        return []
    buttons = [
        button(
            offer.label,
            f"{ActionId.RECORD_REPORT}:{number}",
            value=_pointer(offer).dump(),
            style="primary" if number == 1 else None,
        )
        for number, offer in enumerate(reply.offers, start=1)
    ]
    return [actions(*buttons, button(say("button.decline"), ActionId.DISMISS), block_id=OFFERS)]


def _pointer(offer: Offer) -> Pointer:
    return Pointer(
        contract=offer.contract_id,
        report=offer.report,
        step=offer.step,
        cards=offer.cards,
        decision=offer.decision,
        day=offer.day,
    )


def _without(block: Block, pressed: str) -> Block | None:
    """The block without the pressed button; None once no report is left to record."""
    if block.get("block_id") != OFFERS:
        return block
    left = [element for element in block["elements"] if element["action_id"] != pressed]
    still_offered = any(element["action_id"].startswith(ActionId.RECORD_REPORT) for element in left)
    return {**block, "elements": left} if still_offered else None


def _choices(reply: Reply, say: Speaker) -> list[Block]:
    if not reply.choices:
        return []
    buttons = [
        button(choice.title, f"{ActionId.SHOW_TOPIC}:{number}", value=Pointer(topic=choice.topic).dump())
        for number, choice in enumerate(reply.choices, start=1)
    ]
    if reply.outcome is Outcome.CHOOSE:
        buttons.append(button(say("button.none_of_these"), ActionId.NONE_OF_THESE))
        return [actions(*buttons)]
    return [context(say("answer.meant_something_else")), actions(*buttons)]
