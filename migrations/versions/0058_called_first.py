"""What the first night misses, and notices without an end, are kept; who was judged before is, once more."""

import sqlalchemy as sa
from alembic import op

from migrations.security import unforced

revision = "0058"
down_revision = "0052"
branch_labels = None
depends_on = None

TABLE = "audit_state"
COLUMNS = ("endless", "scheme_endless", "tonight")


def upgrade() -> None:
    """Apply this step. Without the digest of its rows an organisation is judged although none of them changed."""
    for name in COLUMNS:
        op.add_column(TABLE, sa.Column(name, sa.Integer(), server_default="0", nullable=False))
    with unforced(TABLE):
        op.execute("UPDATE audit_state SET from_rows = ''")
        op.execute(
            sa.text(
                "INSERT INTO tenant_change (tenant_id, seq, changed_at, tables) "
                "SELECT tenant_id, 1, judged_at, '' FROM audit_state "
                "WHERE NOT EXISTS (SELECT 1 FROM tenant_change WHERE tenant_change.tenant_id = audit_state.tenant_id)"
            )
        )


def downgrade() -> None:
    """Take this step back. What the legs tell besides, the release before does not read."""
    for name in COLUMNS:
        op.drop_column(TABLE, name)
