"""What a supplier said of a client that differs from what was known of it; of changes before nobody knows."""

import sqlalchemy as sa
from alembic import op

from migrations.security import protect, unprotect

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None

TABLE = "client_change"
STAGES = ("made", "held", "taken", "left", "let-through")
HELD = sa.text("stage = 'held'")


def upgrade() -> None:
    """Apply this step."""
    stage = sa.Enum(*STAGES, name="changestage", native_enum=False, create_constraint=True, length=40)
    op.create_table(
        TABLE,
        sa.Column(
            "tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("stage", stage, nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_by", sa.String(length=200), nullable=False),
        sa.Column("before", sa.LargeBinary(), nullable=False),
        sa.Column("after", sa.LargeBinary(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.Column("taken", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_client_change_tenant_id_tenant")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name=op.f("fk_client_change_tenant_id_client_id_client"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_client_change")),
    )
    op.create_index("ix_client_change_client_id", TABLE, ["tenant_id", "client_id"])
    op.create_index(
        "uq_client_change_held",
        TABLE,
        ["tenant_id", "client_id"],
        unique=True,
        sqlite_where=HELD,
        postgresql_where=HELD,
    )
    protect(TABLE, "continuity")


def downgrade() -> None:
    """Take this step back."""
    unprotect(TABLE)
    op.drop_table(TABLE)
