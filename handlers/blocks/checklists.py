"""The window in which a team ticks a step's checklists off together: who did what when, and how old the papers are."""

from __future__ import annotations

from typing import Any

from bot.contracts.checklists import TeamChecklists
from bot.contracts.outlook import Outlook
from bot.nudges.to_send import ready_to_send
from bot.procedure.model import BusinessKind, ChecklistItem
from bot.texts.catalogue import Speaker
from handlers.blocks.closing import opening_button
from handlers.blocks.parts import (
    DESCRIPTION,
    OPTION,
    Block,
    Element,
    actions,
    button,
    checkboxes,
    context,
    divider,
    escape,
    header,
    mention,
    modal,
    mrkdwn,
    option,
    progress_bar,
    radio,
    ready_text,
    section,
)
from handlers.ids import ActionId
from handlers.values import Pointer

_MOST = 20
"""items in one window: each takes up to four blocks of Slack's hundred"""
_BAR = 10


def checklists_modal(lists: TeamChecklists, outlook: Outlook, say: Speaker) -> dict[str, Any]:
    state, step = lists.state, lists.step
    blocks: list[Block] = [section(f"*{escape(state.merchant)}*  ·  {step.title.in_language(say.language)}")]
    if lists.asks_kind:
        blocks += _kind(lists, say)
    total = len(lists.items)
    full = _BAR * lists.done // total if total else 0
    blocks.append(context(say("checklist.bar", bar=progress_bar(full, _BAR), done=lists.done, total=total)))
    shown = 0
    for checklist, items in lists.lists:
        blocks += [divider(), header(checklist.title.in_language(say.language))]
        for item in items[: _MOST - shown]:
            blocks += _item(lists, item, say)
        shown += len(items)
    blocks += _when_complete(lists, outlook, say)
    links = "  ·  ".join(f"<{link.url}|{escape(link.label.in_language(say.language))}>" for link in step.links)
    blocks += [context(links)] if links else []
    pointer = Pointer(contract=state.id, channel=state.channel_id, step=step.id)
    return modal(title=say("checklist.title"), close=say("modal.close"), blocks=blocks, private_metadata=pointer.dump())


def _kind(lists: TeamChecklists, say: Speaker) -> list[Block]:
    options = [option(say(f"checklist.{kind}"), kind) for kind in BusinessKind]
    chosen = next((one for one in options if one["value"] == lists.state.business_kind), None)
    menu: Element = {**radio(options, initial=chosen), "action_id": ActionId.BUSINESS_KIND}
    asked = [] if chosen else [section(say("checklist.which_kind"))]
    return [*asked, actions(menu, block_id=f"kind:{lists.state.business_kind}")]


def _item(lists: TeamChecklists, item: ChecklistItem, say: Speaker) -> list[Block]:
    """A box of its own for each: a press says what of this one was meant, and nothing of the others."""
    tick, text = lists.tick(item), item.in_language(say.language)
    is_long = len(text) > OPTION
    box: dict[str, Any] = {"text": mrkdwn(say("button.tick") if is_long else escape(text)), "value": item.id}
    note = _note(lists, item, say)
    below = [context(note)] if len(note) > DESCRIPTION else []
    if note and not below:
        box["description"] = mrkdwn(note)
    # Under another id whenever it changes: Slack keeps what is chosen under the same one.
    state = "on" if tick.is_ticked else "off"
    boxes: Element = checkboxes([box], initial=[box] if tick.is_ticked else [])
    return [
        *([section(escape(text))] if is_long else []),
        actions({**boxes, "action_id": f"{ActionId.CHECK}:{item.id}"}, block_id=f"item:{item.id}:{state}"),
        *below,
        *_age(lists, item, say),
    ]


def _note(lists: TeamChecklists, item: ChecklistItem, say: Speaker) -> str:
    """Who ticked it and when; before that, why it is asked for."""
    tick = lists.tick(item)
    if tick.is_ticked and tick.at is not None:
        who = mention(tick.by, say("person.somebody"))
        return say("checklist.ticked", who=who, when=say.moment(tick.at, lists.state.zone))
    return say("checklist.because", why=escape(item.because.in_language(say.language))) if item.because else ""


def _age(lists: TeamChecklists, item: ChecklistItem, say: Speaker) -> list[Block]:
    """When a paper that ages was issued, and until when it is accepted."""
    if item.valid_months is None:
        return []
    issued_on, until = lists.tick(item).issued_on, lists.valid_until(item)
    picker: Element = {"type": "datepicker", "action_id": f"{ActionId.ISSUED_ON}:{item.id}"}
    if issued_on is not None:
        picker["initial_date"] = issued_on.isoformat()
    if until is None:
        text = say("checklist.ask_issued", months=item.valid_months)
    elif lists.is_too_old(item):
        text = f"⛔ {say('checklist.too_old', day=say.day(until))}"
    else:
        text = f"{'⚠️' if lists.is_ageing(item) else '📅'} {say('checklist.valid_until', day=say.day(until))}"
    return [section(text, accessory=picker)]


def _when_complete(lists: TeamChecklists, outlook: Outlook, say: Speaker) -> list[Block]:
    """Once everything is ticked: the step can be recorded as done or, while others are to move, they can be asked."""
    state, step = lists.state, lists.step
    standing = state.step(step.id)
    opening = opening_button(state, say) if standing.is_done and lists.is_complete else []
    if opening:
        return [divider(), section(say("checklist.all_done")), actions(*opening)]
    if not lists.is_complete or not state.is_running or not standing.is_active:
        return []
    if state.turn_of(standing).is_teams:
        pointer = Pointer(contract=state.id, step=step.id).dump()
        label = step.finish_label.in_language(say.language)
        done = button(label, f"{ActionId.FINISH_STEP}:{step.id}", value=pointer, style="primary")
        return [divider(), section(say("checklist.all_done")), actions(done)]
    text = ready_to_send(outlook, say)
    return [
        divider(),
        section(say("checklist.all_checked")),
        *([ready_text(say("nudge.ready_message"), text)] if text else []),
    ]
