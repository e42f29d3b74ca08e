"""The file of a report that was made is kept for some time; its row tells when it went."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.add_column("made_report", sa.Column("file_gone_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take this step back. What is gone stays gone."""
    op.drop_column("made_report", "file_gone_at")
