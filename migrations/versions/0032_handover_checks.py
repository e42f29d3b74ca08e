"""What a foundation saw of a delivery, one thing at a time; reminders of suppliers, one a day."""

import sqlalchemy as sa
from alembic import op

from migrations.security import protect, unprotect

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

KINDS = ("complete", "readable", "key-fits")


def _number() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply this step."""
    kinds = sa.Enum(*KINDS, name="checkkind", native_enum=False, create_constraint=True, length=40)
    op.create_table(
        "handover_check",
        sa.Column("tenant_id", _number(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("kind", kinds, nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("checked_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_handover_check_tenant_id_tenant")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "delivery_id"],
            ["handover_delivery.tenant_id", "handover_delivery.id"],
            name=op.f("fk_handover_check_tenant_id_delivery_id_handover_delivery"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_handover_check")),
        sa.UniqueConstraint(
            "tenant_id", "delivery_id", "kind", name=op.f("uq_handover_check_tenant_id_delivery_id_kind")
        ),
    )
    protect("handover_check", "continuity", append_only=True)
    op.create_table(
        "supplier_reminder",
        sa.Column("tenant_id", _number(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("foundation_id", _number(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("sent_by", sa.String(length=200), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_supplier_reminder_tenant_id_tenant")),
        sa.ForeignKeyConstraint(
            ["foundation_id"], ["tenant.id"], name=op.f("fk_supplier_reminder_foundation_id_tenant")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_supplier_reminder")),
        sa.UniqueConstraint(
            "tenant_id",
            "foundation_id",
            "sent_on",
            name=op.f("uq_supplier_reminder_tenant_id_foundation_id_sent_on"),
        ),
    )
    protect("supplier_reminder", "continuity", append_only=True)


def downgrade() -> None:
    """Take this step back."""
    unprotect("supplier_reminder")
    op.drop_table("supplier_reminder")
    unprotect("handover_check")
    op.drop_table("handover_check")
