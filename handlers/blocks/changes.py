"""What the channel is told when somebody has moved a contract on, and what the one who tried hears otherwise."""

from __future__ import annotations

from collections.abc import Iterable

from bot.contracts import wording
from bot.contracts.desk import Change, ChangeKind
from bot.contracts.outlook import Outlook
from bot.contracts.refusals import (
    AlreadyDone,
    DayInTheFuture,
    DayTooEarly,
    DayTooLongAgo,
    NotDone,
    NotYetPossible,
    Refused,
)
from bot.contracts.state import CardState, StepState
from bot.nudges.delivery import Message
from bot.texts.catalogue import Speaker
from bot.workspaces.changing import NotAManager
from handlers.blocks.cards import rejection_button
from handlers.blocks.closing import before_opening, last_checks_button, opening_button
from handlers.blocks.freeze import freeze_rule
from handlers.blocks.parts import Block, actions, button, escape, mention, section
from handlers.ids import ActionId
from handlers.values import Pointer
from storage.tables import CardStatus


def announcement(change: Change, outlook: Outlook, who: str, say: Speaker) -> Message:
    """One message for the channel: what was recorded, by whom, and what comes next. `outlook` is on the state after."""
    what = sentence(change, who, say)
    blocks: list[Block] = [section(what)]
    if change.went_live:
        blocks += before_opening(change.after, say)
    next_step = _newly_current(change)
    if next_step is not None:
        blocks.append(section(_next_step(outlook, next_step, say)))
    if change.kind is ChangeKind.REVIEW_REQUESTED:
        blocks += freeze_rule(change.after, say)
    if change.kind is not ChangeKind.STARTED:  # then the status stands right above
        pointer = Pointer(contract=change.after.id).dump()
        status = button(say("button.status"), ActionId.SHOW_STATUS, value=pointer)
        rejected = rejection_button(change.after, say) if change.cards else []
        opening = [*opening_button(change.after, say), *last_checks_button(change.after, say)]
        blocks.append(actions(*opening, *rejected, status))
    return Message(text=what, blocks=blocks)


def sentence(change: Change, who: str, say: Speaker) -> str:
    """'✅ 민지 님이 계약 안내 받기 완료를 기록했습니다 — 11월 24일 (화)'. `who` is a name made ready for mrkdwn."""
    if change.kind in {ChangeKind.FINISHED, ChangeKind.REOPENED}:
        return say(f"change.{change.kind}", who=who, steps=_step_names(change, say), day=_day(change, say))
    if change.explains:
        return "\n".join([say("change.rejection_explained", who=who), *_reasons(_decided(change), say)])
    if change.kind is ChangeKind.CARD_DECIDED:
        return _card_sentence(change, who, say)
    if change.kind is ChangeKind.TAKEN_BACK:
        return say("change.taken_back", who=who, what=_taken_back(change, say))
    return say(
        f"change.{change.kind}",
        who=who,
        merchant=escape(change.after.merchant),
        owner=mention(change.after.owner_id, say("person.somebody")),
        day=_day(change, say),
        cards=wording.open_card_names(change.after, say.language),
    )


def refusal(refused: Refused, say: Speaker) -> str:
    """The sentence that tells a person why nothing was changed, and what to do."""
    if isinstance(refused, AlreadyDone):
        by = mention(refused.by, say("person.somebody"))
        on = say.day(refused.on) if refused.on else ""
        return say("refusal.already_done", step=refused.step.title.in_language(say.language), by=by, on=on)
    if isinstance(refused, NotAManager):
        people = ", ".join(f"<@{person}>" for person in refused.managers)
        return say("refusal.not_a_manager", people=people) if people else say("refusal.no_manager_yet")
    if isinstance(refused, NotYetPossible):
        missing = ", ".join(step.title.in_language(say.language) for step in refused.missing)
        return say("refusal.not_yet_possible", step=refused.step.title.in_language(say.language), missing=missing)
    if isinstance(refused, DayInTheFuture):
        return say("refusal.day_in_the_future", day=say.day(refused.day), today=say.day(refused.today))
    if isinstance(refused, DayTooEarly):
        step = refused.step.title.in_language(say.language)
        return say("refusal.day_too_early", day=say.day(refused.day), step=step, earliest=say.day(refused.earliest))
    if isinstance(refused, DayTooLongAgo):
        return say("refusal.day_too_long_ago", day=say.day(refused.day), earliest=say.day(refused.earliest))
    if isinstance(refused, NotDone):
        return say("refusal.not_done", step=refused.step.title.in_language(say.language))
    return say(f"refusal.{refused.key}")


def _newly_current(change: Change) -> StepState | None:
    now, before = change.after.current, change.before.current
    if now is None or not change.after.is_open:
        return None
    moved = before is None or before.step.id != now.step.id or change.kind is ChangeKind.STARTED
    return now if moved else None


def _next_step(outlook: Outlook, step: StepState, say: Speaker) -> str:
    language = say.language
    lines = [
        say("change.next_step", step=step.step.title.in_language(language)),
        wording.waiting(outlook, step, say),
        wording.expectation(outlook, step, say),
        *(f"• {todo.in_language(language)}" for todo in step.step.what_to_do[:3]),
    ]
    return "\n".join(line for line in lines if line)


def _step_names(change: Change, say: Speaker) -> str:
    return ", ".join(change.after.procedure.step(step).title.in_language(say.language) for step in change.steps)


def _card_names(change: Change, say: Speaker) -> str:
    return ", ".join(change.after.procedure.card_company(card).name.in_language(say.language) for card in change.cards)


def _card_sentence(change: Change, who: str, say: Speaker) -> str:
    decided = _decided(change)
    lines = []
    for status in dict.fromkeys(card.status for card in decided):
        alike = [card for card in decided if card.status is status]
        names = ", ".join(card.card.name.in_language(say.language) for card in alike)
        lines.append(say(f"change.card_{status}", who=who, cards=names, day=_day(change, say)))
        lines += _reasons(alike, say)
    lines.append(wording.card_summary(change.after, say))
    return "\n".join(line for line in lines if line)


def _decided(change: Change) -> list[CardState]:
    return [card for card in change.after.cards if card.card.id in change.cards]


def _reasons(cards: Iterable[CardState], say: Speaker) -> list[str]:
    """Why they rejected, as far as somebody has said so."""
    return [
        say("change.card_reason", card=card.card.name.in_language(say.language), reason=escape(card.reason))
        for card in cards
        if card.status is CardStatus.REJECTED and card.reason
    ]


def _taken_back(change: Change, say: Speaker) -> str:
    return _step_names(change, say) if change.steps and not change.cards else _card_names(change, say)


def _day(change: Change, say: Speaker) -> str:
    return say.day(change.day) if change.day else ""
