"""After forgetting, no column of any table knows the person; what others need stays. On both engines."""

from __future__ import annotations

import re
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlmodel import Session

from bot.contracts import lifecycle
from bot.contracts.reading import history
from bot.terminal.privacy import NotPossible, forget, rotate_keys
from bot.texts.catalogue import Catalogues
from handlers.blocks.lists import history_list
from storage.database import Database
from storage.installations import every_installation, save_installation
from storage.tables import CardStatus, Inbox, Manager, MutedPerson, Question, Suggestion, Verdict
from storage.vault import Vault
from storage.workspaces import remember_workspace
from tests.dumps import dump
from tests.team import CHANNEL, JUNHO, MINJI, WORKSPACE, Team

MAIL = "pay@momo.example"
OTHER, OTHER_MAIL = f"{MINJI}2", "billpay@momo.example"
OTHER_WORKSPACE = "T0OTHER"


def question(team: Team, user_id: str, text: str, *, workspace_id: str = WORKSPACE) -> Question:
    return Question(
        workspace_id=workspace_id,
        channel_id=CHANNEL,
        user_id=user_id,
        asked_at=team.office.now(),
        text=text,
        outcome="answer",
    )


def judged(team: Team, by: str, about: Question) -> Suggestion:
    assert about.id is not None
    return Suggestion(
        workspace_id=WORKSPACE,
        question_id=about.id,
        user_id=by,
        given_at=team.office.now(),
        about="meaning",
        verdict=Verdict.CHOSEN,
    )


@pytest.fixture
def worked(team_on_both: Team) -> Team:
    """Minji stands in every place where a person can stand; so do people whose names begin or end like hers."""
    team = team_on_both
    new = lifecycle.NewContract(
        procedure_id="kg_mobilians",
        merchant="모모상점",
        payment_methods=("card",),
        owner_id=MINJI,
        contact_email=MAIL,
    )
    change = team.write(lifecycle.start_contract, new, channel_id=CHANNEL, workspace_name="모모")
    team.contract_id = change.after.id
    team.is_ready_for_review()
    team.requests_review()
    team.records(["shinhan"], CardStatus.REJECTED, reason=f"<@{MINJI}> 에게 들음, {MAIL} 로 회신")
    team.write(lifecycle.assign_owner, OTHER, contract_id=team.contract_id)
    team.write(lifecycle.assign_owner, MINJI, contract_id=team.contract_id, actor=team.actor(JUNHO))
    with team.database.writing() as session:
        hers = question(team, MINJI, "제 번호는 공일공입니다")
        his = question(team, JUNHO, f"{MINJI} 님, {MAIL} 과 {OTHER_MAIL} 중 어디로 보내요?")
        session.add_all([hers, his, question(team, OTHER, "그대로")])
        session.flush()
        session.add_all([judged(team, JUNHO, hers), judged(team, MINJI, his)])
        now = team.office.now()
        session.add(Manager(workspace_id=WORKSPACE, user_id=MINJI, added_by=JUNHO, added_at=now))
        session.add(Manager(workspace_id=WORKSPACE, user_id=OTHER, added_by=MINJI, added_at=now))
        session.add(MutedPerson(workspace_id=WORKSPACE, user_id=MINJI, muted_at=now))
        remember_workspace(session=session, workspace_id=OTHER_WORKSPACE, now=now)
        session.add(question(team, MINJI, "다른 곳", workspace_id=OTHER_WORKSPACE))
    return team


def values(database: Database) -> list[str]:
    """Every value of every column of every table, as text."""
    return [repr(value) for rows in dump(database).values() for row in rows for value in row]


def knows(database: Database, name: str, *, but: tuple[str, ...]) -> list[str]:
    others = re.compile("|".join(map(re.escape, but)))
    texts = [others.sub("", value) for value in values(database)]
    return [text for text in texts if name.lower() in text.lower()]


def test_no_column_of_any_table_knows_a_forgotten_person(worked: Team) -> None:
    assert len(knows(worked.database, MINJI, but=(OTHER,))) > 10, "the test has to begin with her everywhere"

    said = list(forget(worked.database, person=MINJI, contract_id=None, workspace_id=None))

    assert knows(worked.database, MINJI, but=(OTHER,)) == []
    assert "rows deleted" in said[0]
    everything = " ".join(values(worked.database))
    assert OTHER in everything, "whose id only begins like hers"
    assert "공일공" not in everything, "her words go with her"
    assert "그대로" in everything


def test_the_contract_goes_on_without_the_person(worked: Team, texts: Catalogues) -> None:
    before = worked.state

    list(forget(worked.database, person=MINJI, contract_id=None, workspace_id=None))

    after = worked.state
    assert after.done_days == before.done_days
    assert [card.status for card in after.cards] == [card.status for card in before.cards]
    assert after.owner_id == ""
    with worked.database.reading() as session:
        page = history(worked.contract_id, session=session, office=worked.office, actor=worked.actor(JUNHO))
    assert len(page.rows) > 5, "the history keeps what happened"
    shown = str(history_list(page, texts.speaker("ko")).blocks)
    assert "<@>" not in shown
    assert "다른 분" in shown
    worked.write(lifecycle.assign_owner, JUNHO, contract_id=worked.contract_id, actor=worked.actor(JUNHO))
    assert worked.state.owner_id == JUNHO


