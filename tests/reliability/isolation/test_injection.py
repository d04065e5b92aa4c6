"""Whatever people write, no message of ours calls anybody by it, links where it does not say, or shows a preview."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk.web.async_base_client import AsyncBaseClient

from bot.overview import Look, Scope
from handlers.ids import ActionId, ViewId
from storage.workspace_settings import add_managers
from tests.reliability.isolation.forger import Forger, option, picked, pointing
from tests.reliability.isolation.payloads import DAY, OFF_DAY
from tests.scene import CHANNEL, MONDAY_MORNING, Scene
from tests.slack_double import running_slack_double

EVIL = "<!channel> <!here|x> <@U0BOSS> <!subteam^S1> <http://evil.example|은행> *굵게* &lt;"
"""As far as it fits, in every field that people fill in."""
_PING = re.compile(r"<!(?:channel|here|everyone|subteam)|<@U0BOSS|<http://evil")


class Said:
    """All that went to Slack: what a message or a window is made of, with the method that sent it."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def texts(self) -> Iterator[tuple[str, str]]:
        for method, sent in self.calls:
            yield from ((method, text) for text in _formatted(sent))


def _formatted(value: Any) -> Iterator[str]:
    """What Slack would read as markup: texts of messages, mrkdwn and markdown, and the elements of rich text."""
    if isinstance(value, dict):
        kind = value.get("type")
        if kind in {"mrkdwn", "markdown"} or ("text" in value and "channel" in value):
            yield str(value.get("text") or "")
        if kind in {"broadcast", "usergroup"}:
            yield "<!channel>"
        if kind == "link" or "url" in value:
            yield f"<{value.get('url')}>"
        for one in value.values():
            yield from _formatted(one)
    elif isinstance(value, list):
        for one in value:
            yield from _formatted(one)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Said:
    found, call = Said(), AsyncBaseClient.api_call

    async def noting(self: AsyncBaseClient, api_method: str, **how: Any) -> Any:
        found.calls.append((api_method, {**(how.get("params") or {}), **(how.get("json") or {})}))
        return await call(self, api_method, **how)

    monkeypatch.setattr(AsyncBaseClient, "api_call", noting)
    return found


async def test_nothing_that_people_write_is_markup(scene: Scene, said: Said) -> None:
    minji = scene.minji
    scene.slack.workspace.members[minji.id].display_name = EVIL[:70]
    async with running_slack_double() as answers:
        forger = Forger(scene, answers)
        start = pointing(channel=forger.channel_id)
        fields = {
            "merchant": picked("value", EVIL[:70]),
            "payment_methods": picked("selected_options", [option("card")]),
        }
        assert "시작했습니다" in await forger.submits(minji.id, ViewId.START, start, fields)
        with scene.database.writing() as session:
            where = {"session": session, "workspace_id": scene.slack.team_id, "now": MONDAY_MORNING}
            add_managers(**where, user_ids=[minji.id], added_by=minji.id)  # type: ignore[arg-type]
        here = pointing(contract=forger.state().id, channel=forger.channel_id)
        await scene.finishes(minji, "신청서 오늘")
        await scene.advance_to("2026-11-27T12:00")  # reminders come

        for text in (f"{EVIL} 심사는 얼마나 걸려요?", f"{EVIL} 뭐라고요", "우리 지금 어디까지 왔어?"):
            await minji.mentions(CHANNEL, text)
            await forger.commands(minji.id, text)
            await scene.product.idle()
        last_step = pointing(contract=forger.state().id, channel=forger.channel_id, step="development")
        rejected = {"shinhan": picked("selected_option", option("rejected")), **DAY}
        board = pointing(contract=forger.state().id, channel=forger.channel_id, shown=[("shinhan", "in_review")])
        for view_id, memory, values in (
            (ViewId.FINISH, last_step, DAY),
            (ViewId.REQUEST_REVIEW, here, DAY),
            (ViewId.CARD_DECISION, board, rejected),
            (ViewId.REJECTION, here, {"shinhan": picked("value", EVIL)}),
            (ViewId.DAYS, pointing(), {**OFF_DAY, "note": picked("value", EVIL[:80])}),
            (ViewId.FIND_MERCHANT, Look(scope=Scope.WORKSPACE).model_dump_json(), {"search": picked("value", EVIL)}),
        ):
            await forger.submits(minji.id, view_id, memory, values)
        for words in ("현황", "이력", "심사", "알림", "목록", "내보내기"):
            await forger.commands(minji.id, words)
        for action_id in (ActionId.SHOW_HISTORY, ActionId.SHOW_STATUS, ActionId.LOOK_INTO, ActionId.CARD_DECISION):
            await forger.presses(minji.id, action_id, here)
        await minji.opens_home()
        await forger.submits(minji.id, ViewId.CLOSE, here, {"reason": picked("value", EVIL)})
        beside = [one.arguments for one in answers.asked]

    posted = [(method, sent) for method, sent in said.calls if method in {"chat.postMessage", "chat.postEphemeral"}]
    assert len(posted) > 10
    assert {method for method, _ in said.calls} >= {"chat.update", "views.open", "views.publish"}
    answered = [("response", text) for sent in beside for text in _formatted({"channel": "", **sent})]
    assert [pair for pair in (*said.texts(), *answered) if _PING.search(pair[1])] == []
    assert beside
    assert [
        sent["text"]
        for sent in (*(sent for _, sent in posted), *beside)
        if sent.get("unfurl_links") is not False or sent.get("unfurl_media") is not False
    ] == [], "no previews, wherever it is posted from"
