"""Topics: the things people ask about, each with how it is asked, its answer and its sources.

A topic file is `topics/*.yml`. The answer of a topic may quote a sentence of the procedure by its id,
`{guide_mail_in_spam}`, a fact of any topic file, or a step's usual time, `{expected.guidance}`: a fact has one home.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from bot.procedure.data import Data, Sentence, Slug, Text
from bot.procedure.model import Source, Statement

TopicId = Annotated[str, StringConstraints(pattern=r"^[a-z_]+(\.[a-z0-9_]+)+$", max_length=60)]


class Kind(StrEnum):
    FACT = "fact"
    """answered from the topic's own text"""
    UNPUBLISHED = "unpublished"
    """asked often, and nobody publishes it: we say so, and name who knows"""
    STATE = "state"
    """about the team's own contract: answered from its progress"""
    ACTION = "action"
    """a wish that the assistant itself carries out (help, undo, a reminder)"""
    REPORT = "report"
    """a statement that something happened: offered as a button, never applied by itself"""
    SMALL_TALK = "small_talk"
    OUTSIDE = "outside"
    """not ours at all; keeps such questions from being taken for ours"""


class Action(StrEnum):
    """The button under an answer. Whatever it is, the step's own button stands before it while the step is open."""

    STEP = "step"
    """nothing but the step's own button"""
    CHECKLIST = "checklist"
    """the step's checklists"""
    LINK = "link"
    """the pages at which the step is done"""
    NONE = "none"


class Topic(Data):
    id: TopicId
    kind: Kind = Kind.FACT
    title: Text
    """What it is about in a few words (60 characters at most): stands on a button."""
    step: Slug | None = None
    """The step that it is about: the answer says how the own contract stands there, and has its button."""
    action: Action = Action.STEP
    own: TopicId | None = None
    """A `state` topic whose answer about the own contract is added, where a step does not say enough."""
    asked: Annotated[tuple[Annotated[str, StringConstraints(min_length=1)], ...], Field(min_length=1)]
    """How people ask it, in any language and spelling."""
    answer: Text | None = None
    """The direct answer in its first sentence, then at most a few lines. Needed for fact, unpublished and outside."""
    more: Text | None = None
    """What is worth knowing beside it, shown smaller."""
    sources: tuple[Slug, ...] = ()
    contacts: tuple[Slug, ...] = ()
    """Who knows more, or who knows what we do not."""
    review_after: date | None = None
    """From this day on the topic should be read again."""


class TopicFile(Data):
    subject: Sentence
    sources: tuple[Source, ...] = ()
    """Documents that no procedure names."""
    review_after: date | None = None
    """For those of its topics that name no day of their own."""
    facts: tuple[Statement, ...] = ()
    """Sentences that several topics quote, and that belong to no procedure."""
    topics: tuple[Topic, ...]

    def dated_topics(self) -> tuple[Topic, ...]:
        """The topics, each with the day from which on it should be read again."""
        day = {"review_after": self.review_after}
        return tuple(topic if topic.review_after else topic.model_copy(update=day) for topic in self.topics)
