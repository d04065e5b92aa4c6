"""the first tables"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import storage.columns

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "workspace",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", storage.columns.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "contract",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("procedure_id", sa.String(), nullable=False),
        sa.Column("merchant", sa.String(), nullable=False),
        sa.Column("contact_email", sa.String(), nullable=False),
        sa.Column("payment_methods", sa.JSON(), nullable=False),
        sa.Column("site_url", sa.String(), nullable=False),
        sa.Column("owner_id", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("created_at", storage.columns.UtcDateTime(), nullable=False),
        sa.Column("status_message_ts", sa.String(), nullable=True),
        sa.CheckConstraint("status in ('active', 'paused', 'live', 'closed')", name="status_known"),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("contract", schema=None) as batch_op:
        batch_op.create_index("contract_channel", ["workspace_id", "channel_id"], unique=False)
        batch_op.create_index(
            "one_open_contract_per_channel",
            ["workspace_id", "channel_id"],
            unique=True,
            sqlite_where=sa.text("status in ('active', 'paused')"),
            postgresql_where=sa.text("status in ('active', 'paused')"),
        )

    op.create_table(
        "inbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("message_key", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("taken_at", storage.columns.UtcDateTime(), nullable=False),
        sa.Column("lease_until", storage.columns.UtcDateTime(), nullable=False),
        sa.CheckConstraint("status in ('processing', 'done')", name="status_known"),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("workspace_id", "event_id", name="one_row_per_event"),
        sa.UniqueConstraint("workspace_id", "message_key", name="one_row_per_message"),
    )
    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("thread_ts", sa.String(), nullable=True),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("asked_at", storage.columns.UtcDateTime(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=True),
        sa.Column("offered", sa.JSON(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.create_index("question_thread", ["workspace_id", "channel_id", "thread_ts", "id"], unique=False)

    op.create_table(
        "card_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("card_id", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("requested_on", sa.Date(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=True),
        sa.Column("recorded_at", storage.columns.UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "status in ('not_requested', 'in_review', 'approved', 'rejected', 'not_wanted')", name="status_known"
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"],
            ["contract.id"],
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("contract_id", "card_id", name="one_review_per_card"),
    )
    with op.batch_alter_table("card_review", schema=None) as batch_op:
        batch_op.create_index("card_review_workspace", ["workspace_id", "contract_id"], unique=False)

    op.create_table(
        "history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.String(), nullable=False),
        sa.Column("at", storage.columns.UtcDateTime(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("step_id", sa.String(), nullable=True),
        sa.Column("card_id", sa.String(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"],
            ["contract.id"],
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("history", schema=None) as batch_op:
        batch_op.create_index("history_contract", ["workspace_id", "contract_id", "id"], unique=False)

    op.create_table(
        "nudge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("dedupe_key", sa.String(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("rule_id", sa.String(), nullable=False),
        sa.Column("step_id", sa.String(), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("due_at", storage.columns.UtcDateTime(), nullable=False),
        sa.Column("snoozed", sa.Boolean(), nullable=False),
        sa.Column("next_at", storage.columns.UtcDateTime(), nullable=True),
        sa.Column("claim_token", sa.String(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("checks", sa.Integer(), nullable=False),
        sa.Column("posted_from", storage.columns.UtcDateTime(), nullable=True),
        sa.Column("message_ts", sa.String(), nullable=True),
        sa.Column("sent_at", storage.columns.UtcDateTime(), nullable=True),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.Column("closed_reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(next_at is null) = (status in ('sent', 'dead', 'cancelled'))", name="an_open_row_is_always_looked_at"
        ),
        sa.CheckConstraint(
            "status in ('scheduled', 'posting', 'unknown', 'sent', 'dead', 'cancelled')", name="status_known"
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"],
            ["contract.id"],
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("dedupe_key", name="one_nudge_per_key"),
    )
    with op.batch_alter_table("nudge", schema=None) as batch_op:
        batch_op.create_index("nudge_contract", ["workspace_id", "contract_id", "status"], unique=False)
        batch_op.create_index(
            "nudge_next",
            ["next_at"],
            unique=False,
            sqlite_where=sa.text("next_at is not null"),
            postgresql_where=sa.text("next_at is not null"),
        )

    op.create_table(
        "progress",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("active_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by", sa.String(), nullable=True),
        sa.Column("recorded_at", storage.columns.UtcDateTime(), nullable=True),
        sa.CheckConstraint("status in ('waiting', 'active', 'done')", name="status_known"),
        sa.ForeignKeyConstraint(
            ["contract_id"],
            ["contract.id"],
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("contract_id", "step_id", name="one_progress_per_step"),
    )
    with op.batch_alter_table("progress", schema=None) as batch_op:
        batch_op.create_index("progress_workspace", ["workspace_id", "contract_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("progress", schema=None) as batch_op:
        batch_op.drop_index("progress_workspace")

    op.drop_table("progress")
    with op.batch_alter_table("nudge", schema=None) as batch_op:
        batch_op.drop_index(
            "nudge_next", sqlite_where=sa.text("next_at is not null"), postgresql_where=sa.text("next_at is not null")
        )
        batch_op.drop_index("nudge_contract")

    op.drop_table("nudge")
    with op.batch_alter_table("history", schema=None) as batch_op:
        batch_op.drop_index("history_contract")

    op.drop_table("history")
    with op.batch_alter_table("card_review", schema=None) as batch_op:
        batch_op.drop_index("card_review_workspace")

    op.drop_table("card_review")
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_index("question_thread")

    op.drop_table("question")
    op.drop_table("inbox")
    with op.batch_alter_table("contract", schema=None) as batch_op:
        batch_op.drop_index(
            "one_open_contract_per_channel",
            sqlite_where=sa.text("status in ('active', 'paused')"),
            postgresql_where=sa.text("status in ('active', 'paused')"),
        )
        batch_op.drop_index("contract_channel")

    op.drop_table("contract")
    op.drop_table("workspace")