def test_a_mail_address_is_forgotten_like_an_id(worked: Team) -> None:
    list(forget(worked.database, person=MAIL.upper(), contract_id=None, workspace_id=None))

    assert knows(worked.database, MAIL, but=(OTHER_MAIL,)) == []
    assert OTHER_MAIL in " ".join(values(worked.database))
    assert worked.state.contact_email == ""


def test_forgetting_in_one_workspace_leaves_the_others(worked: Team) -> None:
    elsewhere = dump(worked.database, workspace_id=OTHER_WORKSPACE)

    list(forget(worked.database, person=MINJI, contract_id=None, workspace_id=WORKSPACE))

    assert dump(worked.database, workspace_id=OTHER_WORKSPACE) == elsewhere
    assert MINJI not in str(dump(worked.database, workspace_id=WORKSPACE)).replace(OTHER, "")


def test_a_forgotten_contract_is_gone_with_its_mail_and_questions(worked: Team) -> None:
    contract_id = worked.contract_id
    worked.starts("다른 상점", channel_id="C0ELSE")
    other = worked.contract_id

    list(forget(worked.database, person=None, contract_id=contract_id, workspace_id=None))

    everything = " ".join(values(worked.database))
    assert MAIL not in everything.replace(OTHER_MAIL, "")
    assert "모모상점" not in everything
    found = dump(worked.database, workspace_id=WORKSPACE)
    assert [row[0] for row in found["contract"]] == [other]
    for table in ("progress", "card_review", "history", "nudge"):
        assert contract_id not in {row[2] for row in found[table]}, table
    assert found["question"] == []


@pytest.mark.parametrize(
    ("whom", "said"),
    [
        ({"person": "minji", "contract_id": None}, "no Slack id"),
        ({"person": "%", "contract_id": None}, "no Slack id"),
        ({"person": None, "contract_id": 999}, "there is no contract 999"),
    ],
)
def test_what_is_not_there_is_said_and_nothing_is_changed(worked: Team, whom: dict[str, Any], said: str) -> None:
    before = dump(worked.database)

    with pytest.raises(NotPossible, match=said):
        list(forget(worked.database, workspace_id=None, **whom))

    assert dump(worked.database) == before


def test_what_is_not_handled_yet_is_left(worked: Team) -> None:
    """It would be kept as a question of nobody's."""
    said = {"event": {"user": MINJI, "text": "대표님 번호가 뭐였죠?"}}
    with worked.database.writing() as session:
        for number, payload in enumerate((said, {"event": {"user": OTHER, "text": "다른 말"}})):
            now = worked.office.now()
            session.add(
                Inbox(workspace_id=WORKSPACE, event_id=f"Ev{number}", taken_at=now, lease_until=now, payload=payload)
            )

    list(forget(worked.database, person=MINJI, contract_id=None, workspace_id=None))

    everything = " ".join(values(worked.database))
    assert "번호가 뭐였죠" not in everything
    assert "다른 말" in everything


def test_forgetting_twice_changes_nothing_more(worked: Team) -> None:
    list(forget(worked.database, person=MINJI, contract_id=None, workspace_id=None))
    before = dump(worked.database)

    said = list(forget(worked.database, person=MINJI, contract_id=None, workspace_id=None))

    assert said[0] == "0 rows deleted, 0 without the person now"
    assert dump(worked.database) == before


# ---- keys -------------------------------------------------------------------------------------------------------

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def install(session: Session, team: Team, workspace_id: str, token: str, refresh_token: str | None) -> None:
    now = team.office.now()
    remember_workspace(session=session, workspace_id=workspace_id, now=now)
    save_installation(
        session=session,
        workspace_id=workspace_id,
        enterprise_id=None,
        bot_user_id="U0BOT",
        bot_id="B0BOT",
        scopes=[],
        token=token,
        refresh_token=refresh_token,
        expires_at=None,
        now=now,
    )


def test_after_rotating_the_old_key_is_not_needed_any_more(team_on_both: Team) -> None:
    old = Vault([OLD])
    with team_on_both.database.writing() as session:
        install(session, team_on_both, "T1", old.seal("xoxb-1"), old.seal("xoxe-1"))
        install(session, team_on_both, "T2", old.seal("xoxb-2"), None)

    said = list(rotate_keys(team_on_both.database, Vault([NEW, OLD])))

    assert said == ["2 installations are sealed with the first of TOKEN_KEYS"]
    new = Vault([NEW])
    with team_on_both.database.reading() as session:
        first, second = every_installation(session=session)
    assert [new.unseal(first.token), new.unseal(first.refresh_token or "")] == ["xoxb-1", "xoxe-1"]
    assert (new.unseal(second.token), second.refresh_token) == ("xoxb-2", None)


def test_a_token_that_no_key_opens_is_named_and_the_others_are_rotated(team_on_both: Team) -> None:
    with team_on_both.database.writing() as session:
        install(session, team_on_both, "T1", Vault([Fernet.generate_key().decode()]).seal("xoxb-1"), None)
        install(session, team_on_both, "T2", Vault([OLD]).seal("xoxb-2"), None)

    with pytest.raises(NotPossible, match="tokens of T1: they have to install again"):
        list(rotate_keys(team_on_both.database, Vault([NEW, OLD])))

    with team_on_both.database.reading() as session:
        _, second = every_installation(session=session)
    assert Vault([NEW]).unseal(second.token) == "xoxb-2"
