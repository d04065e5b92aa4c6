"""checklists that a team ticks off together, and the kind of business that decides on the papers"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import storage.columns

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("contract") as batch_op:
        batch_op.add_column(sa.Column("business_kind", sa.String(), nullable=True))
    op.create_table(
        "checklist_tick",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("ticked_by", sa.String(), nullable=True),
        sa.Column("ticked_at", storage.columns.UtcDateTime(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"]),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("contract_id", "item_id", name="one_tick_per_item"),
    )
    op.create_index("checklist_tick_workspace", "checklist_tick", ["workspace_id", "contract_id"])


def downgrade() -> None:
    op.drop_table("checklist_tick")
    with op.batch_alter_table("contract") as batch_op:
        batch_op.drop_column("business_kind")
