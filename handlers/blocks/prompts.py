"""What the assistant's pane greets with, and what it suggests to ask: what fits where the contract stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.contracts.state import ContractState
from bot.texts.catalogue import Speaker
from handlers.blocks.parts import clip

_TITLE = 150
_NEWCOMER = ("steps", "papers", "mail", "review")
_ANYWHERE = ("papers", "review")


def suggested_prompts(states: Sequence[ContractState], say: Speaker) -> dict[str, Any]:
    """As `assistant.threads.setSuggestedPrompts` wants it: a greeting, and at most four prompts.

    `states` are the person's contracts, the one that waits longest first.
    """
    return {
        "title": clip(_greeting(states, say), _TITLE),
        "prompts": [
            {"title": say(f"prompts.{kind}.title"), "message": say(f"prompts.{kind}.message")}
            for kind in _kinds(states, say)
        ],
    }


def _greeting(states: Sequence[ContractState], say: Speaker) -> str:
    running = [state for state in states if state.is_running]
    if len(running) != 1 or running[0].current is None:
        return say("prompts.title")
    step = running[0].current.step.title.in_language(say.language)
    return say("prompts.title_at", merchant=running[0].merchant, step=step)


def _kinds(states: Sequence[ContractState], say: Speaker) -> tuple[str, ...]:
    """The catalogues hold two prompts a step; for a step of another procedure there are those that fit anywhere."""
    if not states:
        return _NEWCOMER
    current = states[0].current
    of_step = [f"{current.step.id}_{place}" for place in ("first", "second")] if current else []
    known = [kind for kind in of_step if f"prompts.{kind}.title" in say]
    return ("status", "next", *(known or _ANYWHERE))
