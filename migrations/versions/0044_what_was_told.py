"""Whether anything else is found than before is told by a digest; "" has it compared once."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

TABLE = "audit_state"


def upgrade() -> None:
    """Apply this step."""
    op.add_column(TABLE, sa.Column("told", sa.String(40), nullable=False, server_default=""))
    op.add_column(TABLE, sa.Column("plan_said", sa.String(64), nullable=False, server_default=""))


def downgrade() -> None:
    """Take this step back."""
    op.drop_column(TABLE, "plan_said")
    op.drop_column(TABLE, "told")
