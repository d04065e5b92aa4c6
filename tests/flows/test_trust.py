"""What comes back in a button proves nothing: ids are looked up under the presser's workspace and channel."""

from __future__ import annotations

from typing import Any

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.contracts.reading import contract_of_channel
from bot.contracts.state import ContractState
from handlers.values import Pointer
from tests.scene import CHANNEL, Scene

SECRET = "비밀상점"


async def secret_contract(scene: Scene) -> ContractState:
    """A contract in a private channel of Junho's, where Minji is not."""
    channel = scene.slack.add_channel("pg-비밀", members=[scene.junho], private=True, with_app=True)
    await scene.junho.commands(channel, "/계약", "시작")
    await scene.until_modal(scene.junho, "계약 시작")
    await scene.junho.fills(None, {"가맹점 이름": SECRET})
    assert await scene.junho.submits() is None
    await scene.slack.until(lambda: any(SECRET in message.text for message in channel.messages), what="the contract")
    await scene.product.idle()
    return _state(scene, channel.id)


def _state(scene: Scene, channel_id: str) -> ContractState:
    with scene.database.reading() as session:
        state = contract_of_channel(
            channel_id, workspace_id=scene.slack.team_id, session=session, office=scene.product.office
        )
    assert state is not None
    return state


def forged_press(scene: Scene, action_id: str, value: str, *, team: str | None = None) -> dict[str, Any]:
    """What Slack would send if Minji's channel held a button with this value."""
    channel = scene.slack.channel(CHANNEL)
    return {
        "type": "block_actions",
        "team": {"id": team or scene.slack.team_id, "domain": "momo"},
        "user": {"id": scene.minji.id, "username": "minji", "team_id": team or scene.slack.team_id},
        "api_app_id": "A0LOCAL",
        "container": {"type": "message", "message_ts": "1.0", "channel_id": channel.id, "is_ephemeral": False},
        "channel": {"id": channel.id, "name": CHANNEL},
        "message": {"ts": "1.0", "blocks": []},
        "trigger_id": "1.2.3",
        "actions": [{"type": "button", "action_id": action_id, "block_id": "b", "value": value, "text": {"text": "x"}}],
    }


async def dispatch(scene: Scene, body: dict[str, Any]) -> None:
    response = await scene.product.app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
    assert response.status == 200
    await scene.product.idle()


@pytest.mark.parametrize("action_id", ["finish_now", "finish_with_earlier", "record_report:1"])
async def test_a_button_that_points_into_another_channel_moves_nothing(scene: Scene, action_id: str) -> None:
    secret = await secret_contract(scene)

    value = Pointer(contract=secret.id, step="application").dump()
    await dispatch(scene, forged_press(scene, action_id, value))

    told = await scene.until_sees(scene.minji, "볼 수 있는 계약이 없습니다")
    assert SECRET not in told.text
    assert _state(scene, secret.channel_id) == secret


@pytest.mark.parametrize("action_id", ["finish_step:application", "show_history", "card_decision", "show_status"])
async def test_a_button_that_points_into_another_channel_shows_nothing(scene: Scene, action_id: str) -> None:
    secret = await secret_contract(scene)

    value = Pointer(contract=secret.id, step="application").dump()
    await dispatch(scene, forged_press(scene, action_id, value))

    await scene.until_sees(scene.minji, "볼 수 있는 계약이 없습니다")
    assert scene.minji.modal is None
    assert not any(SECRET in message.text for message in scene.minji.sees(CHANNEL))


@pytest.mark.parametrize(
    "value", ["", "{}", "null", '{"contract": "x"}', "{", '{"contract": 1, "hack": 1}', "가" * 1900]
)
@pytest.mark.parametrize("action_id", ["finish_now", "finish_step:application", "tomorrow", "show_topic:1"])
async def test_a_button_with_a_torn_value_is_refused_plainly(scene: Scene, action_id: str, value: str) -> None:
    await dispatch(scene, forged_press(scene, action_id, value))

    await scene.until_sees(scene.minji, "오래된 버튼")


async def test_a_nudge_of_another_contract_cannot_be_snoozed(scene: Scene) -> None:
    secret = await secret_contract(scene)
    await scene.starts_contract(scene.minji)
    mine = _state(scene, scene.slack.channel(CHANNEL).id)
    from storage.nudges import nudges_of_contract

    def planned() -> list[Any]:
        with scene.database.reading() as session:
            rows = nudges_of_contract(session=session, workspace_id=scene.slack.team_id, contract_id=secret.id)
            return [(row.id, row.due_at, row.status) for row in rows]

    before = planned()
    for contract_id in (secret.id, mine.id):
        value = Pointer(contract=contract_id, nudge=before[0][0], step="application").dump()
        await dispatch(scene, forged_press(scene, "tomorrow", value))

    assert planned() == before


async def test_an_overflow_choice_that_we_never_offered_is_refused(scene: Scene) -> None:
    body = forged_press(scene, "more", "")
    body["actions"][0] = {
        "type": "overflow",
        "action_id": "more",
        "block_id": "b",
        "selected_option": {"value": "delete_all:1", "text": {"type": "plain_text", "text": "x"}},
    }

    await dispatch(scene, body)

    await scene.until_sees(scene.minji, "오래된 버튼")


async def test_a_modal_cannot_be_aimed_at_another_contract(scene: Scene) -> None:
    """private_metadata of a finish modal, changed to the secret contract but submitted for Minji's channel."""
    secret = await secret_contract(scene)
    status = await scene.starts_contract(scene.minji)
    await scene.minji.presses("신청서 냈어요", status)
    await scene.until_modal(scene.minji, "완료 기록")
    assert scene.minji.modal is not None
    view = dict(scene.minji.modal.raw)
    channel_id = scene.slack.channel(CHANNEL).id
    view["private_metadata"] = Pointer(contract=secret.id, channel=channel_id, step="application").dump()
    view["state"] = {"values": {"day": {"value": {"type": "datepicker", "selected_date": "2026-11-23"}}}}
    body = {
        "type": "view_submission",
        "team": {"id": scene.slack.team_id},
        "user": {"id": scene.minji.id},
        "view": view,
        "response_urls": [],
    }

    await dispatch(scene, body)

    assert _state(scene, secret.channel_id) == secret


async def test_hostile_names_ping_nobody(scene: Scene) -> None:
    await scene.starts_contract(scene.minji, "<!channel> *가게* <https://evil.example|은행>")

    for message in scene.slack.channel(CHANNEL).messages:
        raw = str(message.raw)
        assert "<!channel>" not in raw.replace("'text': '<!channel>", "")
        assert "<https://evil" not in raw.replace("가게* <https://evil.example|은행> · KG", "")
