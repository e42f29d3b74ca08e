"""When each delivery was recorded, and the change it answered; of those before changes were kept nobody knows when."""

import sqlalchemy as sa
from alembic import op

from migrations.security import unforced

revision = "0078"
down_revision = "0068"
branch_labels = None
depends_on = None

TABLE, CHANGES = "handover_delivery", "scheme_change"


def upgrade() -> None:
    """Apply this step."""
    op.add_column(TABLE, sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(TABLE, sa.Column("answered_on", sa.Date(), nullable=True))
    with unforced(TABLE, CHANGES):
        op.execute(
            "UPDATE handover_delivery SET recorded_at = (SELECT min(told_at) FROM scheme_change AS kept "
            "WHERE kept.tenant_id = handover_delivery.tenant_id AND kept.part_id = handover_delivery.id "
            "AND kept.part = 'delivery' AND kept.stage = 'made')"
        )


def downgrade() -> None:
    """Take this step back."""
    op.drop_column(TABLE, "answered_on")
    op.drop_column(TABLE, "recorded_at")
