"""What a nudge's message shows: while it is owed, and after somebody has answered it or moved the contract on."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from sqlmodel import Session

from bot.contracts.outlook import Outlook
from bot.contracts.state import ContractState
from bot.nudges import rules
from bot.nudges.delivery import Answer, AnswerKind, DueNudge, Parcel
from bot.office import Office
from bot.procedure.reminders import Called, Digest
from storage import nudges as ledger
from storage.history import last_change_of_step
from storage.tables import Nudge, NudgeStatus
from storage.workspace_settings import managers_of, muted_people


class PostedParcel(Struct, frozen=True):
    """A message that stands in the channel, with what it has to show now."""

    channel_id: str
    message_ts: str
    parcel: Parcel


def due_parcel(
    owed: Sequence[tuple[Nudge, rules.Owed]], state: ContractState, *, session: Session, office: Office
) -> Parcel:
    """What goes out now, and whom it calls: the most urgent of the nudges decides."""
    outlook = Outlook.of(state, office)
    rows = _rows(state, session)
    levels = [_whom_to_call(reason, rows, outlook, session) for _, reason in owed]
    urgency = max(levels, key=list(Called).index, default=Called.NOBODY)
    return Parcel(
        outlook,
        tuple(_due_nudge(row, reason) for row, reason in owed),
        calls=_people(urgency, state, session),
        urgency=urgency,
    )


def _due_nudge(row: Nudge, reason: rules.Owed) -> DueNudge:
    assert row.id is not None
    return DueNudge(row.id, row.public_id, row.ordinal, reason.rule, row.step_id, reason.counted_on)


def _whom_to_call(reason: rules.Owed, rows: Sequence[Nudge], outlook: Outlook, session: Session) -> Called:
    state = outlook.state
    mine = [row for row in rows if (row.rule_id, row.entry) == reason.key]
    # Answering a nudge and any change on its step stand in the history; opening its window only on its row.
    reactions = [row.answered_at for row in mine]
    reactions.append(
        last_change_of_step(
            session=session, workspace_id=state.workspace_id, contract_id=state.id, step_id=reason.step_id
        )
    )
    return rules.whom_to_call(
        state,
        reason,
        mine,
        reacted_at=max((moment for moment in reactions if moment is not None), default=None),
        calendar=outlook.calendar,
        today=outlook.today,
    )


def _people(urgency: Called, state: ContractState, session: Session) -> tuple[str, ...]:
    if urgency is Called.NOBODY:
        return ()
    people = [state.owner_id] if state.owner_id else []
    if urgency is Called.MANAGERS:
        people += managers_of(session=session, workspace_id=state.workspace_id)
    muted = muted_people(session=session, workspace_id=state.workspace_id, user_ids=people)
    return tuple(dict.fromkeys(person for person in people if person not in muted))


def take_settled(state: ContractState, *, session: Session, office: Office) -> list[PostedParcel]:
    """The messages with nudges whose reason is gone since they were drawn. Each is handed out once."""
    rows = _rows(state, session)
    settled: dict[str, None] = {}
    for row in rows:
        can_settle = row.status == NudgeStatus.SENT and row.closed_reason is None and not _is_digest(row, state)
        if can_settle and row.message_ts and not rules.reason_for(state, row):
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


def _is_digest(row: Nudge, state: ContractState) -> bool:
    return isinstance(state.procedure.nudge_rule(row.rule_id), Digest)


def _answer(row: Nudge, coming: Nudge | None) -> Answer | None:
    if row.answer is None or row.answered_by is None:
        return None
    return Answer(AnswerKind(row.answer), row.answered_by, coming.due_at if coming else None)


def _rows(state: ContractState, session: Session) -> list[Nudge]:
    return ledger.nudges_of_contract(session=session, workspace_id=state.workspace_id, contract_id=state.id)
