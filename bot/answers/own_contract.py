"""Answers about the team's own contract, from its progress: where it stands, whose turn it is, what is expected."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.contracts import wording
from bot.contracts.outlook import Outlook
from bot.contracts.state import ContractState
from bot.texts.catalogue import Speaker
from storage.states import ContractStatus

_Answer = Callable[[Outlook, Speaker], str]


def answer_about_own_contract(topic: str, outlook: Outlook, say: Speaker) -> str:
    """`topic` is one of the `state.*` topics; one that is new to us is answered with the whole status."""
    state = outlook.state
    if state.status is not ContractStatus.ACTIVE:
        return f"{say('own.merchant', merchant=state.merchant)} {wording.standing(state, say)}"
    return _ANSWERS.get(topic, _status)(outlook, say)


def _status(outlook: Outlook, say: Speaker) -> str:
    state = outlook.state
    done = sum(step.is_done for step in state.steps)
    lines = [
        say("own.status", merchant=state.merchant, step=_current_title(state, say), done=done, total=len(state.steps)),
        *_current_lines(outlook, say),
    ]
    if _in_review(state):
        lines.append(wording.card_summary(state, say))
    lines += [say("own.meanwhile", step=step.step.title.in_language(say.language)) for step in state.meanwhile]
    return _joined(lines)


def _next_action(outlook: Outlook, say: Speaker) -> str:
    state = outlook.state
    if state.current is None:
        return _status(outlook, say)
    step = state.current
    lines = [
        say("own.next_action", step=_current_title(state, say), summary=step.step.summary.in_language(say.language)),
        *(f"• {todo.in_language(say.language)}" for todo in step.step.what_to_do[:3]),
        wording.expectation(outlook, step, say),
    ]
    lines += [say("own.meanwhile", step=other.step.title.in_language(say.language)) for other in state.meanwhile]
    return _joined(lines)


def _waiting_on(outlook: Outlook, say: Speaker) -> str:
    state = outlook.state
    if state.current is None:
        return _status(outlook, say)
    who = wording.turn_name(state.turn_of(state.current), state.procedure, say)
    lines = [
        say("own.waiting_on", who=who, step=_current_title(state, say)),
        *_current_lines(outlook, say),
    ]
    if _in_review(state):
        lines.append(wording.card_summary(state, say))
    return _joined(lines)


def _remaining(outlook: Outlook, say: Speaker) -> str:
    state = outlook.state
    left = [step for step in state.steps if not step.is_done]
    lines = [say("own.remaining", count=len(left))]
    lines += [f"• {step.step.title.in_language(say.language)}" for step in left]
    return _joined(lines)


def _review_eta(outlook: Outlook, say: Speaker) -> str:
    state = outlook.state
    review = state.step(state.procedure.card_review_step)
    if not review.is_active or not _in_review(state):
        return _joined(
            [
                say("own.review_not_requested", step=_current_title(state, say)),
                say("own.review_usual", usual=_usual(state, say)),
            ]
        )
    expected_on = outlook.expected_on(review)
    since = state.waiting_since(review)
    lines = []
    if expected_on and since:
        key = "own.review_eta_late" if expected_on < outlook.today else "own.review_eta"
        lines.append(say(key, day=say.day(expected_on), since=say.day(since), usual=_usual(state, say)))
    lines += [wording.card_summary(state, say), say("own.review_is_an_estimate")]
    return _joined(lines)


def _when_done(outlook: Outlook, say: Speaker) -> str:
    state = outlook.state
    lines = [say("own.when_done", merchant=state.merchant)]
    lines += [
        f"• {step.step.title.in_language(say.language)}: {say.day(step.done_on)}"
        for step in state.steps
        if step.is_done and step.done_on
    ]
    if _in_review(state) and state.review_requested_on:
        lines.append(say("own.review_requested_on", day=say.day(state.review_requested_on)))
    return _joined(lines if len(lines) > 1 else [say("own.nothing_done_yet")])


_ANSWERS: Mapping[str, _Answer] = {
    "state.status": _status,
    "state.next_action": _next_action,
    "state.waiting_on": _waiting_on,
    "state.remaining": _remaining,
    "state.review_eta": _review_eta,
    "state.when_done": _when_done,
}


def _in_review(state: ContractState) -> bool:
    return bool(state.cards_in_review)


def _current_title(state: ContractState, say: Speaker) -> str:
    return state.current.step.title.in_language(say.language) if state.current else wording.standing(state, say)


def _current_lines(outlook: Outlook, say: Speaker) -> list[str]:
    state = outlook.state
    if state.current is None:
        return []
    return [
        wording.waiting(outlook, state.current, say),
        wording.expectation(outlook, state.current, say),
    ]


def _usual(state: ContractState, say: Speaker) -> str:
    expected = state.step(state.procedure.card_review_step).step.expected
    return wording.duration(expected, say) if expected else say("own.no_usual_time")


def _joined(lines: list[str]) -> str:
    return "\n".join(line for line in lines if line)
