"""The weekly summary of a contract: what waits on whom, since when, and what is expected next."""

from __future__ import annotations

from bot.contracts import wording
from bot.contracts.outlook import Outlook
from bot.nudges.delivery import DueNudge
from bot.texts.catalogue import Speaker
from handlers.blocks.parts import Block, actions, button, context, section
from handlers.blocks.status import headline, move_buttons
from handlers.ids import ActionId
from handlers.values import Pointer


def digest_blocks(nudge: DueNudge, outlook: Outlook, say: Speaker) -> list[Block]:
    state = outlook.state
    lines = [headline(outlook, say)]
    if state.current is not None:
        lines.append(wording.happening(state, say))
    if state.review_was_requested:
        lines.append(wording.card_summary(state, say))
    lines += [
        f"• {step.step.title.in_language(say.language)}  ·  {wording.waiting(outlook, step, say)}"
        for step in state.meanwhile
    ]
    status = button(say("button.status"), ActionId.SHOW_STATUS, value=Pointer(contract=state.id).dump())
    return [
        section("\n".join(line for line in lines if line)),
        actions(*move_buttons(state, say), status, block_id=f"nudge:{nudge.nudge_id}"),
        context(say("digest.why")),
    ]
