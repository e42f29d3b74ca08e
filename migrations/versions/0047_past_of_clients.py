"""What trends of a reseller tell of an organisation is kept when it is judged; who was judged before is, once more."""

import sqlalchemy as sa
from alembic import op

from migrations.security import unforced

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

TABLE = "audit_state"


def upgrade() -> None:
    """Apply this step. Without a digest of what was told, findings are compared and the past is counted from them."""
    op.add_column(TABLE, sa.Column("past", sa.JSON(), nullable=True))
    with unforced(TABLE):
        op.execute("UPDATE audit_state SET told = ''")
        op.execute(
            sa.text(
                "INSERT INTO tenant_change (tenant_id, seq, changed_at, tables) "
                "SELECT tenant_id, 1, judged_at, '' FROM audit_state "
                "WHERE NOT EXISTS (SELECT 1 FROM tenant_change WHERE tenant_change.tenant_id = audit_state.tenant_id)"
            )
        )


def downgrade() -> None:
    """Take this step back."""
    op.drop_column(TABLE, "past")
