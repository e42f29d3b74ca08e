"""When the foundation asked to seal a delivery again, because keys changed."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    with op.batch_alter_table("handover_delivery") as batch_op:
        batch_op.add_column(sa.Column("reseal_asked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("reseal_asked_by", sa.String(length=200), server_default="", nullable=False))
    with op.batch_alter_table("handover_delivery") as batch_op:
        batch_op.alter_column("reseal_asked_by", server_default=None)


def downgrade() -> None:
    """Take this step back."""
    with op.batch_alter_table("handover_delivery") as batch_op:
        for name in ("reseal_asked_by", "reseal_asked_at"):
            batch_op.drop_column(name)
