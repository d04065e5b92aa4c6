"""indexes by which many contracts are sorted: the steps that can be worked on, the reviews that run"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_ACTIVE, _RUNS = sa.text("status = 'active'"), sa.text("status = 'in_review'")


def upgrade() -> None:
    columns = ["contract_id", "step_id", "active_on"]
    op.create_index("progress_active", "progress", columns, sqlite_where=_ACTIVE, postgresql_where=_ACTIVE)
    columns = ["contract_id", "requested_on"]
    op.create_index("card_review_running", "card_review", columns, sqlite_where=_RUNS, postgresql_where=_RUNS)


def downgrade() -> None:
    op.drop_index("card_review_running", "card_review")
    op.drop_index("progress_active", "progress")
