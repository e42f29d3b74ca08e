"""What people without an account say must change about them."""

import sqlalchemy as sa
from alembic import op

from migrations.security import protect, unprotect

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "correction",
        sa.Column(
            "tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("party_id", sa.Uuid(), nullable=True),
        sa.Column("values", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("proposed_by", sa.String(length=200), nullable=False),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.CheckConstraint("(contact_id IS NULL) <> (party_id IS NULL)", name=op.f("ck_correction_one")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_correction_tenant_id_tenant")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contact_id"],
            ["contact.tenant_id", "contact.id"],
            name=op.f("fk_correction_tenant_id_contact_id_contact"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "party_id"],
            ["external_party.tenant_id", "external_party.id"],
            name=op.f("fk_correction_tenant_id_party_id_external_party"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_correction")),
    )
    protect("correction", "plan")


def downgrade() -> None:
    """Take this step back."""
    unprotect("correction")
    op.drop_table("correction")
