"""what a contract waits for, kept with it: by that contracts are sorted and counted

The steps say what it is, and the procedure, which no migration knows. So rows that are there already stand at the end
until the reconciler has written it for them, which it does at the start. It looks through all contracts that are not
closed, every time: so it also finds what a replica of the version before writes, which knows nothing of these columns,
and what a changed procedure file says otherwise.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("contract") as batch_op:
        batch_op.add_column(sa.Column("waits_at", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("waits_since", sa.Date(), nullable=False, server_default="9999-12-31"))
        batch_op.add_column(sa.Column("waits_for_team", sa.Boolean(), nullable=False, server_default=sa.false()))
    columns = ["workspace_id", "status", "waits_since", "id", "procedure_id", "waits_at"]
    op.create_index("contract_waiting", "contract", columns)


def downgrade() -> None:
    op.drop_index("contract_waiting", "contract")
    with op.batch_alter_table("contract") as batch_op:
        batch_op.drop_column("waits_for_team")
        batch_op.drop_column("waits_since")
        batch_op.drop_column("waits_at")
