"""Public certificates of cover, which can be revoked."""

import sqlalchemy as sa
from alembic import op

from migrations.security import protect, unprotect

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def _number() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply this step."""
    name = "cover_certificate"
    op.create_table(
        name,
        sa.Column("tenant_id", _number(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f(f"fk_{name}_tenant_id_tenant")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "registration_id"],
            ["registration.tenant_id", "registration.id"],
            name=op.f(f"fk_{name}_tenant_id_registration_id_registration"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name=op.f(f"fk_{name}_tenant_id_client_id_client"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{name}")),
    )
    op.create_index("ix_cover_certificate_client_id", name, ["tenant_id", "client_id"])
    protect(name, "continuity")
    op.create_table(
        "certificate_token",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("organisation_id", _number(), nullable=False),
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["tenant.id"], name=op.f("fk_certificate_token_organisation_id_tenant")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_certificate_token")),
    )


def downgrade() -> None:
    """Take this step back."""
    op.drop_table("certificate_token")
    unprotect("cover_certificate")
    op.drop_table("cover_certificate")
