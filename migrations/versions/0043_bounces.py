"""A mail that came back is noted with its status, and at the person whose address it went to."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

TABLES = ("outbox_mail", "user")


def upgrade() -> None:
    """Apply this step."""
    for table in TABLES:
        op.add_column(table, sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=True))
        op.add_column(table, sa.Column("bounce_status", sa.String(length=12), server_default="", nullable=False))


def downgrade() -> None:
    """Take this step back."""
    for table in TABLES:
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column("bounce_status")
            batch_op.drop_column("bounced_at")
