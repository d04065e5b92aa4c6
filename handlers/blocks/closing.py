"""The last stretch and its end: what to check before opening, and the look back once live payments run."""

from __future__ import annotations

from collections.abc import Mapping

from bot.contracts import wording
from bot.contracts.closing import Closing, Share, StepTaken
from bot.contracts.state import ContractState
from bot.nudges.delivery import Message
from bot.texts.catalogue import Speaker
from handlers.blocks.parts import (
    Block,
    Element,
    button,
    confirm,
    context,
    escape,
    header,
    section,
    table,
)
from handlers.blocks.sources import sources_line, sources_of
from handlers.ids import ActionId
from handlers.values import Pointer
from storage.tables import ContractStatus

_NAMED = 10


def opening_button(state: ContractState, say: Speaker) -> list[Element]:
    """For a contract that is reviewed and not open yet."""
    if state.status is not ContractStatus.LIVE or state.opened_on is not None:
        return []
    really = confirm(
        title=say("opening.sure"), text=say("opening.really"), yes=say("opening.confirm"), no=say("opening.not_yet")
    )
    pointer = Pointer(contract=state.id).dump()
    return [button(say("button.opened"), ActionId.OPENED, value=pointer, style="primary", confirm=really)]


def last_checks_button(state: ContractState, say: Speaker) -> list[Element]:
    """Leads to the list that the team ticks off together before it opens."""
    checklist = state.procedure.going_live
    if checklist is None or not checklist.is_ticked or not opening_button(state, say):
        return []
    pointer = Pointer(contract=state.id, step=state.procedure.steps[-1].id).dump()
    return [button(say("button.tick_off"), ActionId.SHOW_CHECKLIST, value=pointer)]


def before_opening(state: ContractState, say: Speaker) -> list[Block]:
    """What the team goes through between the last approval and the first live payment."""
    blocks: list[Block] = [section(say("change.live_next", merchant=escape(state.merchant)))]
    checklist = state.procedure.going_live
    if checklist is not None:
        lines = (f"{number}. {item.in_language(say.language)}" for number, item in enumerate(checklist.items, start=1))
        blocks.append(section(f"*{checklist.title.in_language(say.language)}*\n" + "\n".join(lines)))
        blocks.append(context(sources_line(sources_of(checklist.items, state.procedure), say)))
    return blocks


def closing_message(
    state: ContractState, closing: Closing, *, who: str, names: Mapping[str, str], say: Speaker
) -> Message:
    """`who` recorded the opening; `names` are made ready for mrkdwn, by Slack id."""
    title = say("closing.title", merchant=state.merchant)
    whole = say(
        "closing.whole",
        first=say.day(closing.first),
        opened=say.day(closing.opened_on),
        business_days=closing.business_days,
        days=closing.days,
    )
    columns = [say(f"closing.column_{name}") for name in ("step", "took", "usual")]
    blocks: list[Block] = [
        header(title),
        section(f"{say('closing.opened', who=who, merchant=escape(state.merchant))}\n{whole}"),
        table([columns, *(_row(step, say) for step in closing.steps)]),
    ]
    people = [share for share in closing.people if share.user_id in names][:_NAMED]
    if people:
        lines = "\n".join(f"•  {_share(share, names[share.user_id], say)}" for share in people)
        blocks.append(section(f"*{say('closing.people')}*\n{lines}"))
    blocks.append(context(say("closing.then")))
    return Message(text=f"{escape(title)} — {whole}", blocks=blocks)


def _row(step: StepTaken, say: Speaker) -> list[str]:
    took = say("duration.business_days.one", most=step.business_days) if step.business_days else say("picture.same_day")
    if step.late:
        took = say("closing.late", took=took, late=step.late)
    usual = wording.duration(step.usual, say) if step.usual else say("closing.not_published")
    return [step.step.title.in_language(say.language), took, usual]


def _share(share: Share, name: str, say: Speaker) -> str:
    steps = ", ".join(step.short_title.in_language(say.language) for step in share.steps)
    records = say("closing.records", count=share.records)
    return f"*{name}*  {'  ·  '.join(filter(None, (steps, records)))}"
