"""The buttons that only App Home has: other contracts, other pages, a message to send, an answer once more."""

from __future__ import annotations

from pydantic import ValidationError

from bot.overview import SEARCH_LENGTH, Look, Scope, look_into
from handlers.blocks.answers import answer_message
from handlers.blocks.home_of_workspace import EVERY_STEP, contract_modal, find_modal
from handlers.blocks.parts import modal
from handlers.deps import Deps
from handlers.home.publishing import everywhere, look_of, publish_home
from handlers.ids import ActionId, ViewId
from handlers.listening import Press, Submission, on_press, on_submission
from handlers.messages.conversation import look_around
from handlers.routes import Routes
from handlers.values import StaleButton
from handlers.views.fields import text_of, value_of
from storage.questions import question_of_person


def register(routes: Routes, deps: Deps) -> None:
    on_press(routes, ActionId.HOME_LOOK, show_look, deps)
    on_press(routes, ActionId.HOME_STEP, filter_by_step, deps)
    on_press(routes, ActionId.FIND_MERCHANT, open_find, deps)
    on_press(routes, ActionId.LOOK_INTO, look_into_contract, deps)
    on_press(routes, ActionId.ANSWER_AGAIN, answer_again, deps)
    on_submission(routes, ViewId.FIND_MERCHANT, find, deps)


async def show_look(press: Press) -> None:
    await publish_home(press.visit, _read(press.action.get("value")), shown=press.body.get("view"))


async def filter_by_step(press: Press) -> None:
    step = value_of(press.action.get("selected_option"))
    before = look_of(press.body.get("view"))
    try:
        look = Look(scope=Scope.WORKSPACE, search=before.search, step=None if step == EVERY_STEP else step)
    except ValidationError:
        raise StaleButton from None
    await publish_home(press.visit, look, shown=press.body.get("view"))


async def open_find(press: Press) -> None:
    view = find_modal(look_of(press.body.get("view")), press.visit.say)
    await press.visit.client.views_open(trigger_id=press.trigger_id, view=view)


async def find(submission: Submission) -> None:
    before = _read(submission.view.get("private_metadata"))
    search = text_of(submission.values, "search")[:SEARCH_LENGTH]
    await submission.ack()
    look = Look(scope=Scope.WORKSPACE, step=before.step, search=search)
    await publish_home(submission.visit, look)


async def look_into_contract(press: Press) -> None:
    """How a contract of the workspace stands, and a message ready to send. Raises NoContract for who is no manager."""
    visit = press.visit
    page = await visit.deps.database.read(
        look_into,
        press.pointer.contract_id,
        office=visit.deps.office,
        actor=await everywhere(visit),
        standing=visit.standing,
    )
    writes = visit.channel_speaker(page.state)
    await press.show(contract_modal(visit.outlook(page.state), page, visit.say, writes))


async def answer_again(press: Press) -> None:
    """Today's answer to what the person asked before."""
    visit, question_id = press.visit, press.pointer.question
    if question_id is None:
        raise StaleButton
    question = await visit.deps.database.read(
        question_of_person, workspace_id=visit.workspace_id, user_id=visit.user_id, question_id=question_id
    )
    if question is None or question.topic is None:
        raise StaleButton
    place = await look_around(visit, thread_ts=None)
    try:
        reply = visit.deps.assistant.tell_topic(question.topic, place.situation)
    except KeyError:
        raise StaleButton from None
    blocks = [dict(block) for block in answer_message(reply, visit.say).blocks]
    await press.show(modal(title=visit.say("home.answer_title"), close=visit.say("modal.close"), blocks=blocks))


def _read(value: object) -> Look:
    """Raises StaleButton."""
    if not isinstance(value, str):
        raise StaleButton
    try:
        return Look.model_validate_json(value or "{}")
    except ValidationError:
        raise StaleButton from None
