"""Somebody says something to the assistant: what we know of the place, the answer, and what we keep of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from msgspec import Struct, ValidationError, convert, to_builtins
from msgspec.structs import replace
from sqlmodel import Session

from bot.answers.meaning import Band, Meaning, MeaningKind, ThreadContext
from bot.answers.replies import Offer, Outcome, Reply
from bot.answers.situation import Situation
from bot.contracts import moves
from bot.contracts.desk import Actor
from bot.contracts.reading import contract_of_channel, contracts_of
from bot.contracts.refusals import Refused
from bot.office import Office
from handlers.deps import Deps, Visit
from storage.inbox import Taken, note_question
from storage.questions import Asked, find_question, keep_question, last_question
from storage.suggestions import keep_suggestion
from storage.tables import Question, Verdict
from storage.workspace_settings import help_channel_of
from storage.workspaces import remember_workspace

_THREAD_MEMORY = timedelta(minutes=30)
"""How long "그건 얼마나 걸려?" still means the topic before, and an offer can be answered in words."""
_THREAD_OURS = timedelta(days=7)
"""How long a thread that we answered in is listened to without a mention."""
_KEPT_TEXT = 2000
_SHORT = 300
"""Characters, of what people say in one go."""
Result = TypeVar("Result")


class Place(Struct, frozen=True):
    """Where something was said, as the database knows it."""

    situation: Situation
    is_our_thread: bool = False
    last_question_id: int | None = None
    """the question before, if it still counts"""


async def look_around(visit: Visit, *, thread_ts: str | None) -> Place:
    """What has to be known before something said here can be understood."""
    database = visit.deps.database
    look = database.glance if visit.in_team_channel else database.read  # elsewhere a person may have many contracts
    return await look(
        _look_around,
        office=visit.deps.office,
        actor=await visit.reader(),
        language=visit.say.language,
        channel_id=visit.channel_id,
        in_team_channel=visit.in_team_channel,
        thread_ts=thread_ts,
    )


async def answer(visit: Visit, text: str, place: Place) -> tuple[Meaning, Reply]:
    """What the text means, and what we say to it; nothing is kept and nothing is changed yet."""
    deps = visit.deps
    is_quick = len(text) <= _SHORT and deps.understands_at_once
    compute = _at_once if is_quick else deps.questions.compute
    understood = await _understood_apart(deps, text, place.situation)
    meaning, contract_id, reply = await compute(_answer, deps, text, place.situation, understood)
    if contract_id is not None:
        situation = replace(place.situation, last_change=await _last_change(visit, contract_id))
        reply = await compute(deps.assistant.reply_to, text, meaning, situation)
    return meaning, reply


async def _understood_apart(deps: Deps, text: str, situation: Situation) -> Meaning | None:
    """None where that is to be done here."""
    if deps.apart is None or not deps.apart.is_ready:
        return None
    return await deps.apart.understand(deps.assistant.utterance(text, situation))


async def _at_once(work: Callable[..., Result], /, *args: Any) -> Result:
    """For a millisecond or two: a thread would not give way to the event loop before five."""
    return work(*args)


def _answer(deps: Deps, text: str, situation: Situation, meaning: Meaning | None) -> tuple[Meaning, int | None, Reply]:
    """Also the contract whose last change has to be known for the true reply."""
    assistant = deps.assistant
    meaning = meaning or assistant.understand(text, situation)
    contract_id = assistant.contract_to_look_back_at(text, meaning, situation)
    return meaning, contract_id, assistant.reply_to(text, meaning, situation)


async def remember(
    visit: Visit,
    text: str,
    meaning: Meaning,
    reply: Reply,
    place: Place,
    *,
    thread_ts: str | None,
    taken: Taken | None = None,
) -> int:
    """Keeps the question, so that the thread can go on and topics can grow. Returns its id.

    With `taken` the inbox learns in the same transaction that its answer is about to be posted.
    """
    asked = Asked(
        channel_id=visit.channel_id or visit.user_id,
        thread_ts=thread_ts,
        user_id=visit.user_id,
        asked_at=visit.deps.office.now(),
        text=text[:_KEPT_TEXT],
        outcome=reply.outcome,
        topic=reply.topic,
        # Only what was really offered: a "네" after an answer is no choice among what stood beneath it.
        offered=[choice.topic for choice in reply.choices] if reply.outcome is Outcome.CHOOSE else [],
        offers=to_builtins([reply.confirmed] if reply.confirmed else reply.offers),
        confidence=reply.confidence,
    )
    return await visit.deps.database.jot(
        _keep, asked, meaning, workspace_id=visit.workspace_id, last_question_id=place.last_question_id, taken=taken
    )


async def keep_verdict(visit: Visit, question_id: int | None, verdict: Verdict, reply: Reply | None = None) -> bool:
    """Somebody's word on an answer, kept as a suggestion. False for a question that nobody asked here.

    `reply` is what is shown instead, after a click on another topic or on none: the thread goes on from there.
    """
    if question_id is None:
        return False
    return await visit.deps.database.write(
        _judge,
        question_id,
        verdict,
        reply,
        workspace_id=visit.workspace_id,
        channel_id=visit.channel_id or visit.user_id,
        user_id=visit.user_id,
        now=visit.deps.office.now(),
    )


async def help_channel(visit: Visit) -> str | None:
    """Where the workspace wants its questions asked that we cannot answer."""
    return await visit.deps.database.glance(help_channel_of, workspace_id=visit.workspace_id)


async def may_be_handed_over(visit: Visit, reply: Reply) -> bool:
    """Whether a person is to be asked, and there is a channel for that."""
    return reply.asks_a_person and await help_channel(visit) is not None


def is_worth_saying(reply: Reply, *, addressed: bool) -> bool:
    """In a thread where people talk to each other we speak only when we have something to say."""
    if addressed:
        return True
    return not reply.quiet and reply.outcome in {Outcome.ANSWER, Outcome.STATUS, Outcome.REPORT}


async def _last_change(visit: Visit, contract_id: int) -> moves.LastChange | None:
    try:
        return await visit.deps.database.read(
            moves.last_change, contract_id=contract_id, office=visit.deps.office, actor=await visit.reader()
        )
    except Refused:
        return None


def _keep(
    asked: Asked,
    meaning: Meaning,
    *,
    workspace_id: str,
    last_question_id: int | None,
    taken: Taken | None,
    session: Session,
) -> int:
    mine: dict[str, Any] = {"session": session, "workspace_id": workspace_id}
    if taken is None:  # the inbox has seen to it otherwise
        remember_workspace(**mine, now=asked.asked_at)
        question_id = keep_question(asked, **mine)
    else:
        question_id = keep_question(asked, **mine, question_id=taken.question_id)
        note_question(**mine, inbox_id=taken.id, question_id=question_id)
    said = {**mine, "user_id": asked.user_id, "now": asked.asked_at}
    if meaning.kind is MeaningKind.CHOICE and last_question_id is not None:
        _keep_choice_in_words(meaning, last_question_id, said)
    elif asked.outcome == Outcome.HAND_OVER and asked.topic is None:
        keep_suggestion(**said, question_id=question_id, verdict=Verdict.UNANSWERED)
    return question_id


def _keep_choice_in_words(meaning: Meaning, question_id: int, said: dict[str, Any]) -> None:
    """ "두 번째" says of the question before what a click would have said."""
    before = said["session"].get(Question, question_id)
    if before is None or meaning.band is Band.CHOOSE:  # a yes to several topics leaves open which
        return
    verdict = Verdict.NONE if meaning.topic is None else Verdict.CHOSEN
    keep_suggestion(**said, question_id=question_id, verdict=verdict, shown=before.topic, chosen=meaning.topic)


def _judge(
    question_id: int,
    verdict: Verdict,
    reply: Reply | None,
    *,
    workspace_id: str,
    channel_id: str,
    user_id: str,
    now: datetime,
    session: Session,
) -> bool:
    question = find_question(session=session, workspace_id=workspace_id, channel_id=channel_id, question_id=question_id)
    if question is None:
        return False
    keep_suggestion(
        session=session,
        workspace_id=workspace_id,
        question_id=question_id,
        user_id=user_id,
        now=now,
        verdict=verdict,
        shown=question.topic,
        chosen=reply.topic if reply else None,
    )
    if reply is not None:
        question.topic, question.outcome, question.offered = reply.topic, reply.outcome, []
    return True


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
    situation = Situation(language=language, states=tuple(states), person_id=actor.user_id)
    last = None
    if channel_id is not None and (thread_ts is not None or not in_team_channel):
        last = _last_question(
            session=session,
            actor=actor,
            channel_id=channel_id,
            thread_ts=thread_ts,
            now=office.now(),
        )
    if last is None or last.asked_at < office.now() - _THREAD_MEMORY:
        return Place(situation, is_our_thread=last is not None)
    situation = replace(
        situation,
        context=ThreadContext(last_topic=last.topic, shown=tuple(last.offered), asked_at=last.asked_at),
        offered=_offers_of(last) if last.user_id == actor.user_id else (),
    )
    return Place(situation, is_our_thread=True, last_question_id=last.id)


def _last_question(
    *, session: Session, actor: Actor, channel_id: str, thread_ts: str | None, now: datetime
) -> Question | None:
    """Of the thread; in a direct message also what was said above, for people go on where they stopped."""
    where = {"session": session, "workspace_id": actor.workspace_id, "channel_id": channel_id}
    if thread_ts is None:
        return last_question(**where, since=now - _THREAD_MEMORY, user_id=actor.user_id)  # type: ignore[arg-type]
    return last_question(**where, since=now - _THREAD_OURS, thread_ts=thread_ts)  # type: ignore[arg-type]


def _offers_of(question: Question) -> tuple[Offer, ...]:
    try:
        return convert(question.offers, tuple[Offer, ...])
    except ValidationError:  # offered by another version of ours
        return ()
