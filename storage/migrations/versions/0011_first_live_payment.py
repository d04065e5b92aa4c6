"""the day of a contract's first live payment"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("contract") as batch_op:
        batch_op.add_column(sa.Column("opened_on", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("contract") as batch_op:
        batch_op.drop_column("opened_on")
