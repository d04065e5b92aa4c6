"""Whose token is taken for whom, and that a state or a refresh is taken once, on both engines."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from storage import installations as store
from storage.database import Database
from storage.tables import Installation
from storage.workspaces import (
    note_installed,
    note_uninstalled,
    uninstalled_before,
    workspaces_through_organization,
)

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
LEASE = timedelta(seconds=60)


def install(
    database: Database, workspace_id: str | None, token: str, *, enterprise_id: str | None = None, now: datetime = NOW
) -> None:
    with database.writing() as session:
        if workspace_id is not None:
            note_installed(session=session, workspace_id=workspace_id, now=now, enterprise_id=enterprise_id)
        store.save_installation(
            session=session,
            workspace_id=workspace_id,
            enterprise_id=enterprise_id,
            bot_user_id="U0BOT",
            bot_id="B0BOT",
            scopes=["commands"],
            token=token,
            refresh_token=f"{token}-refresh",
            expires_at=now + timedelta(hours=12),
            now=now,
        )


def token_for(database: Database, workspace_id: str, enterprise_id: str | None = None) -> str | None:
    with database.reading() as session:
        found = store.find_installation(session=session, workspace_id=workspace_id, enterprise_id=enterprise_id)
        return found.token if found else None


def write(database: Database, work: Any, **arguments: Any) -> Any:
    with database.writing() as session:
        return work(session=session, **arguments)


def only(database: Database) -> Installation:
    with database.reading() as session:
        (found,) = store.every_installation(session=session)
        return found


def test_every_workspace_has_its_own_token(database: Database) -> None:
    install(database, "T1", "one")
    install(database, "T2", "two")

    assert (token_for(database, "T1"), token_for(database, "T2"), token_for(database, "T3")) == ("one", "two", None)


def test_installing_again_takes_the_place_of_what_was_there(database: Database) -> None:
    for workspace_id, enterprise_id in (("T1", "E1"), (None, "E1")):
        install(database, workspace_id, "old", enterprise_id=enterprise_id)
        install(database, workspace_id, "new", enterprise_id=enterprise_id, now=LATER)

    with database.reading() as session:
        assert [(one.workspace_id, one.token) for one in store.every_installation(session=session)] == [
            ("T1", "new"),
            (None, "new"),
        ]


def test_an_organizations_token_serves_its_workspaces_unless_they_have_their_own(database: Database) -> None:
    install(database, "T1", "own", enterprise_id="E1")
    install(database, None, "organization", enterprise_id="E1")
    with database.writing() as session:
        note_installed(session=session, workspace_id="T2", now=NOW, enterprise_id="E1")

    assert token_for(database, "T1", "E1") == "own"
    assert token_for(database, "T2") == "organization", "the sweep knows the workspace only"
    assert token_for(database, "T9", "E1") == "organization", "a workspace that is heard of for the first time"
    assert token_for(database, "T9", "E2") is None
    with database.reading() as session:
        assert workspaces_through_organization(session=session, enterprise_id="E1") == ["T2"]


def test_a_workspace_that_left_its_organization_has_no_token_until_it_is_installed_anew(database: Database) -> None:
    install(database, None, "organization", enterprise_id="E1")
    with database.writing() as session:
        note_installed(session=session, workspace_id="T2", now=NOW, enterprise_id="E1")
    write(database, note_uninstalled, workspace_id="T2", happened_at=LATER)
    assert token_for(database, "T2", "E1") is None

    install(database, None, "again", enterprise_id="E1", now=LATER + timedelta(hours=1))
    assert token_for(database, "T2", "E1") == "again"


def test_deleting_spares_what_is_younger_than_the_news(database: Database) -> None:
    install(database, "T1", "new", now=LATER)

    old_news = write(database, store.delete_installation, workspace_id="T1", enterprise_id=None, made_before=NOW)
    assert (old_news, token_for(database, "T1")) == (False, "new")

    news = write(database, store.delete_installation, workspace_id="T1", enterprise_id=None, made_before=LATER)
    again = write(database, store.delete_installation, workspace_id="T1", enterprise_id=None, made_before=LATER)
    assert (news, again, token_for(database, "T1")) == (True, False, None)


def test_deleting_an_organizations_token_leaves_the_workspaces_own(database: Database) -> None:
    install(database, "T1", "own", enterprise_id="E1")
    install(database, None, "organization", enterprise_id="E1")

    write(database, store.delete_installation, workspace_id=None, enterprise_id="E1")

    assert only(database).token == "own"


def test_an_installation_belongs_to_somebody(database: Database) -> None:
    with pytest.raises(IntegrityError):
        install(database, None, "nobody's")


def test_of_many_at_once_one_refreshes(database: Database) -> None:
    install(database, "T1", "old")
    number = only(database).id

    with ThreadPoolExecutor(max_workers=6) as pool:
        claims = [
            pool.submit(write, database, store.claim_refresh, installation_id=number, now=NOW, until=NOW + LEASE)
            for _ in range(12)
        ]

    assert sum(claim.result() for claim in claims) == 1

    later = NOW + LEASE
    assert write(database, store.claim_refresh, installation_id=number, now=later, until=later + LEASE), "it had died"
    write(database, store.release_refresh, installation_id=number, until=later)
    assert not write(database, store.claim_refresh, installation_id=number, now=later, until=later + LEASE), (
        "the one who had died cannot give away what is somebody else's"
    )


def test_a_refresh_that_comes_back_after_a_new_installation_changes_nothing(database: Database) -> None:
    install(database, "T1", "old")
    stale = only(database)
    install(database, "T1", "new", now=LATER)

    renewed = write(
        database,
        store.renew_token,
        installation_id=stale.id,
        installed_at=stale.installed_at,
        token="late",
        refresh_token="late",
        expires_at=LATER,
    )

    assert (renewed, token_for(database, "T1")) == (False, "new")


def test_sealing_anew_never_puts_an_older_token_back(database: Database) -> None:
    install(database, "T1", "old")
    read = only(database)
    install(database, "T1", "refreshed meanwhile", now=LATER)

    replaced = write(database, store.replace_sealed, before=read, token="old, resealed", refresh_token=None)

    assert (replaced, token_for(database, "T1")) == (False, "refreshed meanwhile")


def test_a_state_is_taken_once_and_not_too_late(database: Database) -> None:
    minutes = timedelta(minutes=10)
    for name in ("in time", "too late"):
        write(database, store.issue_state, state_hash=name, now=NOW, lifetime=minutes)

    assert write(database, store.take_state, state_hash="in time", now=NOW)
    assert not write(database, store.take_state, state_hash="in time", now=NOW)
    assert not write(database, store.take_state, state_hash="never issued", now=NOW)
    assert not write(database, store.take_state, state_hash="too late", now=NOW + minutes)


def test_states_that_never_came_back_do_not_pile_up(database: Database) -> None:
    for minute in range(30):
        moment = NOW + timedelta(minutes=minute)
        write(database, store.issue_state, state_hash=str(minute), now=moment, lifetime=timedelta(minutes=10))

    with database.reading() as session:
        assert session.connection().exec_driver_sql("select count(*) from oauth_state").scalar_one() == 10


def test_a_workspace_is_gone_from_the_first_time_that_it_is_told_until_it_is_back(database: Database) -> None:
    def gone(moment: datetime) -> list[str]:
        with database.reading() as session:
            return uninstalled_before(session=session, moment=moment)

    def told(happened_at: datetime) -> bool:
        return bool(write(database, note_uninstalled, workspace_id="T1", happened_at=happened_at))

    write(database, note_installed, workspace_id="T1", now=NOW)

    assert not told(NOW - timedelta(seconds=1)), "older than the installation"
    assert [told(NOW), told(LATER)] == [True, False]
    assert (gone(NOW), gone(LATER)) == ([], ["T1"])

    write(database, note_installed, workspace_id="T1", now=LATER)
    assert gone(LATER + timedelta(days=1)) == []
