"""when the app came into a workspace"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import storage.columns

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("workspace") as workspace:
        workspace.add_column(sa.Column("installed_at", storage.columns.UtcDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("workspace") as workspace:
        workspace.drop_column("installed_at")
