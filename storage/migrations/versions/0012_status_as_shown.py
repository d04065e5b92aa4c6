"""what a contract's status message shows"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("contract") as batch_op:
        batch_op.add_column(sa.Column("status_digest", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("contract") as batch_op:
        batch_op.drop_column("status_digest")
