"""What Slack sends reaches the one who listens to it, and whoever waits for an acknowledgement has it at once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.at_work import AtWork
from handlers.routes import Kind, Listener, Routes

PAYLOADS = {
    Kind.COMMAND: {"command": "it", "text": "현황"},
    Kind.EVENT: {"type": "event_callback", "event": {"type": "it"}},
    Kind.PRESS: {"type": "block_actions", "actions": [{"action_id": "it"}]},
    Kind.SHORTCUT: {"type": "shortcut", "callback_id": "it"},
    Kind.SUBMISSION: {"type": "view_submission", "view": {"callback_id": "it"}},
}


@pytest.fixture
def at_work() -> AtWork:
    return AtWork()


@pytest.fixture
def routes(at_work: AtWork) -> Routes:
    return Routes(at_work, patience=30, patience_for_commands=30)


async def sent(routes: Routes, body: dict[str, Any]) -> BoltResponse | None:
    """None: it went on, for nobody listens to it."""
    request = AsyncBoltRequest(body=body, mode="socket_mode")
    went_on: list[AsyncBoltRequest] = []

    async def on() -> BoltResponse:
        went_on.append(request)
        return BoltResponse(status=404)

    answer = await routes.async_process(req=request, resp=BoltResponse(status=200), next=on)
    await asyncio.sleep(0)  # an event's listener begins behind its acknowledgement
    return None if went_on else answer


def heard(told: list[dict[str, Any]]) -> Listener:
    async def listener(req: AsyncBoltRequest) -> None:
        told.append(req.body)
        await req.context.ack()

    return listener


@pytest.mark.parametrize("kind", PAYLOADS)
async def test_a_payload_reaches_the_one_who_listens_to_its_kind_and_name(routes: Routes, kind: Kind) -> None:
    told: list[dict[str, Any]] = []
    others: list[dict[str, Any]] = []
    for one in PAYLOADS:
        routes.add(one, "it", heard(told if one is kind else others))

    answer = await sent(routes, PAYLOADS[kind])

    assert (answer and answer.status, told, others) == (200, [PAYLOADS[kind]], [])


async def test_a_message_s_shortcut_and_one_of_many_buttons_are_found_too(routes: Routes) -> None:
    told: list[dict[str, Any]] = []
    routes.add(Kind.SHORTCUT, "it", heard(told))
    routes.add(Kind.PRESS, "it", heard(told))
    shortcut = {"type": "message_action", "callback_id": "it"}
    button = {"type": "block_actions", "actions": [{"action_id": "it:shinhan"}]}

    await sent(routes, shortcut)
    await sent(routes, button)

    assert told == [shortcut, button]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"type": "view_closed", "view": {"callback_id": "it"}},
        {"type": "interactive_message", "callback_id": "it", "actions": [{"action_id": "it"}]},
        {"type": "block_actions", "actions": []},
        {"type": "block_actions", "actions": [{"action_id": "its"}]},
        {"type": "view_submission", "view": {}},
        {"type": "event_callback", "event": {"type": "its"}},
        {"type": "event_callback", "event": None},
        {"command": ["it"]},
    ],
)
async def test_what_nobody_listens_to_goes_on(routes: Routes, body: dict[str, Any]) -> None:
    told: list[dict[str, Any]] = []
    for kind in PAYLOADS:
        routes.add(kind, "it", heard(told))

    assert (await sent(routes, body), told) == (None, [])


async def test_what_a_look_answers_goes_no_further(routes: Routes) -> None:
    told: list[dict[str, Any]] = []
    seen: list[str] = []

    async def first(_: dict[str, Any], __: object) -> None:
        seen.append("first")

    async def second(_: dict[str, Any], __: object) -> BoltResponse:
        seen.append("second")
        return BoltResponse(status=202)

    routes.add(Kind.COMMAND, "it", heard(told))
    routes.every_request_passes(first)
    routes.every_request_passes(second)

    answer = await sent(routes, PAYLOADS[Kind.COMMAND])

    assert (answer and answer.status, seen, told) == (202, ["first", "second"], [])


async def test_an_event_is_acknowledged_before_it_is_handled_and_a_press_when_its_listener_says_so(
    routes: Routes, at_work: AtWork
) -> None:
    goes_on, done = asyncio.Event(), list[dict[str, Any]]()

    async def slow(req: AsyncBoltRequest) -> None:
        if "actions" in req.body:
            await req.context.ack()
        await goes_on.wait()
        done.append(req.body)

    routes.add(Kind.EVENT, "it", slow)
    routes.add(Kind.PRESS, "it", slow)
    for kind in (Kind.EVENT, Kind.PRESS):
        answer = await sent(routes, PAYLOADS[kind])
        assert answer
        assert answer.status == 200
    assert done == []

    goes_on.set()
    await at_work.idle()
    assert done == [PAYLOADS[Kind.EVENT], PAYLOADS[Kind.PRESS]]


async def test_what_is_set_as_the_answer_of_a_command_goes_with_its_acknowledgement(routes: Routes) -> None:
    async def says(req: AsyncBoltRequest) -> None:
        await asyncio.sleep(0)
        req.context.ack.response = BoltResponse(status=200, body="현황")

    routes.add(Kind.COMMAND, "it", says)

    answer = await sent(routes, PAYLOADS[Kind.COMMAND])

    assert answer
    assert answer.body == "현황"


async def test_a_listener_that_fails_or_ends_without_a_word_leaves_nobody_waiting(
    routes: Routes, caplog: pytest.LogCaptureFixture
) -> None:
    async def fails(_: AsyncBoltRequest) -> None:
        raise LookupError

    async def silent(_: AsyncBoltRequest) -> None:
        await asyncio.sleep(0)

    routes.add(Kind.COMMAND, "it", fails)
    routes.add(Kind.PRESS, "it", silent)

    answers = [await sent(routes, PAYLOADS[kind]) for kind in (Kind.COMMAND, Kind.PRESS)]

    assert [answer and answer.status for answer in answers] == [500, 500]
    assert [record.message for record in caplog.records] == ["a listener failed"]


async def test_slack_is_not_kept_waiting_and_who_typed_a_command_sees_a_sign_of_life(
    at_work: AtWork,
) -> None:
    goes_on = asyncio.Event()
    routes = Routes(at_work, patience=0, patience_for_commands=0)

    async def slow(_: AsyncBoltRequest) -> None:
        await goes_on.wait()

    routes.add(Kind.COMMAND, "it", slow)
    routes.add(Kind.SUBMISSION, "it", slow)

    answers = [await sent(routes, PAYLOADS[kind]) for kind in (Kind.COMMAND, Kind.SUBMISSION)]

    assert [answer and answer.status for answer in answers] == [200, 503]
    goes_on.set()
    await at_work.idle()


async def test_what_is_said_in_the_moment_in_which_patience_ends_is_not_lost(at_work: AtWork) -> None:
    routes = Routes(at_work, patience_for_commands=0)

    async def says(req: AsyncBoltRequest) -> None:
        req.context.ack.response = BoltResponse(status=200, body="현황")

    routes.add(Kind.COMMAND, "it", says)

    answer = await sent(routes, PAYLOADS[Kind.COMMAND])

    assert answer
    assert answer.body == "현황"


def test_two_listeners_to_the_same_are_a_mistake(routes: Routes) -> None:
    routes.add(Kind.COMMAND, "it", heard([]))
    with pytest.raises(ValueError, match="two listeners"):
        routes.add(Kind.COMMAND, "it", heard([]))
