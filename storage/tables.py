"""Every table. Each row carries its workspace; nothing here knows Slack's wire or a contract's rules."""

# Without `from __future__ import annotations`: annotations that are texts would all be evaluated at the start.

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint, false
from sqlmodel import Field

import storage.article_tables  # noqa: F401  (whoever has these tables has all)
from storage.columns import UtcDateTime
from storage.partial_index import partial_index
from storage.row import Row
from storage.states import CardStatus as CardStatus
from storage.states import ContractStatus as ContractStatus
from storage.states import InboxStatus as InboxStatus
from storage.states import NudgeStatus as NudgeStatus
from storage.states import StepStatus as StepStatus
from storage.states import SuggestionStatus as SuggestionStatus
from storage.states import Verdict as Verdict


def _one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} in ({listed})", name=f"{column}_known")


class Workspace(Row, table=True):
    """A Slack team (tenant). `id` is Slack's team id."""

    __tablename__ = "workspace"

    id: str = Field(primary_key=True)
    name: str = ""
    created_at: datetime = Field(sa_type=UtcDateTime)
    enterprise_id: str | None = None
    """the organization that it belongs to, as far as Slack has told us"""
    installed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """the last time that the app came into it, as far as we were told"""
    uninstalled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    zone: str | None = None
    """these settings are NULL until somebody chooses: then the environment and the procedure decide"""
    opens: time | None = None
    closes: time | None = None
    nudge_at: time | None = None
    language: str | None = None
    """of what everybody in a channel reads"""
    help_channel_id: str | None = None


class Installation(Row, table=True):
    """A bot token that a workspace gave us, or an organization for all of its workspaces (no `workspace_id` then).

    `token` and `refresh_token` are sealed by `storage.vault`.
    """

    __tablename__ = "installation"
    __table_args__ = (
        UniqueConstraint("workspace_id", name="one_installation_per_workspace"),
        CheckConstraint("workspace_id is not null or enterprise_id is not null", name="somebody_installed_it"),
        partial_index("one_installation_per_organization", "enterprise_id", unique=True, where="workspace_id is null"),
    )

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str | None = Field(default=None, foreign_key="workspace.id")
    enterprise_id: str | None = None
    bot_user_id: str
    bot_id: str
    scopes: list[str] = Field(default_factory=list, sa_type=JSON)
    token: str
    refresh_token: str | None = None
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """None for a token that does not expire"""
    refreshing_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """somebody is asking Slack for the next token: the others leave it alone until then"""
    installed_at: datetime = Field(sa_type=UtcDateTime)


class OAuthState(Row, table=True):
    """One installation that somebody has begun: what Slack has to send back, as a hash, and until when."""

    __tablename__ = "oauth_state"

    state_hash: str = Field(primary_key=True)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)


class Manager(Row, table=True):
    """An onboarding manager of a workspace: may change its settings, and is called when nobody else reacts."""

    __tablename__ = "manager"
    __table_args__ = (UniqueConstraint("workspace_id", "user_id", name="one_row_per_manager"),)

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    user_id: str
    added_by: str
    added_at: datetime = Field(sa_type=UtcDateTime)


class MutedPerson(Row, table=True):
    """Somebody whom no message of the workspace calls by name."""

    __tablename__ = "muted_person"
    __table_args__ = (UniqueConstraint("workspace_id", "user_id", name="one_row_per_muted_person"),)

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    user_id: str
    muted_at: datetime = Field(sa_type=UtcDateTime)


class SpecialDay(Row, table=True):
    """A day on which a workspace does not work as its country does: off (창립기념일), or a working Saturday."""

    __tablename__ = "special_day"
    __table_args__ = (UniqueConstraint("workspace_id", "day", name="one_row_per_special_day"),)

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    day: date
    is_off: bool
    note: str = ""
    entered_by: str
    entered_at: datetime = Field(sa_type=UtcDateTime)


