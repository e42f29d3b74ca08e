"""What one judgement carries over to the next is moved beside audit_state, of which pages read hundreds of rows."""

import sqlalchemy as sa
from alembic import op

from migrations.security import protect, unforced

revision = "0061"
down_revision = "0065"
branch_labels = None
depends_on = None

TABLE, BESIDE = "audit_carried", "audit_state"
COLUMNS = ("past", "entered")


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        TABLE,
        sa.Column(
            "tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.JSON(), nullable=True) for name in COLUMNS),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_audit_carried_tenant_id_tenant")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "id"],
            ["audit_state.tenant_id", "audit_state.id"],
            name=op.f("fk_audit_carried_tenant_id_audit_state"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_audit_carried")),
    )
    with unforced(BESIDE):
        op.execute(
            "INSERT INTO audit_carried (tenant_id, id, past, entered) SELECT tenant_id, id, past, entered "
            "FROM audit_state WHERE past IS NOT NULL OR entered IS NOT NULL"
        )
    protect(TABLE, "audit")
    for name in COLUMNS:
        op.drop_column(BESIDE, name)


def downgrade() -> None:
    """Take this step back."""
    for name in COLUMNS:
        op.add_column(BESIDE, sa.Column(name, sa.JSON(), nullable=True))
    with unforced(BESIDE, TABLE):
        op.execute(
            "UPDATE audit_state SET past = carried.past, entered = carried.entered FROM audit_carried AS carried "
            "WHERE carried.tenant_id = audit_state.tenant_id AND carried.id = audit_state.id"
        )
    op.drop_table(TABLE)
