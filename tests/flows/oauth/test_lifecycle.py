"""The app is taken out of a workspace and comes back: tokens, reminders and data, whatever order the news comes in."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from bot.contracts.desk import Actor
from bot.contracts.lifecycle import NewContract, start_contract
from handlers.clients import NotInstalled
from tests.flows.oauth.conftest import KEEP_DAYS, House

UNINSTALLED = {"type": "app_uninstalled"}
REVOKED = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["U0BOT"]}}
AFTER_ALL_REMINDERS = timedelta(days=14)


@pytest.fixture
def database_url_of_house(database_url: str) -> str:
    return database_url


async def with_contract(house: House, workspace: str = "T1") -> None:
    await house.installs(workspace, f"xoxb-{workspace}")
    new = NewContract(procedure_id="kg_mobilians", merchant="모모상점", payment_methods=("card",), owner_id="U0MINJI")
    await house.database.write(
        start_contract,
        new,
        channel_id="C0PG",
        workspace_name="",
        office=house.product.office,
        actor=Actor(workspace, "U0MINJI", frozenset({"C0PG"})),
    )


async def reminders_until(house: House, moment: timedelta) -> list[str | None]:
    """The tokens with which reminders are posted in this time, hour by hour."""
    house.slack.asked.clear()
    house.slack.answers["users.conversations"] = {"channels": []}
    house.slack.answers["conversations.history"] = {"messages": []}
    for _ in range(int(moment / timedelta(hours=6))):
        house.clock.advance(timedelta(hours=6))
        await house.product.sweep.tick()
    return [one.token for one in house.slack.calls("chat.postMessage")]


@pytest.mark.parametrize("news", list(permutations([UNINSTALLED, REVOKED, UNINSTALLED])))
async def test_after_the_news_in_any_order_no_token_is_left_and_nobody_is_reminded(
    house: House, news: tuple[dict[str, Any], ...]
) -> None:
    await with_contract(house)

    for event in news:
        assert (await house.event("T1", event)).status == 200

    assert house.rows("select count(*) from installation") == [0]
    with pytest.raises(NotInstalled):
        await house.tokens.client_of("T1")
    assert await reminders_until(house, AFTER_ALL_REMINDERS) == []
    assert house.slack.asked == [], "no call of any kind, with that token or another"


async def test_without_the_news_people_are_reminded(house: House) -> None:
    """What the test above would not notice: that nothing is ever due in that time."""
    await with_contract(house)

    assert "xoxb-T1" in await reminders_until(house, AFTER_ALL_REMINDERS)


async def test_other_workspaces_go_on(house: House) -> None:
    await with_contract(house, "T1")
    await with_contract(house, "T2")

    await house.event("T1", UNINSTALLED)

    assert set(await reminders_until(house, AFTER_ALL_REMINDERS)) == {"xoxb-T2"}


async def test_a_revoked_token_of_a_person_stops_nothing(house: House) -> None:
    await with_contract(house)

    await house.event("T1", {"type": "tokens_revoked", "tokens": {"oauth": ["U0MINJI"], "bot": []}})

    assert (await house.tokens.client_of("T1")).token == "xoxb-T1"


async def test_installed_again_it_goes_on_where_it_was(house: House) -> None:
    await with_contract(house)
    await house.event("T1", UNINSTALLED)
    house.clock.advance(timedelta(days=3))

    await house.installs("T1", "xoxb-again")

    assert set(await reminders_until(house, AFTER_ALL_REMINDERS)) == {"xoxb-again"}
    assert house.rows("select count(*) from contract") == [1]


async def test_old_news_after_a_new_installation_changes_nothing(house: House) -> None:
    await with_contract(house)
    happened = int(house.clock.now().timestamp())
    house.clock.advance(timedelta(minutes=5))
    await house.installs("T1", "xoxb-again")

    for event in (UNINSTALLED, REVOKED):
        await house.event("T1", event, event_time=happened)

    assert (await house.tokens.client_of("T1")).token == "xoxb-again"
    assert set(await reminders_until(house, AFTER_ALL_REMINDERS)) == {"xoxb-again"}


async def test_news_of_a_workspace_that_nobody_knows_is_taken(house: House) -> None:
    for event in (UNINSTALLED, REVOKED):
        assert (await house.event("T9", event)).status == 200


async def test_when_the_news_cannot_be_written_slack_is_asked_to_tell_it_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await with_contract(house)

    async def broken(*_: Any, **__: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(type(house.database), "write", broken)
    assert (await house.event("T1", UNINSTALLED)).status == 500
    monkeypatch.undo()

    await house.event("T1", UNINSTALLED)
    assert house.rows("select count(*) from installation") == [0]


def rows_of(house: House, workspace: str) -> dict[str, int]:
    from sqlmodel import SQLModel

    found = {}
    with house.database.reading() as session:
        for table in SQLModel.metadata.sorted_tables:
            column = "workspace_id" if "workspace_id" in table.columns else "id" if table.name == "workspace" else None
            if column is not None:
                query = table.select().where(table.columns[column] == workspace)
                found[table.name] = len(session.execute(query).all())
    return found


async def test_everything_is_kept_for_the_stated_time_and_then_erased(house: House) -> None:
    for workspace in ("T1", "T2"):
        await with_contract(house, workspace)
    await house.command("T1", "메일이 안 와요")
    before = rows_of(house, "T1")
    await house.event("T1", UNINSTALLED)

    house.clock.advance(timedelta(days=KEEP_DAYS))
    await house.product.keep_house()
    assert rows_of(house, "T1") == {**before, "installation": 0, "delivery_pause": 1}

    house.clock.advance(timedelta(seconds=2))
    await house.product.keep_house()
    assert not any(rows_of(house, "T1").values())
    assert rows_of(house, "T2")["contract"] == 1


async def test_erased_and_installed_again_it_begins_anew(house: House) -> None:
    await with_contract(house)
    await house.event("T1", UNINSTALLED)
    house.clock.advance(timedelta(days=KEEP_DAYS + 1))
    await house.product.keep_house()

    await with_contract(house)

    assert rows_of(house, "T1")["contract"] == 1
    assert "xoxb-T1" in await reminders_until(house, AFTER_ALL_REMINDERS)


async def test_questions_go_after_their_time(house: House) -> None:
    await house.installs("T1", "xoxb-T1")
    await house.command("T1", "메일이 안 와요")
    house.clock.advance(timedelta(days=89))
    await house.command("T1", "심사 얼마나 걸려요?")

    house.clock.advance(timedelta(days=2))
    await house.product.keep_house()

    assert house.rows("select text from question") == ["심사 얼마나 걸려요?"]
