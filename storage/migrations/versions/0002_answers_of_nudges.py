"""what people answered to a nudge"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import storage.columns

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("nudge") as batch_op:
        batch_op.add_column(sa.Column("answer", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("answered_by", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("answered_at", storage.columns.UtcDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("nudge") as batch_op:
        for name in ("answer", "answered_by", "answered_at"):
            batch_op.drop_column(name)
