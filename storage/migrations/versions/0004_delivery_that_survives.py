"""delivery that survives: expiry, pauses, the instance"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import storage.columns

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_DEAD = sa.text("status = 'dead'")


def upgrade() -> None:
    with op.batch_alter_table("nudge") as nudge:
        nudge.add_column(sa.Column("expires_at", storage.columns.UtcDateTime(), nullable=True))
        nudge.create_index("one_nudge_per_public_id", ["public_id"], unique=True)
        nudge.create_index(
            "nudge_dead", ["workspace_id", "channel_id"], unique=False, sqlite_where=_DEAD, postgresql_where=_DEAD
        )
    op.create_table(
        "delivery_pause",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("until", storage.columns.UtcDateTime(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"]),
        sa.PrimaryKeyConstraint("workspace_id", "channel_id"),
    )
    op.create_table(
        "instance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.CheckConstraint("id = 1", name="one_row"),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade() -> None:
    op.drop_table("instance")
    op.drop_table("delivery_pause")
    with op.batch_alter_table("nudge") as nudge:
        nudge.drop_index("nudge_dead")
        nudge.drop_index("one_nudge_per_public_id")
        nudge.drop_column("expires_at")
