"""What happened to the business, and which items of the plan it touches."""

import sqlalchemy as sa
from alembic import op

from migrations.security import protect, unforced, unprotect

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

KINDS = ("moved", "merged", "new_system", "person_left", "new_supplier", "other")
WHO_LEFT = "fk_business_change_tenant_id_contact_id_contact"


def upgrade() -> None:
    """Apply this step."""
    kinds = sa.Enum(*KINDS, name="happening", native_enum=False, create_constraint=True, length=40)
    with unforced("business_change", "contact"), op.batch_alter_table("business_change") as batch_op:
        batch_op.add_column(sa.Column("kind", kinds, server_default="other", nullable=False))
        batch_op.add_column(sa.Column("contact_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(op.f(WHO_LEFT), "contact", ["tenant_id", "contact_id"], ["tenant_id", "id"])
    with op.batch_alter_table("business_change") as batch_op:
        batch_op.alter_column("kind", server_default=None)
    op.create_table(
        "changed_item",
        sa.Column(
            "tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("change_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.String(length=60), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("settled_by", sa.String(length=200), nullable=False),
        sa.Column("still_right", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_changed_item_tenant_id_tenant")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "change_id"],
            ["business_change.tenant_id", "business_change.id"],
            name=op.f("fk_changed_item_tenant_id_change_id_business_change"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_changed_item")),
        sa.UniqueConstraint(
            "tenant_id", "change_id", "item_id", name=op.f("uq_changed_item_tenant_id_change_id_item_id")
        ),
    )
    op.create_index("ix_changed_item_item_id", "changed_item", ["tenant_id", "item_id"])
    protect("changed_item", "plan")


def downgrade() -> None:
    """Take this step back."""
    unprotect("changed_item")
    op.drop_table("changed_item")
    with op.batch_alter_table("business_change") as batch_op:
        batch_op.drop_constraint(op.f(WHO_LEFT), type_="foreignkey")
        batch_op.drop_constraint(op.f("ck_business_change_happening"), type_="check")
        batch_op.drop_column("contact_id")
        batch_op.drop_column("kind")
