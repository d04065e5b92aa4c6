"""contracts and people that want no reminders"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import storage.columns

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("contract") as batch_op:
        batch_op.add_column(sa.Column("nudges_muted", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "muted_person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("muted_at", storage.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("workspace_id", "user_id", name="one_row_per_muted_person"),
    )


def downgrade() -> None:
    op.drop_table("muted_person")
    with op.batch_alter_table("contract") as batch_op:
        batch_op.drop_column("nudges_muted")
