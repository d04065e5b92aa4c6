"""What people say of an answer: another topic was meant, none of these, a thumb. Kept for somebody to approve."""

from __future__ import annotations

from bot.answers.replies import Reply
from bot.nudges.delivery import Message
from handlers.blocks.answers import answer_message, ask_a_person
from handlers.blocks.parts import section
from handlers.deps import Deps
from handlers.ids import ActionId
from handlers.listening import Press, on_press
from handlers.messages.conversation import help_channel, keep_verdict, look_around, may_be_handed_over
from handlers.routes import Routes
from handlers.showing import tell
from handlers.values import StaleButton, id_of
from storage.tables import Verdict

_GOOD = "good"


def register(routes: Routes, deps: Deps) -> None:
    on_press(routes, ActionId.SHOW_TOPIC, show_topic, deps)
    on_press(routes, ActionId.NONE_OF_THESE, none_of_these, deps)
    on_press(routes, ActionId.FEEDBACK, thumb, deps)


async def show_topic(press: Press) -> None:
    """The topic that somebody chose takes the place of the choices."""
    place = await look_around(press.visit, thread_ts=press.thread_ts)
    try:
        reply = press.visit.deps.assistant.tell_topic(press.pointer.topic or "", place.situation)
    except KeyError:
        raise StaleButton from None
    await keep_verdict(press.visit, press.pointer.question, Verdict.CHOSEN, reply)
    await _replace(press, reply)


async def none_of_these(press: Press) -> None:
    place = await look_around(press.visit, thread_ts=press.thread_ts)
    reply = press.visit.deps.assistant.none_of_these(place.situation)
    await keep_verdict(press.visit, press.pointer.question, Verdict.NONE, reply)
    await _replace(press, reply)


async def thumb(press: Press) -> None:
    """The value of the pressed thumb is `question:good` or `question:bad`."""
    visit = press.visit
    number, _, which = str(press.action.get("value") or "").partition(":")
    question_id = id_of(number)
    good = which == _GOOD
    kept = await keep_verdict(visit, question_id, Verdict.HELPFUL if good else Verdict.UNHELPFUL)
    if not kept:
        raise StaleButton
    text = visit.say("answer.thanks" if good else "answer.sorry")
    blocks = [section(text)]
    if not good and await help_channel(visit) is not None:
        blocks.append(ask_a_person(question_id, visit.say))
    await tell(visit, Message(text=text, blocks=blocks), thread_ts=press.thread_ts)


async def _replace(press: Press, reply: Reply) -> None:
    say, pointer = press.visit.deps.texts.speaker(reply.language), press.pointer
    await press.replace(
        answer_message(
            reply,
            say,
            question_id=pointer.question,
            has_help_channel=await may_be_handed_over(press.visit, reply),
            about=pointer.about,
        )
    )
