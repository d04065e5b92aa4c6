"""Payloads as Slack would send them, with everything in them that somebody could make up."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.contracts.reading import contract_of_channel
from bot.contracts.state import ContractState
from handlers.values import Pointer
from storage.history import history_of
from storage.nudges import nudges_of_contract
from tests.dumps import Dump, dump
from tests.scene import CHANNEL, Scene
from tests.slack_double import SlackDouble

FORGED_TS = "1.0"


@dataclass
class Forger:
    """Somebody who knows every id there is. `told` is what the presser was told, the last one last."""

    scene: Scene
    answers: SlackDouble
    """where response_url leads"""
    told: list[str] = field(default_factory=list)

    @property
    def channel_id(self) -> str:
        return self.scene.slack.channel(CHANNEL).id

    def state(self, channel_id: str | None = None) -> ContractState:
        with self.scene.database.reading() as session:
            state = contract_of_channel(
                channel_id or self.channel_id,
                workspace_id=self.scene.slack.team_id,
                session=session,
                office=self.scene.product.office,
            )
        assert state is not None
        return state

    def nudge_id(self, contract_id: int, step_id: str) -> int:
        with self.scene.database.reading() as session:
            rows = nudges_of_contract(session=session, workspace_id=self.scene.slack.team_id, contract_id=contract_id)
        return next(row.id or 0 for row in rows if row.step_id == step_id)

    def change_ids(self, contract_id: int) -> list[str]:
        """The oldest first."""
        with self.scene.database.reading() as session:
            rows = history_of(session=session, workspace_id=self.scene.slack.team_id, contract_id=contract_id)
        return [row.change_id for row in reversed(rows)]

    def database(self) -> Dump:
        """Without the inbox: that an event came is written down before anybody knows from whom."""
        return dump(self.scene.database, without={"inbox"})

    async def presses(
        self, who: str, action_id: str, value: object, *, channel_id: str | None = None, **more: Any
    ) -> str:
        action = {"type": "button", "action_id": action_id, "block_id": "b", "value": value, "text": {"text": "x"}}
        return await self.uses(who, action, channel_id=channel_id, **more)

    async def uses(self, who: str, action: dict[str, Any], *, channel_id: str | None = None, **more: Any) -> str:
        channel = channel_id or self.channel_id
        container = {"type": "message", "message_ts": FORGED_TS, "channel_id": channel, "is_ephemeral": False}
        body = {
            **self._common("block_actions", who, **more),
            "container": container,
            "channel": {"id": channel, "name": "any"},
            "message": {"ts": FORGED_TS, "blocks": []},
            "trigger_id": "1.2.3",
            "response_url": f"{self.answers.url}/api/response",
            "actions": [action],
        }
        return await self._sends(body)

    async def submits(self, who: str, view_id: str, private_metadata: object, values: object, **more: Any) -> str:
        view = {
            "id": "V0FORGED",
            "type": "modal",
            "callback_id": view_id,
            "title": {"type": "plain_text", "text": "x"},
            "private_metadata": private_metadata,
            "state": {"values": values},
        }
        return await self._sends({**self._common("view_submission", who, **more), "view": view, "response_urls": []})

    async def commands(self, who: str, text: str, *, team: str | None = None) -> str:
        return await self._sends(
            {
                "team_id": team or self.scene.slack.team_id,
                "user_id": who,
                "channel_id": self.channel_id,
                "command": "/계약",
                "text": text,
                "trigger_id": "1.2.3",
                "response_url": f"{self.answers.url}/api/response",
            }
        )

    async def mentions(self, who: str, text: str, **more: Any) -> str:
        team = self.scene.slack.team_id
        body = {
            "type": "event_callback",
            "team_id": team,
            "event_id": f"Ev{who}{text}",
            "event_time": 1,
            "authorizations": [{"team_id": team, "user_id": "U0BOT", "is_bot": True}],
            "event": {
                "type": "app_mention",
                "user": who,
                "text": f"<@U0BOT> {text}",
                "ts": "1795414482.000100",
                "channel": self.channel_id,
                **more,
            },
        }
        return await self._sends(body)

    def _common(self, kind: str, who: str, *, team: str | None = None, user_team: str | None = None) -> dict[str, Any]:
        ours = self.scene.slack.team_id
        return {
            "type": kind,
            "team": {"id": team or ours, "domain": "momo"},
            "user": {"id": who, "username": "x", "team_id": user_team or team or ours},
            "api_app_id": "A0LOCAL",
        }

    async def _sends(self, body: dict[str, Any]) -> str:
        """What the person is told: in the window, at the response_url, or beside in the channel."""
        before = len(self.answers.asked)
        response = await self.scene.product.app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
        assert response.status == 200, response.body
        await self.scene.product.idle()
        said = [str(one.arguments.get("text")) for one in self.answers.asked[before:]]
        return " ".join([_of_window(response), *said]).strip()


def _of_window(response: BoltResponse) -> str:
    if not response.body.startswith("{"):
        return ""
    answer = json.loads(response.body)
    if answer.get("response_action") == "errors":
        return " ".join(answer["errors"].values())
    return str(answer["view"]["blocks"][0]["text"]["text"]) if "view" in answer else ""


def picked(name: str, value: object) -> dict[str, Any]:
    """One field of a submitted form."""
    return {"value": {"type": "any", name: value}}


def option(value: object) -> dict[str, Any]:
    return {"text": {"type": "plain_text", "text": "x"}, "value": value}


def pointing(**at: Any) -> str:
    return Pointer(**at).dump()
