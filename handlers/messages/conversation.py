"""Somebody says something to the assistant: what we know of the place, the answer, and what we keep of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session

from bot.answers.assistant import Situation
from bot.answers.replies import Outcome, Reply
from bot.answers.understanding import ThreadContext
from bot.contracts.desk import Actor
from bot.contracts.reading import contract_of_channel, contracts_of
from bot.office import Office
from handlers.deps import Visit
from storage.questions import last_question_of_thread
from storage.tables import Question
from storage.workspaces import remember_workspace

_THREAD_MEMORY = timedelta(minutes=30)
"""How long "그건 얼마나 걸려?" still means the topic before."""
_THREAD_OURS = timedelta(days=7)
"""How long a thread that we answered in is listened to without a mention."""
_KEPT_TEXT = 2000


@dataclass(frozen=True)
class Place:
    """Where something was said, as the database knows it."""

    situation: Situation
    is_our_thread: bool


async def look_around(visit: Visit, *, thread_ts: str | None) -> Place:
    """What has to be known before something said here can be understood."""
    return await visit.deps.database.read(
        _look_around,
        office=visit.deps.office,
        actor=await visit.actor(),
        language=visit.say.language,
        channel_id=visit.channel_id,
        in_team_channel=visit.in_team_channel,
        thread_ts=thread_ts,
    )


async def remember(visit: Visit, text: str, reply: Reply, *, thread_ts: str | None) -> None:
    """Keeps the question, so that the thread can go on and topics can grow."""
    question = Question(
        workspace_id=visit.workspace_id,
        channel_id=visit.channel_id or visit.user_id,
        thread_ts=thread_ts,
        user_id=visit.user_id,
        asked_at=visit.deps.office.now(),
        text=text[:_KEPT_TEXT],
        outcome=reply.outcome,
        topic=reply.topic,
        # Only what was really offered: a "네" after an answer is no choice among what stood beneath it.
        offered=[choice.topic for choice in reply.choices] if reply.outcome is Outcome.CHOOSE else [],
        confidence=reply.confidence,
    )
    await visit.deps.database.write(_keep, question, visit.workspace_id)


def is_worth_saying(reply: Reply, *, addressed: bool) -> bool:
    """In a thread where people talk to each other we speak only when we have something to say."""
    return addressed or reply.outcome in {Outcome.ANSWER, Outcome.STATUS, Outcome.REPORT}


def _keep(question: Question, workspace_id: str, *, session: Session) -> None:
    remember_workspace(session=session, workspace_id=workspace_id, now=question.asked_at)
    session.add(question)


def _look_around(
    *,
    session: Session,
    office: Office,
    actor: Actor,
    language: str,
    channel_id: str | None,
    in_team_channel: bool,
    thread_ts: str | None,
) -> Place:
    if in_team_channel and channel_id is not None:
        own = contract_of_channel(channel_id, workspace_id=actor.workspace_id, session=session, office=office)
        states = [own] if own is not None else []
    else:
        states = contracts_of(session=session, office=office, actor=actor)
    now = office.now()
    last = None
    if thread_ts is not None and channel_id is not None:
        last = last_question_of_thread(
            session=session,
            workspace_id=actor.workspace_id,
            channel_id=channel_id,
            thread_ts=thread_ts,
            since=now - _THREAD_OURS,
        )
    context = None
    if last is not None and last.asked_at >= now - _THREAD_MEMORY:
        context = ThreadContext(last_topic=last.topic, shown=tuple(last.offered), asked_at=last.asked_at)
    return Place(Situation(language=language, states=tuple(states), context=context), is_our_thread=last is not None)
