"""installations: tokens of many workspaces, and which workspaces are gone"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import storage.columns

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "oauth_state",
        sa.Column("state_hash", sa.String(), nullable=False),
        sa.Column("expires_at", storage.columns.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("state_hash"),
    )
    with op.batch_alter_table("oauth_state", schema=None) as batch_op:
        batch_op.create_index("ix_oauth_state_expires_at", ["expires_at"], unique=False)

    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=True),
        sa.Column("enterprise_id", sa.String(), nullable=True),
        sa.Column("bot_user_id", sa.String(), nullable=False),
        sa.Column("bot_id", sa.String(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("refresh_token", sa.String(), nullable=True),
        sa.Column("expires_at", storage.columns.UtcDateTime(), nullable=True),
        sa.Column("refreshing_until", storage.columns.UtcDateTime(), nullable=True),
        sa.Column("installed_at", storage.columns.UtcDateTime(), nullable=False),
        sa.CheckConstraint("workspace_id is not null or enterprise_id is not null", name="somebody_installed_it"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("workspace_id", name="one_installation_per_workspace"),
    )
    with op.batch_alter_table("installation", schema=None) as batch_op:
        batch_op.create_index(
            "one_installation_per_organization",
            ["enterprise_id"],
            unique=True,
            sqlite_where=sa.text("workspace_id is null"),
            postgresql_where=sa.text("workspace_id is null"),
        )

    with op.batch_alter_table("workspace", schema=None) as batch_op:
        batch_op.add_column(sa.Column("enterprise_id", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("uninstalled_at", storage.columns.UtcDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("workspace", schema=None) as batch_op:
        batch_op.drop_column("uninstalled_at")
        batch_op.drop_column("enterprise_id")

    with op.batch_alter_table("installation", schema=None) as batch_op:
        batch_op.drop_index(
            "one_installation_per_organization",
            sqlite_where=sa.text("workspace_id is null"),
            postgresql_where=sa.text("workspace_id is null"),
        )

    op.drop_table("installation")
    with op.batch_alter_table("oauth_state", schema=None) as batch_op:
        batch_op.drop_index("ix_oauth_state_expires_at")

    op.drop_table("oauth_state")
