"""An organisation's judgement tells from which rows it was made, so that the same rows need not be judged again."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

TABLE = "audit_state"


def upgrade() -> None:
    """Apply this step. Where nothing is told, an organisation that everybody is judged with is judged as before."""
    op.add_column(TABLE, sa.Column("from_rows", sa.String(40), server_default="", nullable=False))


def downgrade() -> None:
    """Take this step back."""
    op.drop_column(TABLE, "from_rows")
