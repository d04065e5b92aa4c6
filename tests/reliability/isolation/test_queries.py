"""Every data function is called for one workspace with the ids of another one, on both engines: it finds nothing and
changes nothing there. A function that names no workspace has to stand in a list here, with the reason."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlmodel import Session, SQLModel, col

import storage
from storage.nudges import UNVERIFIED
from storage.questions import Asked
from storage.tables import (
    ChecklistTick,
    Contract,
    DeliveryPause,
    History,
    Inbox,
    Installation,
    Manager,
    MutedPerson,
    Nudge,
    NudgeStatus,
    Question,
    SpecialDay,
    Suggestion,
    SuggestionStatus,
    Verdict,
    Workspace,
)
from tests.dumps import dump
from tests.team import MINJI, WORKSPACE, Team

ROOT = Path(__file__).parents[3]
OURS, THEIRS = WORKSPACE, "T0THEIRS"
THEIR_CHANNEL = "C0THEIRS"
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=400)

FOR_ALL_WORKSPACES = {
    **dict.fromkeys(
        [
            "articles.add_articles",
            "articles.all_sections",
            "articles.known_articles",
            "articles.lock_articles",
            "articles.newest_import",
            "articles.remove_articles",
        ],
        "help-centre articles, the same for everybody",
    ),
    "contracts.read_contracts_after": "the reconciler",
    "contracts.read_every_contract": "the operator exports",
    "contracts.workspaces_with_status": "status messages are drawn again each morning",
    "database.clock_of_database": "reads a clock",
    "erase.erase_everything": "the local workspace begins anew",
    "forgetting.forget_contract": "the operator forgets",
    "inbox.forget_events": "housekeeping",
    "inbox.take_abandoned": "takes again what nobody works on",
    "snapshots.read_snapshots": "the conditions that it is given name it",
    "installations.every_installation": "the operator replaces a key",
    "installations.installations_that_expire": "tokens are refreshed before their end",
    "installations.issue_state": "nobody's yet",
    "installations.take_state": "nobody's yet",
    "instance.adopt": "about the database itself",
    "instance.owner": "about the database itself",
    "instance.take_if_free": "about the database itself",
    "ledger_counts.count_ledger": "counts for operators",
    "lost_nudges.dead_nudges": "the reconciler",
    "nudges.claim_due": "the sweep",
    "nudges.doubt_since": "the operator restores a backup",
    "nudges.hand_back": "the sweep gives back what it claimed under its token",
    "nudges.next_look": "the sweep",
    "nudges.planned_nudges": "the local workspace's page",
    "pauses.forget_old_pauses": "housekeeping",
    "questions.forget_questions": "housekeeping",
    "suggestions.settle_suggestions": "the operator approves",
    "driven.rows_of": "runs a statement",
    "upsert.changes_one_row": "runs a statement",
    "upsert.engine_of": "names the engine",
    "upsert.insert_for": "makes a statement",
    "nudges.changed": "runs a statement",
    "watching.watch_page": "the reconciler",
    "workspaces.uninstalled_before": "housekeeping",
    "workspaces.workspaces_through_organization": "an organization's own workspaces",
}
BY_A_ROW_READ_BEFORE = {
    "installations.claim_refresh",
    "installations.installation",
    "installations.release_refresh",
    "installations.renew_token",
    "installations.replace_sealed",
    "lost_nudges.owe_again",
    "lost_nudges.take_as_received",
    "lost_nudges.was_followed",
    "nudges.close",
    "nudges.defer",
    "nudges.mark_posting",
    "nudges.mark_sent",
    "nudges.put_off",
    "nudges.release",
    "planning.cancel_nudge",
    "planning.move_nudge",
}
"""They take the id of a row that their caller has found under its workspace, or claimed. No handler may call them, so
that no id from a payload reaches them."""


WITHOUT_A_TRACE = {"workspace_settings.hold_settings", "workspaces.remember_workspace"}
"""They lock, or make sure of a row that is there."""


def data_functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    for module in pkgutil.iter_modules(storage.__path__):
        if module.name == "migrations":
            continue
        loaded = importlib.import_module(f"storage.{module.name}")
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            own = function.__module__ == loaded.__name__ and not name.startswith("_")
            if own and "session" in inspect.signature(function).parameters:
                yield f"{module.name}.{name}", function


FUNCTIONS = dict(data_functions())
SCOPED = [
    name
    for name, function in FUNCTIONS.items()
    if any("workspace" in parameter for parameter in inspect.signature(function).parameters)
]


def test_a_function_names_the_workspace_or_says_why_not() -> None:
    unscoped = set(FUNCTIONS) - set(SCOPED)

    assert unscoped == set(FOR_ALL_WORKSPACES) | BY_A_ROW_READ_BEFORE


def test_no_handler_calls_what_trusts_an_id() -> None:
    forbidden = {name.split(".")[1] for name in BY_A_ROW_READ_BEFORE} - {"take_as_received", "close"}
    modules = {f"storage.{name.split('.')[0]}" for name in BY_A_ROW_READ_BEFORE if not name.startswith("inst")}
    called = []
    for path in (ROOT / "handlers").rglob("*.py"):
        if path.parts[-2] == "oauth":  # holds tokens, and no payload brings an id of theirs
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module in modules:
                called += [f"{path.name}: {alias.name}" for alias in node.names if alias.name in forbidden]
            if isinstance(node, ast.ImportFrom) and node.module == "storage":
                called += [f"{path.name}: {alias.name}" for alias in node.names if f"storage.{alias.name}" in modules]

    assert called == []


class TwoWorkspaces:
    """Ours, and theirs: with a row of every kind that says THEIRS."""

    def __init__(self, team: Team) -> None:
        self.database = team.database
        team.starts("우리 상점")
        theirs = Team(team.database, team.office)
        actor = theirs.actor(user_id="U0THEIRS", workspace_id=THEIRS, channel_id=THEIR_CHANNEL)
        theirs.actor = lambda *_, **__: actor  # type: ignore[method-assign]
        theirs.starts("THEIRS", channel_id=THEIR_CHANNEL)
        theirs.finishes("application", "guidance")
        self.contract_id = theirs.contract_id
        with self.database.writing() as session:
            self._fill(session)

    def _fill(self, session: Session) -> None:
        question = Question(
            workspace_id=THEIRS,
            channel_id=THEIR_CHANNEL,
            thread_ts="1.1",
            user_id="U0THEIRS",
            asked_at=NOW,
            text="THEIRS",
            outcome="hand_over",
            handed_over_at=NOW,
            stopped_at=NOW,
        )
        session.add(question)
        session.flush()
        assert question.id is not None
        session.add_all(
            [
                Suggestion(
                    workspace_id=THEIRS,
                    question_id=question.id,
                    user_id="U0THEIRS",
                    given_at=NOW,
                    about="meaning",
                    verdict=Verdict.CHOSEN,
                    shown="THEIRS",
                ),
                MutedPerson(workspace_id=THEIRS, user_id="U0THEIRS", muted_at=NOW),
                ChecklistTick(
                    workspace_id=THEIRS,
                    contract_id=self.contract_id,
                    item_id="paper_identity",
                    ticked_by="THEIRS",
                    issued_on=date(2026, 10, 5),
                ),
                Manager(workspace_id=THEIRS, user_id="U0THEIRS", added_by="U0THEIRS", added_at=NOW),
                SpecialDay(
                    workspace_id=THEIRS,
                    day=date(2026, 12, 24),
                    is_off=True,
                    note="THEIRS",
                    entered_by="U",
                    entered_at=NOW,
                ),
                DeliveryPause(workspace_id=THEIRS, channel_id="", reason="THEIRS"),
                Inbox(workspace_id=THEIRS, event_id="Ev0THEIRS", taken_at=NOW, lease_until=NOW),
                Installation(workspace_id=THEIRS, bot_user_id="THEIRS", bot_id="B", token="THEIRS", installed_at=NOW),
            ]
        )
        workspace = session.get_one(Workspace, THEIRS)
        session.get_one(Contract, self.contract_id).status_message_ts = "3.3"
        workspace.help_channel_id, workspace.language, workspace.name = "C0THEIRSHELP", "en", "THEIRS"
        nudges = session.execute(select(Nudge).where(col(Nudge.workspace_id) == THEIRS)).scalars().all()
        assert nudges
        nudges[0].status, nudges[0].next_at, nudges[0].closed_reason = NudgeStatus.DEAD, None, UNVERIFIED
        due = nudges[0].model_dump(exclude={"id", "status", "closed_reason"})
        due |= {"dedupe_key": "THEIRS", "public_id": "THEIRS", "ordinal": 2, "due_at": LATER, "next_at": LATER}
        open_question = question.model_dump(exclude={"id", "handed_over_at"})
        posted = due | {"dedupe_key": "THEIRS posted", "public_id": "THEIRS posted", "ordinal": 3, "next_at": None}
        posted |= {"status": NudgeStatus.SENT, "sent_at": NOW, "message_ts": "2.2"}
        session.add_all([Nudge(**due), Nudge(**posted), other := Question(**open_question)])
        session.add(outside_threads := Question(**open_question | {"thread_ts": None}))
        session.flush()
        self.samples_of = {
            "questions.take_hand_over": {"question_id": other.id},
            "questions.take_into_thread": {"question_id": outside_threads.id},
            "workspace_settings.mute_person": {"user_id": "U0NEW"},
            "workspace_settings.add_managers": {"user_ids": ["U0NEW"]},
        }
        self.samples: dict[str, Any] = {
            "workspace_id": OURS,
            "workspace_ids": [OURS],
            "workspaces": [OURS],
            "contract_id": self.contract_id,
            "contract_ids": [self.contract_id],
            "channel_id": THEIR_CHANNEL,
            "channels": [THEIR_CHANNEL],
            "question_id": question.id,
            "nudge_id": nudges[0].id,
            "public_ids": [nudges[0].public_id],
            "inbox_id": session.execute(select(col(Inbox.id))).scalar_one(),
            "event_id": "Ev0THEIRS",
            "message_key": None,
            "user_id": "U0THEIRS",
            "user_ids": ["U0THEIRS"],
            "thread_ts": "1.1",
            "change_id": session.execute(
                select(col(History.change_id)).where(col(History.workspace_id) == THEIRS).limit(1)
            ).scalar_one(),
            "digest": "as shown",
            "was_begun": True,
            "procedures": ["kg_mobilians"],
            "page": 0,
            "size": 10,
            "payload": {},
            "done": {"text": "우리"},
            "message_ts": "1.1",
            "ts": "1.1",
            "enterprise_id": None,
            "bot_user_id": "U0OURS",
            "bot_id": "B0OURS",
            "scopes": [],
            "refresh_token": None,
            "expires_at": None,
            "made_before": LATER,
            "happened_at": LATER,
            "verdict": Verdict.NONE,
            "verdicts": list(Verdict),
            "status": SuggestionStatus.APPROVED,
            "zone": "UTC",
            "language": "ko",
            "name": "우리",
            "added_by": MINJI,
            "entered_by": MINJI,
            "day": date(2026, 12, 24),
            "is_off": False,
            "note": "",
            "rule_id": nudges[0].rule_id,
            "step_id": nudges[0].step_id,
            "entry": 1,
            "ordinal": 9,
            "counted_on": date(2026, 11, 23),
            "due_at": LATER,
            "look_at": LATER,
            "until": LATER,
            "item_id": "paper_identity",
            "ticked_by": "U0OURS",
            "ticked_at": LATER,
            "issued_on": date(2026, 11, 2),
            "reason": "reason",
            "token": "token",
            "now": LATER,
            "since": NOW - timedelta(days=1),
            "lease": timedelta(minutes=1),
            "overdue": timedelta(minutes=1),
            "digests": [],
            "person": "U0THEIRS",
            "shown": None,
            "chosen": None,
            "asked": Asked(THEIR_CHANNEL, None, "U0OURS", LATER, "말", "answer", None, [], [], 0.9),
        }


@pytest.fixture
def two(team_on_both: Team) -> TwoWorkspaces:
    return TwoWorkspaces(team_on_both)


def test_no_query_for_one_workspace_reaches_into_another(two: TwoWorkspaces) -> None:
    before = dump(two.database, workspace_id=THEIRS)
    assert "THEIRS" in str(before)

    reached: list[str] = []
    for name in SCOPED:
        found = _rolled_back(two, name)
        reached += [f"{name} returns {one}" for one in found.values if "THEIRS" in one]
        reached += [f"{name} without a workspace: {one}" for one in found.statements if not _names_a_workspace(one)]
        reached += [f"{name} changes {table}" for table, rows in found.after.items() if rows != before[table]]

    assert reached == []


def test_the_same_functions_do_reach_their_own(two: TwoWorkspaces) -> None:
    """What the test above would not notice: that they reach nothing at all."""
    two.samples |= {"workspace_id": THEIRS, "workspace_ids": [THEIRS], "workspaces": [THEIRS]}
    before = dump(two.database, workspace_id=THEIRS)

    silent = []
    for name in set(SCOPED) - WITHOUT_A_TRACE:
        found = _rolled_back(two, name)
        if not any("THEIRS" in one for one in found.values) and found.after == before and not _says_something(found):
            silent.append(name)

    assert silent == [], " ".join(silent)


class Found:
    def __init__(self, values: list[str], statements: list[str], after: dict[str, Any]) -> None:
        self.values, self.statements, self.after = values, statements, after


def _rolled_back(two: TwoWorkspaces, name: str) -> Found:
    """What a function returns, asks and leaves behind; nothing of it is kept."""
    function = FUNCTIONS[name]
    samples = two.samples | two.samples_of.get(name, {})
    arguments = {
        parameter.name: samples[parameter.name]
        for parameter in inspect.signature(function).parameters.values()
        if parameter.name != "session" and (parameter.default is parameter.empty or parameter.name in samples)
    }
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(" ".join(statement.split()))

    with two.database.engine.connect() as connection, connection.begin() as transaction:
        session = Session(connection, join_transaction_mode="create_savepoint")
        event.listen(connection, "before_cursor_execute", note)
        try:
            result = function(session=session, **arguments)
            values = [repr(one) for one in _flat(result)]
            session.flush()
        finally:
            event.remove(connection, "before_cursor_execute", note)
        after = {}
        for table in SQLModel.metadata.sorted_tables:
            whose = table.columns.id if table.name == "workspace" else table.columns.get("workspace_id")
            if whose is not None:
                query = table.select().where(whose == THEIRS).order_by(*table.primary_key.columns)
                after[table.name] = [tuple(row) for row in connection.execute(query)]
        session.close()
        transaction.rollback()
    return Found(values, statements, after)


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for pair in value.items():
            yield from _flat(pair)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for one in value:
            yield from _flat(one)
    else:
        yield value


def _names_a_workspace(statement: str) -> bool:
    if statement.startswith(("INSERT", "SAVEPOINT", "RELEASE", "ROLLBACK")):
        return True
    _, _, conditions = statement.partition(" WHERE ")
    return "workspace" in conditions or "nudge.id = " in conditions or "enterprise_id" in conditions


def _says_something(found: Found) -> bool:
    return any(one not in {"None", "False", "0"} for one in found.values)
