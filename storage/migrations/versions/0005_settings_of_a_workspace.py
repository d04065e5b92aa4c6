"""what a workspace sets for all of its contracts"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

import storage.columns

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_SETTINGS: dict[str, Any] = {
    "zone": sa.String(),
    "opens": sa.Time(),
    "closes": sa.Time(),
    "nudge_at": sa.Time(),
    "language": sa.String(),
    "help_channel_id": sa.String(),
}


def upgrade() -> None:
    with op.batch_alter_table("workspace") as batch_op:
        for name, kind in _SETTINGS.items():
            batch_op.add_column(sa.Column(name, kind, nullable=True))
    op.create_table(
        "manager",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.Column("added_at", storage.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("workspace_id", "user_id", name="one_row_per_manager"),
    )
    op.create_table(
        "special_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_off", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("entered_at", storage.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("workspace_id", "day", name="one_row_per_special_day"),
    )


def downgrade() -> None:
    op.drop_table("special_day")
    op.drop_table("manager")
    with op.batch_alter_table("workspace") as batch_op:
        for name in _SETTINGS:
            batch_op.drop_column(name)
