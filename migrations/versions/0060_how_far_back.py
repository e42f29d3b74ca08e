"""A copy of the back-up tells how many days one can go back with it; of those of before nobody knows."""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0056"
branch_labels = None
depends_on = None

TABLE = "backup_copy"
CHECK = "ck_backup_copy_kept_days"


def upgrade() -> None:
    """Apply this step."""
    with op.batch_alter_table(TABLE) as batch_op:
        batch_op.add_column(sa.Column("kept_days", sa.Integer(), nullable=True))
        batch_op.create_check_constraint(op.f(CHECK), "kept_days IS NULL OR kept_days >= 1")


def downgrade() -> None:
    """Take this step back."""
    with op.batch_alter_table(TABLE) as batch_op:
        batch_op.drop_constraint(op.f(CHECK), type_="check")
        batch_op.drop_column("kept_days")
