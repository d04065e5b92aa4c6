"""suggestions: what people made of our answers"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import storage.columns

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.add_column(sa.Column("offers", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("handed_over_at", storage.columns.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("handed_over_by", sa.String(), nullable=True))
    op.create_table(
        "suggestion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("given_at", storage.columns.UtcDateTime(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("shown", sa.String(), nullable=True),
        sa.Column("chosen", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.CheckConstraint("verdict in ('chosen', 'none', 'unanswered', 'helpful', 'unhelpful')", name="verdict_known"),
        sa.CheckConstraint("status in ('pending', 'approved', 'rejected')", name="status_known"),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"]),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("question_id", "user_id", "about", name="one_word_of_each_person"),
    )
    with op.batch_alter_table("suggestion", schema=None) as batch_op:
        batch_op.create_index("suggestion_status", ["workspace_id", "status", "id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("suggestion", schema=None) as batch_op:
        batch_op.drop_index("suggestion_status")

    op.drop_table("suggestion")
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_column("handed_over_by")
        batch_op.drop_column("handed_over_at")
        batch_op.drop_column("offers")
