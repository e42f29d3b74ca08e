"""Within how many hours an insurer, and clients, must be told by what was agreed with them."""

import sqlalchemy as sa
from alembic import op

revision = "0082"
down_revision = "0080"
branch_labels = None
depends_on = None

TABLES, COLUMN = ("external_party", "audience"), "report_within_hours"


def upgrade() -> None:
    """Apply this step."""
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column(COLUMN, sa.Integer(), nullable=True))
            batch.create_check_constraint(
                op.f(f"ck_{table}_report_within"), f"{COLUMN} IS NULL OR {COLUMN} BETWEEN 1 AND 8760"
            )


def downgrade() -> None:
    """Take this step back."""
    for table in reversed(TABLES):
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"ck_{table}_report_within"), type_="check")
            batch.drop_column(COLUMN)
