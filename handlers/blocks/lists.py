"""Lists that one person asks for: contracts, history, papers, help."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from bot.answers.suggestions import Proposal
from bot.contracts import wording
from bot.contracts.outlook import Outlook
from bot.contracts.reading import Page
from bot.contracts.state import ContractState
from bot.nudges.delivery import Message
from bot.procedure.model import Checklist, Step
from bot.texts.catalogue import Speaker
from handlers.blocks.parts import (
    Block,
    actions,
    button,
    clip,
    context,
    escape,
    header,
    mention,
    modal,
    section,
)
from handlers.ids import ActionId
from handlers.values import Pointer
from storage.tables import ContractStatus, History

_LISTED = 20
_QUESTIONS, _TOGETHER, _QUESTION = 30, 5, 200


def contract_list(outlooks: Sequence[Outlook], say: Speaker) -> Message:
    """In the order in which they are given."""
    title = say("list.title", count=len(outlooks))
    if not outlooks:
        return Message(text=say("list.empty"), blocks=[section(say("list.empty"))])
    blocks: list[Block] = [section(f"*{title}*")]
    blocks += [section(_contract_line(outlook, say)) for outlook in outlooks[:_LISTED]]
    if len(outlooks) > _LISTED:
        blocks.append(context(say("list.more", count=len(outlooks) - _LISTED)))
    return Message(text=title, blocks=blocks)


def history_list(page: Page, say: Speaker) -> Message:
    """One page, newest first, with the ways to its neighbours, to a picture and to a file."""
    state, rows = page.state, page.rows
    title = say("history.title", merchant=escape(state.merchant))
    lines = history_lines(page, say)
    blocks: list[Block] = [section(f"*{title}*")]
    blocks += [section("\n".join(lines[at : at + 10])) for at in range(0, len(lines), 10)]
    here = Pointer(contract=state.id)
    turning = {
        "newer": replace(here, after=rows[0].id) if page.has_newer and rows else None,
        "older": replace(here, before=rows[-1].id) if page.has_older else None,
    }
    buttons = [
        button(say(f"button.{where}"), f"{ActionId.SHOW_HISTORY}:{where}", value=pointer.dump())
        for where, pointer in turning.items()
        if pointer is not None
    ]
    picture = button(say("picture.button"), ActionId.SEND_PICTURE, value=here.dump())
    file = button(say("button.export"), ActionId.SEND_EXPORT, value=here.dump())
    blocks.append(actions(*buttons, picture, file))
    return Message(text=title, blocks=blocks)


def checklists(step: Step, say: Speaker) -> Message:
    """Everything that a step has to be ticked off by: the papers by kind of business, the points to check."""
    title = step.title.in_language(say.language)
    blocks: list[Block] = [section(f"*{title}*\n{step.summary.in_language(say.language)}")]
    blocks += [section(_checklist(checklist, say)) for checklist in step.checklists]
    blocks += (
        [context("  ·  ".join(f"<{link.url}|{escape(link.label.in_language(say.language))}>" for link in step.links))]
        if step.links
        else []
    )
    return Message(text=title, blocks=blocks)


def unanswered_list(found: Sequence[Proposal], say: Speaker) -> Message:
    """What people asked and nothing answered, the most frequent first. Words only: no names, no places."""
    title = say("unanswered.title", count=sum(len(one.ids) for one in found))
    lines = [
        say("unanswered.line", times=len(one.ids), question=escape(clip(one.question, _QUESTION)))
        for one in found[:_QUESTIONS]
    ]
    blocks: list[Block] = [section(f"*{title}*")]
    blocks += [section("\n".join(lines[at : at + _TOGETHER])) for at in range(0, len(lines), _TOGETHER)]
    if len(found) > _QUESTIONS:
        blocks.append(context(say("unanswered.more", count=len(found) - _QUESTIONS)))
    if found:
        blocks.append(context(say("unanswered.what_next")))
    return Message(text=title, blocks=blocks)


def help_message(command: str, say: Speaker, *, has_contract: bool) -> Message:
    blocks: list[Block] = [
        header(say("help.title")),
        section(say("help.intro")),
        section(say("help.words", command=command)),
        section(say("help.ask")),
        context(say("help.privacy")),
    ]
    if not has_contract:
        blocks.append(actions(button(say("button.start"), ActionId.START_CONTRACT, style="primary")))
    return Message(text=say("help.intro"), blocks=blocks)


def _contract_line(outlook: Outlook, say: Speaker) -> str:
    state = outlook.state
    name = f"*{escape(state.merchant)}*  <#{state.channel_id}>"
    if state.status is not ContractStatus.ACTIVE or state.current is None:
        return f"{name}\n{wording.standing(state, say)}"
    step = state.current
    details = [
        step.step.title.in_language(say.language),
        wording.waiting(outlook, step, say),
        wording.expectation(outlook, step, say),
    ]
    return f"{name}\n" + "  ·  ".join(detail for detail in details if detail)


def history_lines(page: Page, say: Speaker) -> list[str]:
    return [_history_line(page.state, row, say) for row in page.rows]


def _history_line(state: ContractState, row: History, say: Speaker) -> str:
    what = say(f"history.{row.kind}")
    about = []
    if row.step_id:
        about.append(state.procedure.step(row.step_id).title.in_language(say.language))
    if row.card_id:
        about.append(state.procedure.card_company(row.card_id).name.in_language(say.language))
    if row.details.get("decision"):
        about.append(say(f"card_status.{row.details['decision']}"))
    if row.day and row.day != row.at.astimezone(ZoneInfo(state.zone)).date():  # the day of recording stands before it
        about.append(say.day(row.day))
    line = f"{say.moment(row.at, state.zone)}  {mention(row.actor, say('person.somebody'))}  *{what}*"
    return f"{line}  ·  {'  ·  '.join(about)}" if about else line


def _checklist(checklist: Checklist, say: Speaker) -> str:
    lines = [f"•  {item.in_language(say.language)}" for item in checklist.items]
    return f"*{checklist.title.in_language(say.language)}*\n" + "\n".join(lines)


def history_modal(message: Message, say: Speaker) -> dict[str, Any]:
    return modal(title=say("history.modal_title"), close=say("modal.close"), blocks=[dict(b) for b in message.blocks])
