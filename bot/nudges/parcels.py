"""What a nudge's message shows: while it is owed, and after somebody has answered it or moved the contract on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from bot.contracts.outlook import Outlook
from bot.contracts.state import ContractState
from bot.nudges import rules
from bot.nudges.delivery import Answer, AnswerKind, DueNudge, Parcel
from bot.office import Office
from storage import nudges as ledger
from storage.tables import Nudge, NudgeStatus


@dataclass(frozen=True)
class PostedParcel:
    """A message that stands in the channel, with what it has to show now."""

    channel_id: str
    message_ts: str
    parcel: Parcel


def due_nudge(row: Nudge, reason: rules.Owed) -> DueNudge:
    assert row.id is not None
    return DueNudge(row.id, row.public_id, row.ordinal, reason.rule, row.step_id, reason.counted_on)


def take_settled(state: ContractState, *, session: Session, office: Office) -> list[PostedParcel]:
    """The messages with nudges whose reason is gone since they were drawn. Each is handed out once."""
    rows = _rows(state, session)
    settled: dict[str, None] = {}
    for row in rows:
        is_drawn = row.status == NudgeStatus.SENT and row.closed_reason is None
        if is_drawn and row.message_ts and not rules.reason_for(state, rule_id=row.rule_id, entry=row.entry):
            row.closed_reason = rules.REASON_GONE
            settled[row.message_ts] = None
    return [_posted(state, ts, rows, office=office) for ts in settled]


def posted_parcel(state: ContractState, message_ts: str, *, session: Session, office: Office) -> PostedParcel:
    """The message as it has to look now."""
    return _posted(state, message_ts, _rows(state, session), office=office)


def next_of(rule_id: str, rows: Sequence[Nudge]) -> Nudge | None:
    """The reminder of this rule that is planned, among a contract's rows."""
    coming = [row for row in rows if row.status == NudgeStatus.SCHEDULED and row.rule_id == rule_id]
    return coming[-1] if coming else None


def _posted(state: ContractState, message_ts: str, rows: Sequence[Nudge], *, office: Office) -> PostedParcel:
    mine = [row for row in rows if row.message_ts == message_ts]
    shown = tuple(nudge for nudge in (_shown(row, state, rows) for row in mine) if nudge is not None)
    return PostedParcel(mine[0].channel_id, message_ts, Parcel(Outlook.of(state, office), shown))


def _shown(row: Nudge, state: ContractState, rows: Sequence[Nudge]) -> DueNudge | None:
    rule = state.procedure.nudge_rule(row.rule_id)
    if rule is None or row.id is None:
        return None
    coming = next_of(row.rule_id, rows)
    return DueNudge(
        nudge_id=row.id,
        public_id=row.public_id,
        ordinal=row.ordinal,
        rule=rule,
        step_id=row.step_id,
        counted_on=row.counted_on,
        answer=_answer(row, coming),
        is_settled=row.closed_reason == rules.REASON_GONE,
    )


def _answer(row: Nudge, coming: Nudge | None) -> Answer | None:
    if row.answer is None or row.answered_by is None:
        return None
    return Answer(AnswerKind(row.answer), row.answered_by, coming.due_at if coming else None)


def _rows(state: ContractState, session: Session) -> list[Nudge]:
    return ledger.nudges_of_contract(session=session, workspace_id=state.workspace_id, contract_id=state.id)
