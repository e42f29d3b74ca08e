"""A record of the inventory tells whether signing in asks for a second step; of those of before nobody knows."""

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0061"
branch_labels = None
depends_on = None

TABLE, CHECK = "asset", "ck_asset_secondstep"
STEPS = ("app", "key", "message", "none", "no-account")


def upgrade() -> None:
    """Apply this step."""
    # What is empty is no bytes at all: to SQLite '' would be a text.
    nothing = sa.text("''" if op.get_bind().dialect.name == "postgresql" else "X''")
    with op.batch_alter_table(TABLE) as batch_op:
        batch_op.add_column(sa.Column("second_step", sa.String(40), nullable=True))
        batch_op.add_column(sa.Column("second_step_spare", sa.LargeBinary(), server_default=nothing, nullable=False))
        batch_op.create_check_constraint(op.f(CHECK), " OR ".join(f"second_step = '{one}'" for one in STEPS))
    with op.batch_alter_table(TABLE) as batch_op:
        batch_op.alter_column("second_step_spare", server_default=None)


def downgrade() -> None:
    """Take this step back."""
    with op.batch_alter_table(TABLE) as batch_op:
        batch_op.drop_constraint(op.f(CHECK), type_="check")
        batch_op.drop_column("second_step_spare")
        batch_op.drop_column("second_step")
