"""A workspace takes the app in: page, state, code, token."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from app import manifest
from bot.texts.catalogue import LANGUAGES, Catalogues
from handlers.oauth.grants import OAuthApp
from handlers.oauth.routes import STATE_COOKIE
from tests.flows.oauth.conftest import HALF_A_DAY, House, granted


async def test_the_page_says_what_for_and_leads_to_slack(house: House) -> None:
    response, _, _ = await house.opens_install_page()
    page = await response.text()

    assert response.status == 200
    assert "Slack에 설치하기" in page
    assert "30일 뒤에 저장한 정보를 모두 지웁니다" in page
    assert all(f"<code>{scope}</code>" in page for scope in manifest().scopes)
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]


async def test_the_page_speaks_the_browsers_language(house: House) -> None:
    english, _, _ = await house.opens_install_page(**{"Accept-Language": "en-US,en;q=0.9,ko;q=0.8"})
    anything, _, _ = await house.opens_install_page(**{"Accept-Language": "*"})

    assert 'lang="en"' in await english.text()
    assert 'lang="ko"' in await anything.text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_scope_of_the_manifest_is_explained(texts: Catalogues, language: str) -> None:
    say = texts.speaker(language)

    assert [scope for scope in manifest().scopes if f"install.scope.{scope.replace(':', '_')}" not in say] == []


def test_the_link_asks_for_the_scopes_of_the_manifest() -> None:
    url = OAuthApp("1.2", "secret").authorize_url(state="s&t", scopes=manifest().scopes)

    assert url.startswith("https://slack.com/oauth/v2/authorize?")
    query = parse_qs(urlsplit(url).query)
    assert query == {"client_id": ["1.2"], "scope": [",".join(manifest().scopes)], "state": ["s&t"]}


async def test_the_cookie_stays_between_this_browser_and_this_host(house: House) -> None:
    response, _, _ = await house.opens_install_page()
    cookie = response.cookies[STATE_COOKIE]

    assert STATE_COOKIE.startswith("__Host-")
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, True, "Lax", "/")
    assert cookie["max-age"] == "600"


async def test_installing_gives_each_workspace_its_own_token(house: House) -> None:
    for workspace in ("T1", "T2"):
        response = await house.installs(workspace, f"xoxb-{workspace}")
        assert response.status == 200
        assert f"Team {workspace}" in await response.text()
        assert f"team={workspace}" in await response.text()

    for workspace in ("T1", "T2"):
        assert (await house.tokens.client_of(workspace)).token == f"xoxb-{workspace}"
    exchanged = house.slack.calls("oauth.v2.access")[0]
    assert exchanged.arguments == {"code": "c0de"}
    assert exchanged.token == aiohttp.encode_basic_auth("1.2", "c1ient-secret"), "the secret is in no form and no log"


async def test_tokens_are_unreadable_in_the_database(house: House) -> None:
    await house.installs("T1", "xoxe.xoxb-1-open", refresh_token="xoxe-1-next", expires_in=HALF_A_DAY)

    stored = "\n".join(house.rows("select token || refresh_token from installation"))
    assert stored
    assert "xox" not in stored


async def test_installing_again_takes_the_newer_token(house: House) -> None:
    for token in ("xoxb-old", "xoxb-new"):
        await house.installs("T1", token)

    assert (await house.tokens.client_of("T1")).token == "xoxb-new"
    assert house.rows("select count(*) from installation") == [1]


async def test_a_request_is_answered_with_its_own_workspaces_token(house: House) -> None:
    for workspace in ("T1", "T2"):
        await house.installs(workspace, f"xoxb-{workspace}")

    await asyncio.gather(*(house.command(workspace, "도움말") for workspace in ("T1", "T2") * 3))

    asked = {(one.arguments["team_id"], one.token) for one in house.slack.calls("users.info")}
    assert asked == {("T1", "xoxb-T1"), ("T2", "xoxb-T2")}


async def test_a_workspace_that_has_not_installed_it_is_told_so(house: House) -> None:
    await house.installs("T1", "xoxb-T1")
    house.slack.asked.clear()

    await house.command("T2", "현황")

    (told,) = house.slack.asked
    assert (told.method, told.token) == ("response", None), "no other workspace's token is used for it"
    assert "설치되어 있지 않습니다" in told.arguments["text"]


async def test_whoever_cancels_is_told_that_nothing_was_kept(house: House) -> None:
    _, state, cookie = await house.opens_install_page()

    response = await house.comes_back(cookie, state=state, error="access_denied")

    assert response.status == 400
    assert "설치를 취소했습니다" in await response.text()
    assert house.slack.asked == []


@pytest.mark.parametrize("forged", ["no cookie", "other cookie", "other state", "no state"])
async def test_a_state_that_this_browser_did_not_get_is_refused_before_slack_is_asked(
    house: House, forged: str
) -> None:
    house.slack.answers["oauth.v2.access"] = granted("T1", "xoxb-1")
    _, state, cookie = await house.opens_install_page()
    _, other_state, other_cookie = await house.opens_install_page()
    how: dict[str, tuple[dict[str, str], dict[str, str]]] = {
        "no cookie": ({}, {"state": state}),
        "other cookie": (other_cookie, {"state": state}),
        "other state": (cookie, {"state": other_state}),
        "no state": (cookie, {}),
    }
    sent_cookie, query = how[forged]

    response = await house.comes_back(sent_cookie, code="c0de", **query)

    assert response.status == 400
    assert "처음부터 다시 하기" in await response.text()
    assert house.slack.asked == []
    again = await house.comes_back(cookie, state=state, code="c0de")
    assert again.status == 200, "the forger has not used up the state of the one who was really there"


async def test_a_state_is_taken_once(house: House) -> None:
    house.slack.answers["oauth.v2.access"] = granted("T1", "xoxb-1")
    _, state, cookie = await house.opens_install_page()

    statuses = [(await house.comes_back(cookie, state=state, code="c0de")).status for _ in range(2)]

    assert statuses == [200, 400]
    assert len(house.slack.calls("oauth.v2.access")) == 1


async def test_a_state_of_ten_minutes_ago_is_refused(house: House) -> None:
    _, state, cookie = await house.opens_install_page()
    house.clock.advance(timedelta(minutes=10))

    response = await house.comes_back(cookie, state=state, code="c0de")

    assert response.status == 400
    assert "10분" in await response.text()


@pytest.mark.parametrize(
    ("answer", "status", "said"),
    [
        ({"error": "code_already_used"}, 400, "이미 쓴 설치 코드"),
        ({"error": "invalid_code"}, 400, "이미 쓴 설치 코드"),
        ({"error": "bad_client_secret"}, 400, "오류 번호"),
        ({"token_type": "user", "access_token": "xoxp-1"}, 502, "오류 번호"),
        ({**granted("T1", "xoxb-1"), "team": None}, 502, "오류 번호"),
        (ConnectionError(), 502, "연결하지 못했습니다"),
    ],
)
async def test_what_slack_refuses_is_said_plainly_and_nothing_is_kept(
    house: House, answer: Any, status: int, said: str
) -> None:
    house.slack.answers["oauth.v2.access"] = lambda _: answer
    _, state, cookie = await house.opens_install_page()

    response = await house.comes_back(cookie, state=state, code="c0de")

    page = await response.text()
    assert (response.status, said in page) == (status, True), page
    assert "Traceback" not in page
    assert house.rows("select count(*) from installation") == [0]


async def test_permissions_that_were_not_given_are_named(house: House) -> None:
    response = await house.installs("T1", "xoxb-1", scope="commands,chat:write")

    page = await response.text()
    assert "받지 못한 권한" in page
    assert "users:read" in page


async def test_a_hostile_workspace_name_is_only_text(house: House) -> None:
    response = await house.installs("T1", "xoxb-1", team={"id": "T1", "name": "<script>alert(1)</script>"})

    assert "<script>" not in await response.text()


async def test_a_preview_of_the_link_begins_nothing(house: House) -> None:
    response = await house.door.head("/slack/install")

    assert response.status == 405
    assert house.rows("select count(*) from oauth_state") == [0]
