"""Databases full of contracts: as many as a large workspace has, and a history that nobody reads to its end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, text

from bot.contracts import lifecycle, moves
from bot.contracts.desk import Actor
from bot.contracts.outlook import Outlook
from bot.contracts.state import ContractState
from bot.nudges.calendar import AS_USUAL
from bot.office import Office
from bot.procedure.model import Procedure
from bot.texts.catalogue import Catalogues
from handlers.blocks.status import status_digest, status_message
from storage import migrate
from storage.contracts import remember_status_message
from storage.database import Database
from storage.tables import CardReview, CardStatus, Contract, History, Manager, Progress, StepStatus
from storage.workspaces import remember_workspace
from tests.bench.serving.loopback import TEAM, USER

_DONE = 6
"""Steps that are done; the next one is waited for."""


def channel(number: int) -> str:
    return f"C0BENCH{number}"


def start(database: Database, office: Office, texts: Catalogues, *, contracts: int) -> None:
    """Contracts as people start them, with all that goes with one: nothing has to be put right in the background."""
    migrate.upgrade(database.engine)
    procedure = next(iter(office.procedures.values()))
    for number in range(1, contracts + 1):
        actor = Actor(TEAM, USER, frozenset({channel(number)}))
        new = lifecycle.NewContract(
            procedure_id=procedure.id, merchant=f"가맹점 {number}", payment_methods=("card",), owner_id=USER
        )
        with database.writing() as session:
            where = {"session": session, "office": office, "actor": actor}
            state = lifecycle.start_contract(new, channel_id=channel(number), workspace_name="bench", **where).after
            done = procedure.steps[: number % _DONE]
            if done:
                last = done[-1].id
                state = moves.finish_step(last, contract_id=state.id, on=None, with_earlier=True, **where).after
            shown = status_message(Outlook.of(state, office), texts.speaker(state.language))
            remember_status_message(
                session=session,
                workspace_id=TEAM,
                contract_id=state.id,
                ts="1795414482.000100",
                digest=status_digest(shown),
            )


def fill(database: Database, office: Office, *, contracts: int, history_rows: int = 0) -> None:
    """Contracts in channels of their own, most steps done, cards in review. The first contract has the history."""
    migrate.upgrade(database.engine)
    procedure = next(iter(office.procedures.values()))
    now = datetime.now(UTC)
    numbers = range(1, contracts + 1)
    with database.writing() as session:
        remember_workspace(session=session, workspace_id=TEAM, now=now)
        manager = {"workspace_id": TEAM, "user_id": USER, "added_by": USER, "added_at": now}
        session.execute(insert(Manager), [manager])
        session.execute(insert(Contract), [_waiting(number, procedure, now) for number in numbers])
        session.execute(insert(Progress), [row for number in numbers for row in _progress(number, procedure, now)])
        session.execute(insert(CardReview), [row for number in numbers for row in _cards(number, procedure, now)])
    if history_rows:
        _write_history(database, history_rows, now)


def _waiting(number: int, procedure: Procedure, now: datetime) -> dict[str, object]:
    """The row of a contract, with what it waits for."""
    row = _contract(number, procedure, now)
    progress = [Progress(**step) for step in _progress(number, procedure, now)]
    cards = [CardReview(**card) for card in _cards(number, procedure, now)]
    return {**row, **ContractState.of(Contract(**row), progress, cards, procedure, AS_USUAL).waiting._asdict()}


def _contract(number: int, procedure: Procedure, now: datetime) -> dict[str, object]:
    return {
        "id": number,
        "workspace_id": TEAM,
        "channel_id": channel(number),
        "procedure_id": procedure.id,
        "merchant": f"가맹점 {number}",
        "contact_email": "",
        "payment_methods": ["card"],
        "site_url": "",
        "owner_id": USER if number % 2 else "U0OTHER",
        "language": "ko",
        "zone": "Asia/Seoul",
        "status": "active",
        "started_on": now.date() - timedelta(days=30),
        "created_by": USER,
        "created_at": now,
        "status_message_ts": "1795414482.000100",
    }


def _progress(number: int, procedure: Procedure, now: datetime) -> list[dict[str, object]]:
    done = number % (_DONE + 1)
    began = now.date() - timedelta(days=number % 29)
    return [
        {
            "workspace_id": TEAM,
            "contract_id": number,
            "step_id": step.id,
            "status": StepStatus.DONE if at < done else StepStatus.ACTIVE if at == done else StepStatus.WAITING,
            "entry": 1,
            "active_on": began if at <= done else None,
            "done_on": began if at < done else None,
            "done_by": USER if at < done else None,
            "recorded_at": now,
        }
        for at, step in enumerate(procedure.steps)
    ]


def _cards(number: int, procedure: Procedure, now: datetime) -> list[dict[str, object]]:
    return [
        {
            "workspace_id": TEAM,
            "contract_id": number,
            "card_id": card.id,
            "status": CardStatus.NOT_REQUESTED,
            "reason": "",
        }
        for card in procedure.card_companies
    ]


def _write_history(database: Database, count: int, now: datetime) -> None:
    """All of it belongs to the first contract: the worst place for whoever reads its status."""
    rows = (
        f"select n from generate_series(1, {count}) n"
        if database.has_shared_clock
        else f"with recursive s(n) as (select 1 union all select n + 1 from s where n < {count}) select n from s"
    )
    columns = "workspace_id, contract_id, change_id, at, actor, kind, step_id, details"
    at = int(now.timestamp() * 1000)
    with database.engine.begin() as connection:
        if database.has_shared_clock:
            connection.execute(text("set local statement_timeout = 0"))
        connection.execute(
            text(
                f"insert into {History.__tablename__} ({columns}) select '{TEAM}', 1, 'change' || n, {at} + n, "
                f"'{USER}', 'finished', 'application', '{{}}' from ({rows}) numbers"
            )
        )
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("analyze"))
