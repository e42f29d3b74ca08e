"""A sign tells that the plan holds now, as all did before, or that it is over."""

import sqlalchemy as sa
from alembic import op

from migrations.security import unforced

revision = "0068"
down_revision = "0069"
branch_labels = None
depends_on = None

TABLE = "activation_sign"


def upgrade() -> None:
    """Apply this step."""
    with op.batch_alter_table(TABLE) as batch_op:
        batch_op.add_column(sa.Column("ends", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table(TABLE) as batch_op:
        batch_op.alter_column("ends", server_default=None)


def downgrade() -> None:
    """Take this step back: by what is over the release before would put the plan to work, so it is put away."""
    with unforced(TABLE):
        op.execute("UPDATE activation_sign SET archived_at = CURRENT_TIMESTAMP WHERE ends AND archived_at IS NULL")
    with op.batch_alter_table(TABLE) as batch_op:
        batch_op.drop_column("ends")
