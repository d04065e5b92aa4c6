"""Payloads as Slack would send them, with everything in them that somebody could make up."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.contracts.reading import contract_of_channel
from bot.contracts.state import ContractState
from handlers.values import Pointer
from tests.dumps import Dump, dump
from tests.scene import CHANNEL, Scene
from tests.slack_double import SlackDouble

FORGED_TS = "1.0"
OTHER_WORKSPACE, PARTNER = "T0OTHER", "T0PARTNER"
LATER = 1_795_500_000
"""seconds: after the stage was set"""


class Who(StrEnum):
    """Somebody who has no right to what they ask for."""

    OTHER_WORKSPACE = "somebody of another workspace"
    STRANGER = "a stranger of Slack Connect, unknown to us"
    PARTNER = "a stranger of Slack Connect, whom we know"
    CLOSED_ACCOUNT = "somebody whose account is closed"
    GUEST = "a guest of the channel"
    GONE = "a member who has left the channel"
    NEVER_THERE = "a member who was never in the channel"
    ELSEWHERE = "a member in their own channel"

    @property
    def is_outsider(self) -> bool:
        return self in {Who.OTHER_WORKSPACE, Who.STRANGER, Who.PARTNER, Who.CLOSED_ACCOUNT}


@dataclass
class Forger:
    """Somebody who knows every id there is; each method returns what the person was told."""

    scene: Scene
    answers: SlackDouble
    """where response_url leads"""
    people: Mapping[Who, str] = field(default_factory=dict)

    @property
    def channel_id(self) -> str:
        return self.scene.slack.channel(CHANNEL).id

    @property
    def minji(self) -> str:
        return self.scene.minji.id

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

    def database(self) -> Dump:
        """Without the inbox: that an event came is written down before anybody knows from whom."""
        return dump(self.scene.database, without={"inbox"})

    async def presses(self, who: str | Who, action_id: str, value: object, **how: Any) -> str:
        action = {"type": "button", "action_id": action_id, "value": value, "text": {"text": "x"}}
        return await self.uses(who, action, **how)

    async def uses(
        self,
        who: str | Who,
        action: dict[str, Any],
        *,
        channel_id: str | None = None,
        view: dict[str, Any] | None = None,
        team: str | None = None,
    ) -> str:
        """In a message of the channel, or in a `view`."""
        body = {
            **self._common("block_actions", who, team),
            "trigger_id": "1.2.3",
            "actions": [{"block_id": "b", **action}],
        }
        if view is None:
            channel = channel_id or self.channel_id
            body |= {
                "container": {"type": "message", "message_ts": FORGED_TS, "channel_id": channel},
                "channel": {"id": channel, "name": "any"},
                "message": {"ts": FORGED_TS, "blocks": []},
                "response_url": f"{self.answers.url}/api/response",
            }
        else:
            whole = {"id": "V0FORGED", "hash": "1.0", "title": {"type": "plain_text", "text": "x"}, **view}
            body |= {"container": {"type": "view", "view_id": "V0FORGED"}, "view": whole}
        return await self._sends(body)

    async def submits(
        self, who: str | Who, view_id: str, private_metadata: object, values: object, *, team: str | None = None
    ) -> str:
        view = {
            "id": "V0FORGED",
            "type": "modal",
            "callback_id": view_id,
            "title": {"type": "plain_text", "text": "x"},
            "private_metadata": private_metadata,
            "state": {"values": values},
        }
        return await self._sends({**self._common("view_submission", who, team), "view": view, "response_urls": []})

    async def runs(
        self,
        who: str | Who,
        callback_id: str,
        message: object = None,
        *,
        channel_id: str | None = None,
        team: str | None = None,
    ) -> str:
        """A shortcut: with a `message` one of a message, else a global one."""
        body = {
            **self._common("shortcut" if message is None else "message_action", who, team),
            "callback_id": callback_id,
            "trigger_id": "1.2.3",
            "action_ts": FORGED_TS,
        }
        if message is not None:
            body |= {
                "message": message,
                "channel": {"id": channel_id or self.channel_id, "name": "any"},
                "response_url": f"{self.answers.url}/api/response",
            }
        return await self._sends(body)

    async def commands(
        self, who: str | Who, text: str, *, command: str = "/계약", channel_id: str | None = None
    ) -> str:
        common = self._common("command", who)
        return await self._sends(
            {
                "team_id": common["team"]["id"],
                "user_id": common["user"]["id"],
                "channel_id": channel_id or self.channel_id,
                "command": command,
                "text": text,
                "trigger_id": "1.2.3",
                "response_url": f"{self.answers.url}/api/response",
            }
            | ({"user": common["user"]} if common["user"]["team_id"] != common["team"]["id"] else {})
        )

    async def happens(self, who: str | Who, kind: str, **event: Any) -> str:
        """An event of the channel that the forger names as the person's."""
        user, team = self._common("event", who)["user"], self.scene.slack.team_id
        named = {"user_team": user["team_id"]} if user["team_id"] != team else {}
        body = {
            "type": "event_callback",
            "team_id": team,
            "event_id": f"Ev{len(self.answers.asked)}{kind}{user['id']}{sorted(event.items())}",
            "event_time": LATER,
            "authorizations": [{"team_id": team, "user_id": "U0BOT", "is_bot": True}],
            "event": {
                "type": kind,
                "user": user["id"],
                "ts": "1795414482.000100",
                "channel": self.channel_id,
                **named,
                **event,
            },
        }
        return await self._sends(body)

    def _common(self, kind: str, who: str | Who, team: str | None = None) -> dict[str, Any]:
        """A `Who` comes with the workspace that it belongs to."""
        ours = self.scene.slack.team_id
        at, home = team or ours, team or ours
        if isinstance(who, Who):
            at, home = _teams_of(who, ours)
            who = self.people[who]
        return {
            "type": kind,
            "team": {"id": at, "domain": "momo"},
            "user": {"id": who, "username": "x", "team_id": home},
            "api_app_id": "A0LOCAL",
        }

    async def _sends(self, body: dict[str, Any]) -> str:
        """What the person is told: in the window or at the response_url, and where there is none, what was posted."""
        before, posted = len(self.answers.asked), self._posted()
        response = await self.scene.product.app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
        assert response.status == 200, response.body
        await self.scene.product.idle()
        said = [str(one.arguments.get("text")) for one in self.answers.asked[before:]]
        if "response_url" not in body:
            said += [text for key, text in self._posted().items() if key not in posted]
        return " ".join([_of_window(response), *said]).strip()

    def _posted(self) -> dict[tuple[str, str], str]:
        """Every message of the workspace, for everybody or for one person."""
        workspace = self.scene.slack.workspace
        return {
            (channel, ts): message.text
            for place in (workspace.messages, workspace.ephemerals)
            for channel, found in place.items()
            for ts, message in found.items()
        }


def _teams_of(who: Who, ours: str) -> tuple[str, str]:
    """Where the payload says to come from, and where it says that its person belongs."""
    if who is Who.OTHER_WORKSPACE:
        return OTHER_WORKSPACE, OTHER_WORKSPACE
    return ours, PARTNER if who in {Who.STRANGER, Who.PARTNER} else ours


def _of_window(response: BoltResponse) -> str:
    if not response.body.startswith("{"):
        return ""
    answer = json.loads(response.body)
    if "text" in answer:  # the answer to a command goes with its acknowledgement
        return str(answer["text"])
    if answer.get("response_action") == "errors":
        return " ".join(answer["errors"].values())
    return json.dumps(answer.get("view", {}).get("blocks", ""), ensure_ascii=False)


def picked(name: str, value: object) -> dict[str, Any]:
    """One field of a submitted form."""
    return {"value": {"type": "any", name: value}}


def option(value: object) -> dict[str, Any]:
    return {"text": {"type": "plain_text", "text": "x"}, "value": value}


def pointing(**at: Any) -> str:
    return Pointer(**at).dump()