class Contract(Row, table=True):
    """One merchant's run through a Procedure; belongs to a channel of a workspace."""

    __tablename__ = "contract"
    __table_args__ = (
        _one_of("status", ContractStatus),
        partial_index(
            "one_open_contract_per_channel",
            "workspace_id",
            "channel_id",
            unique=True,
            where="status in ('active', 'paused')",
        ),
        Index("contract_channel", "workspace_id", "channel_id"),
        Index("contract_waiting", "workspace_id", "status", "waits_since", "id", "procedure_id", "waits_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    channel_id: str
    procedure_id: str
    merchant: str
    contact_email: str = ""
    payment_methods: list[str] = Field(default_factory=list, sa_type=JSON)
    site_url: str = ""
    owner_id: str
    language: str = "ko"
    zone: str = "Asia/Seoul"
    status: str = ContractStatus.ACTIVE
    started_on: date
    created_by: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    status_message_ts: str | None = None
    """The one status message in the channel that is kept up to date."""
    status_digest: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """a digest of what we last had it show"""
    nudges_muted: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    business_kind: str | None = None
    """individual or corporation: decides which papers are asked for; NULL until somebody chooses"""
    opened_on: date | None = None
    """the day of the first live payment"""
    waits_at: str | None = None
    """the step that it waits for. This and the next two follow from its steps and card reviews: to sort by them"""
    waits_since: date = Field(default=date.max, sa_column_kwargs={"server_default": date.max.isoformat()})
    """the last of all days where it waits for nothing"""
    waits_for_team: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """whether it is the turn of the merchant's team"""


class Progress(Row, table=True):
    """How far one step of one contract is, and since when, by whom.

    `active_on` and `done_on` are the days on which it really happened, in the contract's zone;
    `recorded_at` is when we were told. `entry` counts how often the step was begun anew.
    """

    __tablename__ = "progress"
    __table_args__ = (
        partial_index("progress_active", "contract_id", "step_id", "active_on", where="status = 'active'"),
        UniqueConstraint("contract_id", "step_id", name="one_progress_per_step"),
        _one_of("status", StepStatus),
        Index("progress_workspace", "workspace_id", "contract_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    contract_id: int = Field(foreign_key="contract.id")
    step_id: str
    status: str = StepStatus.WAITING
    entry: int = 1
    active_on: date | None = None
    done_on: date | None = None
    done_by: str | None = None
    recorded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class CardReview(Row, table=True):
    """One card company's decision on one contract."""

    __tablename__ = "card_review"
    __table_args__ = (
        partial_index("card_review_running", "contract_id", "requested_on", where="status = 'in_review'"),
        UniqueConstraint("contract_id", "card_id", name="one_review_per_card"),
        _one_of("status", CardStatus),
        Index("card_review_workspace", "workspace_id", "contract_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    contract_id: int = Field(foreign_key="contract.id")
    card_id: str
    status: str = CardStatus.NOT_REQUESTED
    requested_on: date | None = None
    decided_on: date | None = None
    reason: str = ""
    recorded_by: str | None = None
    recorded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ChecklistTick(Row, table=True):
    """One thing of a step's checklists that somebody of a contract has ticked off, or a paper whose date is known."""

    __tablename__ = "checklist_tick"
    __table_args__ = (
        UniqueConstraint("contract_id", "item_id", name="one_tick_per_item"),
        Index("checklist_tick_workspace", "workspace_id", "contract_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    contract_id: int = Field(foreign_key="contract.id")
    item_id: str
    ticked_by: str | None = None
    """NULL while it is not ticked"""
    ticked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    issued_on: date | None = None
    """of a paper that ages"""


class History(Row, table=True):
    """What happened to a contract, append-only. The rows of one use case share `change_id`.

    `details` holds what is needed to take the change back, in the shape that its use case chose.
    """

    __tablename__ = "history"
    __table_args__ = (Index("history_contract", "workspace_id", "contract_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    contract_id: int = Field(foreign_key="contract.id")
    change_id: str
    at: datetime = Field(sa_type=UtcDateTime)
    actor: str
    kind: str
    step_id: str | None = None
    card_id: str | None = None
    day: date | None = None
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class Nudge(Row, table=True):
    """One message that is owed: a row of the ledger.

    `due_at` is when it is owed; `next_at` is when the sweep may look at the row again (due, retry, lease end,
    read-back) and is NULL once the row is closed, so that one index serves the claim.
    """

    __tablename__ = "nudge"
    __table_args__ = (
        UniqueConstraint("dedupe_key", name="one_nudge_per_key"),
        _one_of("status", NudgeStatus),
        CheckConstraint(
            "(next_at is null) = (status in ('sent', 'dead', 'cancelled'))", name="an_open_row_is_always_looked_at"
        ),
        partial_index("nudge_next", "next_at", where="next_at is not null"),
        Index("nudge_contract", "workspace_id", "contract_id", "status"),
        Index("one_nudge_per_public_id", "public_id", unique=True),
        partial_index("nudge_dead", "workspace_id", "channel_id", where="status = 'dead'"),
    )

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    contract_id: int = Field(foreign_key="contract.id")
    channel_id: str
    dedupe_key: str
    """workspace:contract:rule:entry:ordinal, never made from the time"""
    public_id: str
    """goes into the message's metadata, by which a sent message is found again"""
    rule_id: str
    step_id: str
    entry: int
    ordinal: int
    status: str = NudgeStatus.SCHEDULED
    counted_on: date
    """the day from which the wait was counted: a correction of that day moves the row"""
    due_at: datetime = Field(sa_type=UtcDateTime)
    snoozed: bool = False
    next_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """until when it is tried again; set by the first try"""
    claim_token: str | None = None
    attempts: int = 0
    checks: int = 0
    posted_from: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """start of the first attempt to post: where the read-back begins to look"""
    message_ts: str | None = None
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_error: str | None = None
    closed_reason: str | None = None
    answer: str | None = None
    """what somebody said to it: how its message shows it, and a reason not to call anybody else"""
    answered_by: str | None = None
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class DeliveryPause(Row, table=True):
    """Nothing is posted there meanwhile: a channel that Slack wants slower, a workspace that took our token back.

    An empty `channel_id` stands for the whole workspace; no `until` for a pause that somebody has to end.
    """

    __tablename__ = "delivery_pause"

    workspace_id: str = Field(foreign_key="workspace.id", primary_key=True)
    channel_id: str = Field(default="", primary_key=True)
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reason: str


class Instance(Row, table=True):
    """Which installation this database belongs to: one row. A copy of the database elsewhere must not post."""

    __tablename__ = "instance"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: int = Field(primary_key=True)
    name: str


class Inbox(Row, table=True):
    """An event taken from Slack. `message_key` (channel:ts) holds a mention together that arrives as two events."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("workspace_id", "event_id", name="one_row_per_event"),
        UniqueConstraint("workspace_id", "message_key", name="one_row_per_message"),
        _one_of("status", InboxStatus),
        partial_index("inbox_open", "lease_until", where="status = 'processing'"),
    )

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    event_id: str
    message_key: str | None = None
    status: str = InboxStatus.PROCESSING
    taken_at: datetime = Field(sa_type=UtcDateTime)
    lease_until: datetime = Field(sa_type=UtcDateTime)
    payload: dict[str, Any] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    """what came, until it is handled"""
    attempts: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    question_id: int | None = None
    """the question whose answer was about to be posted"""
    done: dict[str, Any] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    """what was recorded because of it, in words, until it is told"""


class Question(Row, table=True):
    """Something a person said to the assistant, and how it was understood."""

    __tablename__ = "question"
    __table_args__ = (Index("question_thread", "workspace_id", "channel_id", "thread_ts", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    channel_id: str
    thread_ts: str | None = None
    user_id: str
    asked_at: datetime = Field(sa_type=UtcDateTime)
    text: str
    outcome: str
    topic: str | None = None
    offered: list[str] = Field(default_factory=list, sa_type=JSON)
    """the topics that stood as choices under the answer"""
    confidence: float = 0.0
    offers: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON, sa_column_kwargs={"server_default": "[]"})
    """the buttons that would have recorded something, in the shape that the assistant chose"""
    handed_over_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    handed_over_by: str | None = None
    stopped_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """when its person pressed stop: whoever words the answer, in whatever process, gives it up"""


class Suggestion(Row, table=True):
    """What a person's click, or our own silence, says about a question. It teaches nothing until somebody approves.

    `about` is 'meaning' or 'answer': of each a person has one word on a question, the last one.
    """

    __tablename__ = "suggestion"
    __table_args__ = (
        UniqueConstraint("question_id", "user_id", "about", name="one_word_of_each_person"),
        _one_of("verdict", Verdict),
        _one_of("status", SuggestionStatus),
        Index("suggestion_status", "workspace_id", "status", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    question_id: int = Field(foreign_key="question.id")
    user_id: str
    given_at: datetime = Field(sa_type=UtcDateTime)
    about: str
    verdict: str
    shown: str | None = None
    """the topic that the person saw"""
    chosen: str | None = None
    """the topic that the person meant"""
    status: str = SuggestionStatus.PENDING
