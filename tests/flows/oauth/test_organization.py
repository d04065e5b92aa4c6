"""Enterprise Grid: one installation for a whole organization serves its workspaces."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from handlers.clients import NotInstalled
from tests.flows.oauth.conftest import House
from tests.flows.oauth.test_lifecycle import UNINSTALLED, with_contract

ORGANIZATION = {
    "team": None,
    "enterprise": {"id": "E1", "name": "모모그룹"},
    "is_enterprise_install": True,
}
WHOLE = {
    "enterprise_id": "E1",
    "authorizations": [{"enterprise_id": "E1", "team_id": None, "user_id": "U0BOT", "is_enterprise_install": True}],
}


def mention(ts: str) -> dict[str, Any]:
    return {
        "type": "app_mention",
        "user": "U0MINJI",
        "text": "<@U0BOT> 심사 얼마나 걸려요?",
        "ts": ts,
        "channel": "C0PG",
    }


@pytest.fixture
async def organization(house: House) -> House:
    response = await house.installs("", "xoxb-organization", **ORGANIZATION)
    assert "모모그룹" in await response.text()
    house.slack.asked.clear()
    return house


async def test_every_workspace_of_it_is_served_with_its_token(organization: House) -> None:
    for workspace in ("T1", "T2"):
        await organization.event(workspace, mention("1.1"), **WHOLE)
        await organization.command(workspace, "도움말", enterprise_id="E1", is_enterprise_install="true")

    posts = organization.slack.calls("chat.postMessage")
    assert {(one.token, one.arguments["team_id"]) for one in posts} == {
        ("xoxb-organization", "T1"),
        ("xoxb-organization", "T2"),
    }
    assert (await organization.tokens.client_of("T1")).token == "xoxb-organization", (
        "the sweep knows the workspace only"
    )


async def test_workspaces_of_other_organizations_are_not(organization: House) -> None:
    await organization.command("T9", "현황", enterprise_id="E9", is_enterprise_install="true")

    assert [one.token for one in organization.slack.asked] == [None]
    with pytest.raises(NotInstalled):
        await organization.tokens.client_of("T9")


async def test_a_workspaces_own_installation_goes_first(organization: House) -> None:
    await organization.installs("T1", "xoxb-own", enterprise={"id": "E1", "name": "모모그룹"})

    await organization.event("T1", mention("1.1"), authorizations=[{"enterprise_id": "E1", "team_id": "T1"}])

    assert {one.token for one in organization.slack.calls("chat.postMessage")} == {"xoxb-own"}


async def test_the_organization_takes_the_app_out_of_all_its_workspaces(organization: House) -> None:
    await organization.event("T1", mention("1.1"), **WHOLE)
    await with_contract(organization, "T3")

    for _ in range(2):
        await organization.event(None, UNINSTALLED, **WHOLE)

    assert organization.rows("select workspace_id from installation") == ["T3"], "its own installation stays"
    assert organization.rows("select id from workspace where uninstalled_at is not null") == ["T1"]
    assert organization.rows("select workspace_id from delivery_pause") == ["T1"]


async def test_one_workspace_is_taken_out_and_let_in_again(organization: House) -> None:
    for workspace in ("T1", "T2"):
        await organization.event(workspace, mention("1.1"), **WHOLE)

    organization.clock.advance(timedelta(hours=1))
    await organization.event(None, {"type": "team_access_revoked", "team_ids": ["T1"]}, **WHOLE)
    with pytest.raises(NotInstalled):
        await organization.tokens.client_of("T1")
    assert (await organization.tokens.client_of("T2")).token == "xoxb-organization"

    organization.clock.advance(timedelta(hours=1))
    await organization.event(None, {"type": "team_access_granted", "team_ids": ["T1"]}, **WHOLE)
    assert (await organization.tokens.client_of("T1")).token == "xoxb-organization"
    assert organization.rows("select count(*) from delivery_pause") == [0]
