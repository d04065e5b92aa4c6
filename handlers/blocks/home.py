"""App Home: what waits for the person, their contracts with the buttons that move them on, and their last answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.contracts import wording
from bot.contracts.checklists import AgeingPaper
from bot.contracts.outlook import Outlook
from bot.overview import Look, OpenNudge, Overview, Scope, waits_for
from bot.texts.catalogue import Speaker
from handlers.blocks.lost_nudges import MOST_ON_HOME, lost_on_home
from handlers.blocks.parts import (
    Block,
    Element,
    actions,
    button,
    clip,
    context,
    divider,
    escape,
    header,
    section,
)
from handlers.blocks.status import headline, move_buttons
from handlers.ids import ActionId
from handlers.values import Pointer
from storage.tables import Question

_OPEN_NUDGES = 5
_AGEING = 3
_ASKED = 100
"""characters of a question that name it"""


def home_blocks(seen: Overview, outlooks: Sequence[Outlook], titles: Mapping[str, str], say: Speaker) -> list[Block]:
    """The person's own contracts, in the order in which they are given; `titles` names the topics that we have."""
    blocks: list[Block] = [header(say("home.title")), *scope_buttons(seen, say)]
    if not outlooks:
        start = button(say("button.start"), ActionId.START_CONTRACT, style="primary")
        blocks += [section(say("home.empty")), context(say("home.how_to_start")), actions(start)]
        return [*blocks, *_answered(seen.answered, titles, say), *_what_to_ask(say)]
    blocks.append(context(say("home.count", count=seen.found)))
    blocks += lost_on_home(seen.lost[:MOST_ON_HOME], say)
    blocks += _open_nudges(seen.open_nudges, say)
    blocks += _ageing(seen.ageing, say)
    waiting = [one for one in outlooks if waits_for(one.state, seen.user_id)]
    others = [one for one in outlooks if not waits_for(one.state, seen.user_id)]
    for key, group in (("home.waits_for_you", waiting), ("home.others", others)):
        blocks += [header(say(key))] if group else []
        for number, outlook in enumerate(group):
            blocks += [divider()] if number else []
            blocks += _contract(outlook, say)
    return [*blocks, *page_buttons(seen, say), *_answered(seen.answered, titles, say), *_what_to_ask(say)]


def scope_buttons(seen: Overview, say: Speaker) -> list[Block]:
    """For onboarding managers: their own contracts, or those of the whole workspace."""
    if not seen.is_manager:
        return []
    buttons = [
        look_button(
            say(f"home.{scope}"), Look(scope=scope), scope, style="primary" if seen.look.scope is scope else None
        )
        for scope in (Scope.WORKSPACE, Scope.MINE)
    ]
    return [actions(*buttons)]


def page_buttons(seen: Overview, say: Speaker) -> list[Block]:
    look, buttons = seen.look, []
    if look.page:
        earlier = look.model_copy(update={"page": look.page - 1})
        buttons.append(look_button(say("home.previous"), earlier, "previous"))
    if seen.left:
        later = look.model_copy(update={"page": look.page + 1})
        buttons.append(look_button(say("home.next", count=seen.left), later, "next"))
    return [actions(*buttons)] if buttons else []


def look_button(label: str, look: Look, name: str, *, style: str | None = None) -> Element:
    value = look.model_dump_json(exclude_defaults=True)
    return button(label, f"{ActionId.HOME_LOOK}:{name}", value=value, style=style)


def _contract(outlook: Outlook, say: Speaker) -> list[Block]:
    state = outlook.state
    title = f"*{escape(state.merchant)}*  ·  <#{state.channel_id}>\n"
    blocks: list[Block] = [section(title + headline(outlook, say))]
    if state.current and state.is_open:
        blocks.append(context(wording.happening(state, say)))
    pointer = Pointer(contract=state.id).dump()
    history = button(say("button.history"), ActionId.SHOW_HISTORY, value=pointer)
    blocks.append(actions(*move_buttons(state, say), *_tick_off(outlook, say), history))
    return blocks


def _tick_off(outlook: Outlook, say: Speaker) -> list[Element]:
    """The way to the checklists of the steps that can be worked on."""
    state = outlook.state
    if not state.is_running:
        return []
    steps = [one.step for one in state.active_steps if any(each.is_ticked for each in one.step.checklists)]
    return [
        button(
            say("home.tick_off", step=step.short_title.in_language(say.language)),
            f"{ActionId.SHOW_CHECKLIST}:{step.id}",
            value=Pointer(contract=state.id, step=step.id).dump(),
        )
        for step in steps
    ]


def _ageing(papers: Sequence[AgeingPaper], say: Speaker) -> list[Block]:
    """Papers that the PG will not take much longer, or does not take any more."""
    blocks = []
    for one in papers[:_AGEING]:
        key = "home.paper_too_old" if one.is_too_old else "home.paper_ageing"
        paper, merchant = one.item.in_language(say.language), escape(one.state.merchant)
        pointer = Pointer(contract=one.state.id, step=one.step.id).dump()
        look = button(say("button.tick_off"), f"{ActionId.SHOW_CHECKLIST}:{one.item.id}", value=pointer)
        blocks.append(section(say(key, merchant=merchant, paper=paper, day=say.day(one.valid_until)), accessory=look))
    return blocks


def _open_nudges(found: Sequence[OpenNudge], say: Speaker) -> list[Block]:
    """Reminders that came and that nobody has answered."""
    if not found:
        return []
    blocks: list[Block] = [header(say("home.unanswered"))]
    for one in found[:_OPEN_NUDGES]:
        state = one.state
        sent = say.moment(one.sent_at, state.zone) if one.sent_at else ""
        line = f"*{one.rule.headline.in_language(say.language)}*\n{escape(state.merchant)}  ·  <#{state.channel_id}>"
        look = button(say("button.status"), ActionId.SHOW_STATUS, value=Pointer(contract=state.id).dump())
        blocks.append(section(f"{line}  ·  {sent}" if sent else line, accessory=look))
    if len(found) > _OPEN_NUDGES:
        blocks.append(context(say("home.more_unanswered", count=len(found) - _OPEN_NUDGES)))
    return blocks


def _answered(asked: Sequence[Question], titles: Mapping[str, str], say: Speaker) -> list[Block]:
    known = [one for one in asked if one.topic in titles]
    if not known:
        return []
    blocks: list[Block] = [header(say("home.answered"))]
    for one in known:
        again = button(say("button.answer_again"), ActionId.ANSWER_AGAIN, value=Pointer(question=one.id).dump())
        asked_as = " ".join(one.text.split())
        blocks.append(
            section(f"*{escape(titles[one.topic or ''])}*\n{escape(clip(asked_as, _ASKED))}", accessory=again)
        )
    return blocks


def _what_to_ask(say: Speaker) -> list[Block]:
    settings = button(say("button.open_settings"), ActionId.OPEN_SETTINGS)
    return [divider(), section(say("home.ask")), context(say("home.ask_where")), actions(settings)]
