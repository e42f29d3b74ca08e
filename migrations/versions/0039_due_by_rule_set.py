"""Who is due is looked up by rule set; who was never judged is marked as changed."""

import sqlalchemy as sa
from alembic import op

from migrations.security import unforced

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

TABLE = "audit_state"
INDEX = "ix_audit_state_rule_set"


def upgrade() -> None:
    """Apply this step."""
    op.create_index(INDEX, TABLE, ["rule_set"])
    with unforced(TABLE):
        op.execute(
            sa.text(
                "INSERT INTO tenant_change (tenant_id, seq, changed_at, tables) "
                "SELECT id, 1, created_at, ' * ' FROM tenant "
                "WHERE NOT EXISTS (SELECT 1 FROM audit_state WHERE audit_state.tenant_id = tenant.id) "
                "AND NOT EXISTS (SELECT 1 FROM tenant_change WHERE tenant_change.tenant_id = tenant.id)"
            )
        )


def downgrade() -> None:
    """Take this step back. The marks stay: whoever was never judged is due in any case."""
    op.drop_index(INDEX, TABLE)
