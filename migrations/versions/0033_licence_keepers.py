"""Who is asked about a licence whose supplier is no external party."""

import sqlalchemy as sa
from alembic import op

from migrations.security import protect, unprotect

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

TABLE = "licence_keeper"


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        TABLE,
        sa.Column(
            "tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("party_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(contact_id IS NULL) <> (party_id IS NULL)", name=op.f("ck_licence_keeper_one")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_licence_keeper_tenant_id_tenant")),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column],
                [f"{kept}.tenant_id", f"{kept}.id"],
                name=op.f(f"fk_{TABLE}_tenant_id_{column}_{kept}"),
            )
            for column, kept in (("asset_id", "asset"), ("contact_id", "contact"), ("party_id", "external_party"))
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_licence_keeper")),
        sa.UniqueConstraint("tenant_id", "asset_id", name=op.f("uq_licence_keeper_tenant_id_asset_id")),
    )
    protect(TABLE, "plan", erasable=True)


def downgrade() -> None:
    """Take this step back."""
    unprotect(TABLE)
    op.drop_table(TABLE)
