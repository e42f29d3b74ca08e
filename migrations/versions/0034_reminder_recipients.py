"""Which members of an organisation are reminded, where that is not as usual."""

import sqlalchemy as sa
from alembic import op

from migrations.security import protect, unprotect

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

TABLE = "reminder_recipient"


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        TABLE,
        sa.Column(
            "tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("gets", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_reminder_recipient_tenant_id_tenant")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_reminder_recipient_user_id_user")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_reminder_recipient")),
        sa.UniqueConstraint("tenant_id", "user_id", name=op.f("uq_reminder_recipient_tenant_id_user_id")),
    )
    protect(TABLE, "audit")


def downgrade() -> None:
    """Take this step back."""
    unprotect(TABLE)
    op.drop_table(TABLE)
