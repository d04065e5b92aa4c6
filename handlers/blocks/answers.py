"""An answer as people read it in chat: the direct answer first, then source and date, then what to do with it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answers.replies import Outcome, Reply
from bot.nudges.delivery import Message
from bot.procedure.model import Contact, Source
from bot.texts.catalogue import Speaker
from handlers.blocks.parts import Block, actions, button, context, escape, section
from handlers.ids import ActionId
from handlers.values import Pointer


def answer_message(reply: Reply, say: Speaker) -> Message:
    blocks: list[Block] = [section(escape(paragraph)) for paragraph in _paragraphs(reply.text)]
    if reply.more:
        blocks.append(context(escape(reply.more)))
    if reply.contacts:
        blocks.append(section(_contacts(reply.contacts, say)))
    if reply.sources:
        blocks.append(context(_sources(reply.sources, say)))
    blocks += _offer(reply, say)
    blocks += _choices(reply, say)
    return Message(text=escape(reply.text), blocks=blocks)


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


def _offer(reply: Reply, say: Speaker) -> list[Block]:
    """The one button that records what the person reported; nothing is recorded without it."""
    offer = reply.offer
    if offer is None:
        return []
    value = Pointer(
        contract=offer.contract_id,
        report=offer.report,
        step=offer.step,
        cards=offer.cards,
        decision=offer.decision,
        day=offer.day,
    ).dump()
    return [
        actions(
            button(offer.label, ActionId.RECORD_REPORT, value=value, style="primary"),
            button(say("button.no"), ActionId.DISMISS),
        )
    ]


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
