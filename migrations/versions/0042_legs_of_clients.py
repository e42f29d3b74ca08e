"""What a reseller's cockpit tells of an organisation is kept when it is judged; who was judged before is, once more."""

import sqlalchemy as sa
from alembic import op

from migrations.security import unforced

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

TABLE = "audit_state"


def upgrade() -> None:
    """Apply this step."""
    op.add_column(TABLE, sa.Column("legs", sa.JSON(), nullable=True))
    with unforced(TABLE):
        op.execute(
            sa.text(
                "INSERT INTO tenant_change (tenant_id, seq, changed_at, tables) "
                "SELECT tenant_id, 1, judged_at, '' FROM audit_state "
                "WHERE NOT EXISTS (SELECT 1 FROM tenant_change WHERE tenant_change.tenant_id = audit_state.tenant_id)"
            )
        )


def downgrade() -> None:
    """Take this step back."""
    op.drop_column(TABLE, "legs")
