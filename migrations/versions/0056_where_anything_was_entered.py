"""At which items anything was entered is kept with each judgement, so that a save need not ask all it was told by."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0053"
branch_labels = None
depends_on = None

TABLE = "audit_state"


def upgrade() -> None:
    """Apply this step. Where nothing is kept, the next judgement asks and keeps it."""
    op.add_column(TABLE, sa.Column("entered", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Take this step back."""
    op.drop_column(TABLE, "entered")
