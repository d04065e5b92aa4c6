"""The buttons under an answer that act on it, as its topic and the team's own contract ask for them."""

from __future__ import annotations

from bot.answers.replies import Act, ActKind
from bot.answers.topics import Action, Topic
from bot.contracts.state import ContractState
from bot.procedure.model import Procedure, Step
from bot.texts.catalogue import Speaker

_LINKS = 2


def acts_for(topic: Topic, state: ContractState | None, procedure: Procedure, say: Speaker) -> tuple[Act, ...]:
    """First what moves the own contract on, where it stands at the topic's step; then lists and links."""
    if topic.step is None or topic.action is Action.NONE:
        return ()
    step = procedure.step(topic.step)
    acts = moves_of(state, topic.step, say) if state else ()
    if topic.action is Action.CHECKLIST and step.checklists:
        acts = (*acts, Act(ActKind.CHECKLIST, say("button.checklist"), step=step.id))
    if topic.action is Action.LINK:
        acts = (*acts, *_links(step, say))
    return acts


def moves_of(state: ContractState, step_id: str, say: Speaker) -> tuple[Act, ...]:
    """What can be recorded of a step that is open now: that it is done, or how the card review goes."""
    step = next((one for one in state.active_steps if one.step.id == step_id), None)
    if step is None or not state.is_running:
        return ()
    if step_id != state.procedure.card_review_step or not state.cards:
        return (Act(ActKind.FINISH_STEP, step.step.finish_label.in_language(say.language), state.id, step_id),)
    kind = ActKind.CARD_DECISION if state.cards_in_review else ActKind.REQUEST_REVIEW
    return (Act(kind, say(f"button.{kind}"), state.id, step_id),)


def _links(step: Step, say: Speaker) -> tuple[Act, ...]:
    return tuple(Act(ActKind.LINK, link.label.in_language(say.language), url=link.url) for link in step.links[:_LINKS])
