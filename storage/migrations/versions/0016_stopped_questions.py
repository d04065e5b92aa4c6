"""when somebody pressed stop"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import storage.columns

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("question") as batch_op:
        batch_op.add_column(sa.Column("stopped_at", storage.columns.UtcDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("question") as batch_op:
        batch_op.drop_column("stopped_at")
