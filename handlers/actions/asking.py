"""One press asks a person: the question goes to the workspace's help channel, with what the contract tells of it."""

from __future__ import annotations

from slack_sdk.errors import SlackApiError

from bot.contracts.refusals import Refused
from bot.nudges.delivery import Message
from handlers.blocks.asking import handed_over, help_request
from handlers.deps import Deps, Visit
from handlers.ids import ActionId
from handlers.listening import Press, on_press
from handlers.messages.conversation import help_channel, look_around
from handlers.routes import Routes
from handlers.slack_errors import CLOSED_TO_US, family_of
from handlers.values import StaleButton
from storage.questions import find_question, release_hand_over, take_hand_over
from storage.tables import Question


class NoHelpChannel(Refused):
    """Nobody has chosen one, or we are not in it."""

    key = "no_help_channel"


class AskedAlready(Refused):
    key = "asked_already"


def register(routes: Routes, deps: Deps) -> None:
    on_press(routes, ActionId.ASK_A_PERSON, ask_a_person, deps)


async def ask_a_person(press: Press) -> None:
    """Raises AskedAlready: a question goes out once, whoever pressed first."""
    visit, question_id = press.visit, press.pointer.question
    if question_id is None:
        raise StaleButton
    channel_id = await help_channel(visit)
    if channel_id is None:
        raise NoHelpChannel
    place = await look_around(visit, thread_ts=press.thread_ts)
    where = {"workspace_id": visit.workspace_id, "question_id": question_id}
    question = await visit.deps.database.read(find_question, **where, channel_id=visit.channel_id or visit.user_id)
    if question is None:
        raise StaleButton
    taken = await visit.deps.database.write(take_hand_over, **where, user_id=visit.user_id, now=visit.deps.office.now())
    if not taken:
        raise AskedAlready
    outlooks = [visit.outlook(state) for state in place.situation.states[:1]]
    link = await _link(visit, question, about=press.pointer.about)
    message = help_request(question, outlooks, link, visit.user_id, visit.say)
    try:
        await _post(visit, channel_id, message)
    except SlackApiError as error:
        await visit.deps.database.write(release_hand_over, **where)
        if family_of(error) in CLOSED_TO_US:
            raise NoHelpChannel from error
        raise
    blocks = (press.body.get("message") or {}).get("blocks") or []
    text = visit.say("asking.done", who=await visit.name(), channel=f"<#{channel_id}>")
    await press.replace(handed_over(blocks, text))


async def _post(visit: Visit, channel_id: str, message: Message) -> None:
    await visit.client.chat_postMessage(channel=channel_id, text=message.text, blocks=message.blocks)


async def _link(visit: Visit, question: Question, *, about: str | None) -> str | None:
    """The way to the message; a question typed as a command has none, and Slack may not tell it."""
    message_ts = question.thread_ts or about
    if message_ts is None:
        return None
    try:
        answer = await visit.client.chat_getPermalink(channel=question.channel_id, message_ts=message_ts)
    except SlackApiError:
        return None
    return str(answer["permalink"])
