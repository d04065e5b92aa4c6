"""Every prompt that the pane suggests is a question that we answer at once."""

from __future__ import annotations

import pytest

from bot.answers.assistant import Assistant
from bot.answers.replies import Outcome
from bot.answers.situation import Situation
from bot.knowledge import Knowledge
from bot.office import Office
from bot.settings import Settings
from bot.texts.catalogue import LANGUAGES


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return Knowledge.load(Settings.read({}))


@pytest.fixture
def assistant(knowledge: Knowledge, office: Office) -> Assistant:
    return knowledge.assistant(office)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_prompt_is_answered_at_once(language: str, assistant: Assistant, knowledge: Knowledge) -> None:
    say = knowledge.texts.speaker(language)
    messages = [key for key in say if key.startswith("prompts.") and key.endswith(".message")]

    outcomes = {key: assistant.reply(say(key), Situation(language)).outcome for key in messages}

    assert len(messages) > 14
    unanswered = {key for key, outcome in outcomes.items() if outcome in {Outcome.CHOOSE, Outcome.HAND_OVER}}
    assert unanswered == set()


def test_every_step_has_its_prompts(knowledge: Knowledge) -> None:
    say = knowledge.texts.speaker("ko")

    missing = [
        f"{step.id}_{place}"
        for step in knowledge.procedures["kg_mobilians"].steps
        for place in ("first", "second")
        if f"prompts.{step.id}_{place}.title" not in say
    ]

    assert missing == []
