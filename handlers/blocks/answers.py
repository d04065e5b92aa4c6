"""An answer as people read it in chat: the direct answer first, then source and date, then what to do with it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from bot.answers.replies import Act, ActKind, Does, Known, Offer, Outcome, Reply
from bot.nudges.delivery import Message
from bot.texts.catalogue import Speaker
from handlers.blocks.parts import (
    NOTIFICATION,
    Block,
    Element,
    actions,
    button,
    clip,
    context,
    escape,
    feedback,
    section,
)
from handlers.blocks.quotations import quotation
from handlers.blocks.sources import source_link, sources_line
from handlers.ids import ActionId
from handlers.values import Pointer

OFFERS = "offers"
"""block_id of the buttons that do what was offered"""
HAND_OVER = "hand_over"
"""block_id of the button that asks a person"""
_JUDGED = frozenset({Outcome.ANSWER, Outcome.STATUS})
_ACTIONS = {
    ActKind.FINISH_STEP: ActionId.FINISH_STEP,
    ActKind.REQUEST_REVIEW: ActionId.REQUEST_REVIEW,
    ActKind.CARD_DECISION: ActionId.CARD_DECISION,
    ActKind.CHECKLIST: ActionId.SHOW_CHECKLIST,
    ActKind.LINK: ActionId.OPEN_LINK,
    ActKind.OWNER: ActionId.OWNER,
}


def answer_message(
    reply: Reply,
    say: Speaker,
    *,
    question_id: int | None = None,
    has_help_channel: bool = False,
    about: str | None = None,
) -> Message:
    """`question_id`: where clicks and thumbs are kept; without one there are no thumbs and nobody can be asked.

    `about` is the message whose author has not asked us: the answer stands before one person, who may share it.
    """
    blocks: list[Block] = [section(escape(paragraph)) for paragraph in _paragraphs(reply.text)]
    if reply.own:
        blocks.append(section(f"📌 {escape(reply.own)}"))
    if reply.more:
        blocks.append(context(escape(reply.more)))
    if reply.quoted and reply.outcome is not Outcome.CHOOSE:
        blocks += quotation(reply.quoted, say)
    if reply.contacts:
        blocks.append(section(_contacts(reply.contacts, say)))
    if reply.sources:
        blocks.append(context(sources_line(reply.sources, say)))
    blocks += _offers(reply, say)
    blocks += _acts(reply.acts, primary=not reply.offers)
    blocks += _choices(reply, say, Pointer(question=question_id, about=about))
    if reply.quoted and reply.outcome is Outcome.CHOOSE:
        blocks += quotation(reply.quoted, say)
    if reply.asks_a_person and has_help_channel and question_id is not None:
        blocks.append(ask_a_person(question_id, say, about=about))
    if about is not None and reply.outcome in _JUDGED:
        pointer = Pointer(question=question_id, about=about).dump()
        blocks.append(actions(button(say("button.share_answer"), ActionId.SHARE_ANSWER, value=pointer)))
    if question_id is not None and reply.outcome in _JUDGED:
        good, bad = say("button.helpful"), say("button.unhelpful")
        blocks.append(feedback(ActionId.FEEDBACK, good=good, bad=bad, value=str(question_id)))
    return Message(text=clip(escape(reply.text), NOTIFICATION), blocks=blocks)


def ask_a_person(question_id: int, say: Speaker, *, about: str | None = None) -> Block:
    pointer = Pointer(question=question_id, about=about).dump()
    return actions(button(say("button.ask_a_person"), ActionId.ASK_A_PERSON, value=pointer), block_id=HAND_OVER)


def done_offer(blocks: Sequence[Block], pressed: str, what: str) -> Message:
    """The answer after one of its offers was taken: without the button that was pressed, with what came of it."""
    kept = [block for block in (_without(block, pressed) for block in blocks) if block is not None]
    return Message(text=what, blocks=[*kept, context(what)])


def _paragraphs(text: str) -> list[str]:
    return [paragraph for paragraph in text.split("\n\n") if paragraph.strip()] or [text]


def _contacts(contacts: Sequence[Known], say: Speaker) -> str:
    return f"*{say('answer.who_knows')}*\n" + "\n".join(_contact(known, say) for known in contacts[:3])


def _contact(known: Known, say: Speaker) -> str:
    contact = known.contact
    ways = " · ".join(way for way in (contact.phone, contact.email, contact.url) if way)
    who, what_for = contact.who.in_language(say.language), contact.what_for.in_language(say.language)
    line = f"• {escape(who)} ({escape(what_for)}): {escape(ways)}"
    return f"{line} — {source_link(known.source, say)}" if known.source else line


def _offers(reply: Reply, say: Speaker) -> list[Block]:
    """The buttons that do what was offered; nothing is done without them."""
    if not reply.offers:
        return []
    named = [context(say("owner.new", who=f"<@{one.person}>")) for one in reply.offers if one.does is Does.ASSIGN]
    buttons = [
        button(
            offer.label,
            f"{ActionId.CONFIRM_OFFER}:{number}",
            value=pointer_of(offer).dump(),
            style="primary" if number == 1 else None,
        )
        for number, offer in enumerate(reply.offers, start=1)
    ]
    return [*named, actions(*buttons, button(say("button.decline"), ActionId.DISMISS), block_id=OFFERS)]


def pointer_of(offer: Offer) -> Pointer:
    return Pointer(
        contract=offer.contract_id,
        report=offer.report or None,
        step=offer.step,
        cards=offer.cards,
        decision=offer.decision,
        day=offer.day,
        does=offer.does,
        change=offer.change,
        at=offer.at,
        person=offer.person,
    )


def _without(block: Block, pressed: str) -> Block | None:
    """The block without the pressed button; None once nothing is left to offer."""
    if block.get("block_id") != OFFERS:
        return block
    left = [element for element in block["elements"] if element["action_id"] != pressed]
    still_offered = any(element["action_id"].startswith(ActionId.CONFIRM_OFFER) for element in left)
    return {**block, "elements": left} if still_offered else None


def _acts(acts: Sequence[Act], *, primary: bool) -> list[Block]:
    buttons = [_act(act, number, primary=primary and number == 0) for number, act in enumerate(acts)]
    return [actions(*buttons)] if buttons else []


def _act(act: Act, number: int, *, primary: bool) -> Element:
    return button(
        act.label,
        f"{_ACTIONS[act.kind]}:{number}",
        value=None if act.url else Pointer(contract=act.contract_id, step=act.step).dump(),
        url=act.url,
        style="primary" if primary and act.url is None else None,
    )


def _choices(reply: Reply, say: Speaker, pointer: Pointer) -> list[Block]:
    if not reply.choices:
        return []
    buttons = [
        button(
            choice.title,
            f"{ActionId.SHOW_TOPIC}:{number}",
            value=replace(pointer, topic=choice.topic).dump(),
        )
        for number, choice in enumerate(reply.choices, start=1)
    ]
    if reply.outcome is Outcome.CHOOSE:
        buttons.append(button(say("button.none_of_these"), ActionId.NONE_OF_THESE, value=pointer.dump()))
        return [actions(*buttons)]
    return [context(say("answer.meant_something_else")), actions(*buttons)]
